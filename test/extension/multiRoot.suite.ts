import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';

const id = 'baton.baton-session-orchestrator';

describe('Baton in a workspace of two folders', () => {
  it('is activated', async () => {
    assert.deepEqual(
      vscode.workspace.workspaceFolders?.map((folder) => folder.name),
      ['first', 'second'],
    );
    const extension = vscode.extensions.getExtension(id);
    assert.ok(extension, `${id} is not known`);
    await extension.activate();
    assert.equal(extension.isActive, true);
  });
});
