import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';

const id = 'baton.baton-session-orchestrator';

describe('Baton in a window without a folder', () => {
  it('is activated', async () => {
    assert.equal(vscode.workspace.workspaceFolders, undefined);
    const extension = vscode.extensions.getExtension(id);
    assert.ok(extension, `${id} is not known`);
    await extension.activate();
    assert.equal(extension.isActive, true);
  });
});
