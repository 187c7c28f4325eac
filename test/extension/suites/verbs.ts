import assert from 'node:assert/strict';
import { chmod, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { CompleteResult } from '../../../src/core/actions/complete.ts';
import type { VerifyResult } from '../../../src/core/actions/verify.ts';
import { journalKey } from '../../../src/core/effects/journal.ts';
import type { BatonExports } from '../../../src/extension/exports.ts';
import { createNodePorts } from '../../../src/platform/nodePorts.ts';
import { recordProcesses } from './processes.ts';
import {
  activateBaton,
  closeEditors,
  drawTree,
  findItem,
  git,
  openFile,
  pathOf,
  planFile,
  problemCode,
  progressFile,
  readText,
  refusalOf,
  replaceInFile,
  runBaton,
  sessionFile,
  waitFor,
  withSetting,
  writeText,
} from './window.ts';

const approve = { approveCommands: async () => 'once' as const };

describe('the commands of a trusted folder', () => {
  let api: BatonExports;
  before(async () => {
    api = await activateBaton();
    await closeEditors();
  });

  it('open the plan, the progress file, SESSION.md and the prompt where the session stands', async () => {
    await runBaton(api, 'baton.openPlan', { id: 'BE-06' });
    assert.match(currentLine(), /BE-06/);
    await runBaton(api, 'baton.openProgress', 'BE-06');
    assert.match(currentLine(), /^\| BE-06 \|/);
    await runBaton(api, 'baton.openSessionFile');
    assert.ok(vscode.window.activeTextEditor?.document.uri.path.endsWith(sessionFile));
    await runBaton(api, 'baton.openPrompt', { id: 'BE-04' });
    const { document, selection } = vscode.window.activeTextEditor ?? assert.fail('no editor');
    assert.match(document.getText(selection), /^# Session BE-04: Seat Reservations/);
    await closeEditors();
  });

  it('copy an ID', async () => {
    await runBaton(api, 'baton.copySessionId', { id: 'FE-02' });
    assert.equal(await vscode.env.clipboard.readText(), 'FE-02');
  });

  it('report an unknown ID and name the nearest', async () => {
    assert.equal(await refusalOf(api, 'baton.openPlan', { id: 'BE-40' }), 'unknown-session');
    assert.match(api.reportedErrors().at(-1)?.message ?? '', /BE-01/);
  });

  it('show what a commit changed', async () => {
    await runBaton(api, 'baton.showChanges', { id: 'BE-03' });
    await waitFor('the editor', () => vscode.window.tabGroups.activeTabGroup.activeTab?.label.startsWith('BE-03 '));
    await closeEditors();
  });

  it('write notes, decisions and blockers, and resolve them', async () => {
    await runBaton(api, 'baton.addNote', { text: 'Seats are numbered from the bow' });
    assert.match(await readText(sessionFile), /Seats are numbered from the bow/);
    await runBaton(api, 'baton.addDecision', { text: 'Seats have no names', rationale: 'Nobody asked' });
    assert.match(await readText(progressFile), /\| Seats have no names \| Nobody asked \|/);
    await runBaton(api, 'baton.addBlocker', { text: 'FE-05 blocked by the printer' });
    assert.match(await readText(progressFile), /- \[ \] FE-05 blocked by the printer/);
    await runBaton(api, 'baton.resolveBlocker', { text: 'FE-05 blocked by the printer', rationale: 'It prints' });
    assert.doesNotMatch(await readText(progressFile), /- \[ \] FE-05 blocked by the printer/);
  });

  it('copy the session for a web chat, and paste its summary as a note', async () => {
    const text = await runBaton<string>(api, 'baton.copyForReview', { id: 'BE-04' });
    assert.equal(await vscode.env.clipboard.readText(), text);
    for (const part of [
      '# BE-04: Seat Reservations',
      'Write `backend/src/seats.js`',
      '- [x] A group gets',
      'node --test',
      'backend/src/seats.js',
    ]) {
      assert.ok(text.includes(part), `${part} is missing in\n${text}`);
    }
    await vscode.env.clipboard.writeText('All rules hold.\nExpiry is tested.');
    const asked: string[] = [];
    const answering = api.answer({
      confirm: async ({ detail }) => {
        asked.push(...detail);
        return true;
      },
    });
    await runBaton(api, 'baton.pasteReview');
    answering.dispose();
    assert.deepEqual(asked, ['All rules hold.\nExpiry is tested.']);
    assert.match(await readText(sessionFile), /Review: All rules hold\./);
  });

  it('remind of a checkpoint once in a heavy session', async () => {
    const hour = 60 * 60_000;
    assert.deepEqual(api.remind(Date.now()), []);
    assert.deepEqual(api.remind(Date.now() + hour), ['BE-04']);
    assert.deepEqual(api.remind(Date.now() + 2 * hour), []);
  });

  it('start the configured agent on SESSION.md, with the session’s model and no shell', async () => {
    const script = pathOf('.git/agent with space.sh');
    const seen = pathOf('.git/agent-saw');
    await writeFile(
      script,
      `#!/bin/sh\n{ pwd; for one in "$@"; do echo "<$one>"; done; } > '${seen}.part' && mv '${seen}.part' '${seen}'\nsleep 2\n`,
    );
    await chmod(script, 0o755);
    await withSetting('baton.agents.command', script, async () => {
      await runBaton(api, 'baton.startAgent', { id: 'BE-04' });
      const text = await waitFor('the agent', () => readFile(seen, 'utf8').catch(() => undefined));
      const [cwd, ...args] = text.trim().split('\n');
      assert.equal(cwd, pathOf('').replace(/\/$/, ''));
      assert.deepEqual(args.slice(0, 2), ['<--model>', '<opus>']);
      assert.match(args[2] ?? '', /^<Read docs\/sessions\/SESSION\.md and work/);
      assert.equal(args.length, 3);
    });
    assert.equal(await refusalOf(api, 'baton.startAgent', { id: 'BE-06' }), 'no-active-session');
    await rm(script);
    await rm(seen);
  });

  it('make a checkpoint, by starting git (which the suite of Restricted Mode would see)', async () => {
    const processes = recordProcesses();
    await runBaton(api, 'baton.checkpointSession', {
      message: 'expiry works',
      done: ['Expiry'],
      remaining: ['Giving back'],
    });
    processes.stop();
    assert.ok(
      processes.started.some((one) => /git/.test(one)),
      'no process was seen',
    );
    assert.equal(await git('log', '-1', '--format=%s'), 'WIP: [BE-04] checkpoint 2 - expiry works');
    assert.equal(await git('status', '--porcelain'), '');
    await waitFor('the tree', () => findItem(api.currentTree, 'Checkpoint 2'));
  });

  it('run nothing that was not approved', async () => {
    const asked: (readonly string[])[] = [];
    const refusing = api.answer({
      approveCommands: async ({ commands }) => {
        asked.push(commands);
        return 'refuse';
      },
    });
    assert.equal(await refusalOf(api, 'baton.verifySession'), 'approval-required');
    refusing.dispose();
    assert.deepEqual(asked, [
      [
        'node --test backend/test/seats.test.js',
        'node --test backend/test/departures.test.js backend/test/fares.test.js',
        'node --check backend/src/seats.js',
      ],
    ]);
    assert.ok(!vscode.window.terminals.some(({ name }) => name.startsWith('Baton: verify')));
  });

  it('verify in a terminal, tick what is proven, and keep the receipt', async () => {
    await replaceInFile(sessionFile, '- [ ] Tests pass', '- [ ] `node --check backend/src/seats.js` passes');
    const answering = api.answer(approve);
    const result = await runBaton<VerifyResult>(api, 'baton.verifySession');
    answering.dispose();
    assert.equal(result.receipt.ok, true, JSON.stringify(result.receipt.commands));
    assert.equal(result.receipt.commands.length, 3);
    assert.ok(vscode.window.terminals.some(({ name }) => name === 'Baton: verify BE-04'));
    assert.match(await readText(sessionFile), /- \[x\] `node --check backend\/src\/seats\.js` passes/);
    const lines = await waitFor('the tree', async () => {
      const drawn = await drawTree(api.currentTree);
      return drawn.some((line) => line.startsWith('Verification | 3/3')) ? drawn : undefined;
    });
    assert.ok(
      lines.some((line) => /node --check backend\/src\/seats\.js \| passed in /.test(line)),
      lines.join('\n'),
    );
    const { log } = result.receipt.commands[0] ?? assert.fail('no command');
    await runBaton(api, 'baton.showVerificationLog', { log });
    assert.match(vscode.window.activeTextEditor?.document.getText() ?? '', /reserves the first free seats/);
    await closeEditors();
  });

  it('do not run again what did not change', async () => {
    const result = await runBaton<VerifyResult>(api, 'baton.verifySession');
    assert.equal(result.reused, true);
  });

  it('cancel a verification by Ctrl-C in its terminal, with everything that it started', async () => {
    const before = await readText(sessionFile);
    const mark = pathOf('.git/still-running');
    await writeText(
      sessionFile,
      before.replace('\nnode --check backend/src/seats.js\n', `\nsleep 30; touch '${mark}'\n`),
    );
    await waitFor('the command', () => findItem(api.currentTree, 'sleep 30').catch(() => undefined));
    const answering = api.answer(approve);
    const old = vscode.window.terminals.find(({ name }) => name === 'Baton: verify BE-04');
    const running = vscode.commands.executeCommand('baton.verifySession');
    const terminal = await waitFor('the terminal', () =>
      vscode.window.terminals.find((terminal) => terminal.name === 'Baton: verify BE-04' && terminal !== old),
    );
    await new Promise((done) => setTimeout(done, 2_500));
    terminal.sendText('\u0003', false);
    await running;
    answering.dispose();
    await assert.rejects(stat(mark));
    await writeText(sessionFile, before);
    await waitFor('the command', () => findItem(api.currentTree, 'node --check').catch(() => undefined));
  });

  it('leave the session active when a command fails', async () => {
    const before = await git('rev-parse', 'HEAD');
    const source = await readText('backend/src/seats.js');
    await writeText('backend/src/seats.js', source.replace('return seats.length', 'return -1'));
    const answering = api.answer(approve);
    assert.equal(
      await refusalOf(api, 'baton.completeSession', { message: 'feat(seats): broken' }),
      'verification-failed',
    );
    answering.dispose();
    assert.equal(await git('rev-parse', 'HEAD'), before);
    assert.match(await readText(sessionFile), /^# Current Session: BE-04$/m);
    await writeText('backend/src/seats.js', source);
  });

  it('pause and resume', async () => {
    await runBaton(api, 'baton.pauseSession', { reason: 'lunch' });
    await stat(pathOf('docs/sessions/paused/BE-04.md'));
    assert.equal(api.contextKeys()['baton.hasActiveSession'], false);
    assert.match((await findItem(api.sessionsTree, 'BE-04')).item.contextValue ?? '', /^session paused.* startable$/);
    assert.match((await findItem(api.sessionsTree, 'FE-03')).item.contextValue ?? '', /^session ready.* startable$/);
    await runBaton(api, 'baton.resumeSession', { id: 'BE-04' });
    assert.match(await readText(sessionFile), /^session: BE-04$/m);
    assert.match(api.statusBarText() ?? '', /BE-04/);
    assert.match((await findItem(api.sessionsTree, 'FE-03')).item.contextValue ?? '', /^session ready(?!.*startable)/);
    await closeEditors();
  });

  it('ask nothing about another session where the row that was clicked is no longer known', async () => {
    const before = api.reportedErrors().length;
    // So VS Code calls for a row whose group is being drawn again: nothing for the row, null for the selection.
    await vscode.commands.executeCommand('baton.copySessionId', undefined, null);
    const [lost, ...more] = api.reportedErrors().slice(before);
    assert.deepEqual([lost?.code, more], ['unknown-item', []]);
  });

  it('complete: two commits, a clean tree, a true table', async () => {
    const offered: string[] = [];
    await writeText(
      'backend/src/seats.js',
      `${await readText('backend/src/seats.js')}// Seats are numbered from the bow.\n`,
    );
    const answering = api.answer({
      ...approve,
      chooseFiles: async ({ files }) => {
        offered.push(...files.map(({ path }) => path));
        return files.map(({ path }) => path);
      },
    });
    const result = await runBaton<CompleteResult>(api, 'baton.completeSession', {
      message: 'feat(seats): reserve seats for a limited time',
    });
    answering.dispose();
    assert.deepEqual(result.verified, { passed: 3, total: 3 });
    assert.ok(offered.includes('backend/src/seats.js'));
    assert.equal(await git('status', '--porcelain'), '');
    const [record, work] = (await git('log', '-2', '--format=%s')).split('\n');
    assert.equal(record, 'chore(progress): record BE-04');
    assert.equal(work, 'feat(seats): reserve seats for a limited time');
    assert.match(await git('log', '-1', '--skip=1', '--format=%b'), /Verified: 3\/3[\s\S]*Session: BE-04/);
    const hash = await git('rev-parse', '--short', 'HEAD~1');
    assert.match(await readText(progressFile), new RegExp(`\\| BE-04 \\| ✅ Done \\| .+ \\| .+ \\| ${hash} \\|`));
    assert.equal(api.contextKeys()['baton.hasActiveSession'], false);
    assert.equal(api.statusBarText(), '$(checklist) 6/13');
    assert.equal(api.sessionsSurroundings().description, '6/13 done');
  });

  it('refuse a session that waits for others, unless the person says so', async () => {
    const asked: string[] = [];
    const answering = api.answer({
      confirm: async ({ question }) => {
        asked.push(question);
        return false;
      },
    });
    const waiting = (await drawTree(api.sessionsTree))
      .find((line) => line.includes('waits for'))
      ?.trim()
      .split(' ')[0];
    assert.ok(waiting);
    await vscode.commands.executeCommand('baton.startSession', { id: waiting });
    answering.dispose();
    assert.equal(asked.length, 1);
    assert.match(asked[0] ?? '', /BE-|FE-/);
    assert.equal(api.contextKeys()['baton.hasActiveSession'], false);
  });

  it('start a session from its row, and record its failure', async () => {
    const { element } = await findItem(api.sessionsTree, 'BE-05');
    await runBaton(api, 'baton.startSession', element);
    assert.match(await readText(sessionFile), /^session: BE-05$/m);
    assert.match(await readText(progressFile), /\| BE-05 \| 🔄 Active \|/);
    assert.ok(vscode.window.activeTextEditor?.document.uri.path.endsWith(sessionFile));
    assert.match(api.statusBarText() ?? '', /BE-05 0\/\d+ 0 min/);
    assert.equal(await refusalOf(api, 'baton.startSession', { id: 'FE-03' }), 'session-active');
    await runBaton(api, 'baton.failSession', { reason: 'the loudspeakers are broken' });
    assert.match(await readText(progressFile), /\| BE-05 \| ❌ Failed \|/);
    assert.match((await findItem(api.sessionsTree, 'BE-05')).item.contextValue ?? '', /^session failed/);
    await closeEditors();
    await git('commit', '--all', '--quiet', '--message', 'chore: record what happened');
  });

  it('roll a session back, showing first what will be reverted', async () => {
    const asked: string[] = [];
    const answering = api.answer({
      confirm: async ({ detail }) => {
        asked.push(detail.join('\n'));
        return true;
      },
    });
    await runBaton(api, 'baton.rollbackSession', { id: 'BE-04', runCommands: false });
    answering.dispose();
    assert.match(asked[0] ?? '', /feat\(seats\): reserve seats[\s\S]*backend\/src\/seats\.js/);
    assert.match(await readText(progressFile), /\| BE-04 \| 🔁 Retry \|/);
    assert.equal(await git('status', '--porcelain'), '');
  });

  it('say what a process that died left half done, and recover it', async () => {
    const { localState, owners } = await createNodePorts({
      root: pathOf(''),
      prompt: {
        approveCommands: async () => undefined,
        chooseFiles: async () => undefined,
        confirm: async () => undefined,
      },
      logger: { info() {}, warn() {}, error() {} },
    });
    await localState.write(journalKey(localState), {
      version: 1,
      verb: 'note',
      session: 'BE-05',
      // A PID that no system gives.
      owner: { ...owners.self, pid: 2 ** 30, startTime: '1' },
      startedAt: '2026-01-02T09:00:00+00:00',
      effects: [],
      steps: [],
      done: 0,
      hashes: {},
    });
    await waitFor('the context key', () => api.contextKeys()['baton.interrupted']);
    await runBaton(api, 'baton.recoverSession');
    await waitFor('the context key', () => !api.contextKeys()['baton.interrupted']);
  });

  it('say that nothing has to be recovered', async () => {
    assert.equal(await refusalOf(api, 'baton.recoverSession'), 'nothing-to-recover');
  });

  it('check the files, and list every problem with its line', async () => {
    await replaceInFile(progressFile, '| BE-06 | ⬜ Pending |', '| BE-06 | 🦭 Sealed |');
    await runBaton(api, 'baton.checkFiles');
    const uri = vscode.Uri.file(pathOf(progressFile));
    // The window checks by itself too; the later of the two is shown.
    const findSealed = () => vscode.languages.getDiagnostics(uri).find((one) => problemCode(one) === 'unknown-status');
    const sealed = await waitFor('the problem', findSealed);
    assert.match((await readText(progressFile)).split('\n')[sealed.range.start.line] ?? '', /Sealed/);
    await replaceInFile(progressFile, '| BE-06 | 🦭 Sealed |', '| BE-06 | ⬜ Pending |');
    await runBaton(api, 'baton.checkFiles');
    await waitFor('the problem to go', () => findSealed() === undefined);
  });

  it('create a progress file from a plan', async () => {
    await vscode.workspace.fs.copy(
      vscode.Uri.file(pathOf(planFile)),
      vscode.Uri.file(pathOf('docs/LIGHTHOUSE_PROMPTS.md')),
    );
    await replaceInFile('docs/LIGHTHOUSE_PROMPTS.md', '# Harbour', '# Lighthouse');
    await runBaton(api, 'baton.initProject', {
      project: 'Lighthouse',
      repositories: [],
      plan: 'docs/LIGHTHOUSE_PROMPTS.md',
    });
    assert.match(await readText('docs/progress/LIGHTHOUSE_PROGRESS.md'), /\| BE-01 \|/);
    assert.ok(vscode.window.activeTextEditor?.document.uri.path.endsWith('LIGHTHOUSE_PROGRESS.md'));
    await waitFor('the tree', () => findItem(api.sessionsTree, 'Lighthouse').catch(() => undefined));
  });

  it('fail closed where an ID is in two projects, and take the project', async () => {
    assert.equal(await refusalOf(api, 'baton.openPlan', { id: 'BE-01' }), 'ambiguous-session');
    await runBaton(api, 'baton.openPlan', { id: 'BE-01', project: 'Lighthouse' });
    await closeEditors();
  });

  it('keep the lenses’ commands in step with the table', async () => {
    const { document } = await openFile(progressFile);
    const row = document
      .getText()
      .split('\n')
      .findIndex((line) => line.startsWith('| BE-05 '));
    await withSetting('baton.codeLens.progressRows', 'all', async () => {
      const lens = await waitFor('a lens', () =>
        api
          .codeLenses(document)
          .find(({ range, command }) => range.start.line === row && command?.command === 'baton.startSession'),
      );
      const { command, arguments: args = [] } = lens.command ?? assert.fail('no command');
      await runBaton(api, command, args[0]);
    });
    assert.match(await readText(sessionFile), /^session: BE-05$/m);
  });
});

function currentLine(): string {
  const { document, selection } = vscode.window.activeTextEditor ?? assert.fail('no editor is open');
  return document.lineAt(selection.active.line).text;
}
