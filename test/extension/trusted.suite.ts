import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';

const id = 'baton.baton-session-orchestrator';

describe('Baton in a trusted folder', () => {
  it('is activated', async () => {
    assert.equal(vscode.workspace.isTrusted, true);
    assert.equal(vscode.workspace.workspaceFolders?.length, 1);
    const extension = vscode.extensions.getExtension(id);
    assert.ok(extension, `${id} is not known`);
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  it('has the sample to work on', async () => {
    const plans = await vscode.workspace.findFiles('docs/*_PROMPTS.md');
    assert.equal(plans.length, 1);
  });
});
