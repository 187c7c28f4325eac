import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';

const id = 'baton.baton-session-orchestrator';

describe('Baton in Restricted Mode', () => {
  it('is in Restricted Mode', () => {
    assert.equal(vscode.workspace.isTrusted, false);
    assert.equal(vscode.workspace.workspaceFolders?.length, 1);
  });

  it('is known to the window', () => {
    assert.ok(vscode.extensions.getExtension(id), `${id} is not known`);
  });
});
