/** A window without a folder. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { commands } from '../../src/extension/contributions.ts';
import type { BatonExports } from '../../src/extension/exports.ts';
import { activateBaton, drawTree, refusalOf } from './suites/window.ts';

describe('Baton in a window without a folder', () => {
  let api: BatonExports;
  before(async () => {
    api = await activateBaton();
  });

  it('shows nothing but its welcome', async () => {
    assert.equal(vscode.workspace.workspaceFolders, undefined);
    assert.deepEqual(await drawTree(api.sessionsTree), []);
    assert.deepEqual(await drawTree(api.currentTree), []);
    assert.equal(api.statusBarText(), undefined);
    assert.equal(api.contextKeys()['baton.loaded'], true);
    assert.equal(api.contextKeys()['baton.hasPlan'], false);
  });

  it('has every command, and each that works on files says what is missing', async () => {
    const known = await vscode.commands.getCommands(true);
    assert.deepEqual(
      Object.keys(commands).filter((id) => !known.includes(id)),
      [],
    );
    assert.equal(await refusalOf(api, 'baton.checkpointSession', { message: 'x' }), 'no-project');
    assert.equal(await refusalOf(api, 'baton.initProject', { project: 'x', repositories: [] }), 'no-project');
    assert.equal(await refusalOf(api, 'baton.startSession', { id: 'BE-01' }), 'unknown-session');
  });
});
