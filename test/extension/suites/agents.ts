import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { DispatchResult } from '../../../src/core/actions/isolated/dispatch.ts';
import type { MergeResult } from '../../../src/core/actions/isolated/merge.ts';
import type { IsolatedSession } from '../../../src/core/model/isolated.ts';
import type { BatonExports } from '../../../src/extension/exports.ts';
import type { AgentsView } from '../../../src/extension/views/agents/view.ts';
import { quickSupervisor, writeSmallAgent } from '../../support/smallAgent.ts';
import {
  activateBaton,
  closeEditors,
  drawTree,
  findItem,
  git,
  labelOf,
  pathOf,
  readText,
  refusalOf,
  runBaton,
  waitFor,
  writeText,
} from './window.ts';

const list = 'docs/tasks/agents.md';
const limitMs = 40_000;

describe('agents in worktrees', function () {
  this.timeout(90_000);
  let api: BatonExports;
  let agents: AgentsView;
  let config: string;
  let asked: vscode.Disposable;
  const questions: string[] = [];

  before(async () => {
    config = mkdtempSync(join(tmpdir(), 'baton-agents-'));
    writeSmallAgent(config);
    // Read when it is needed, here and by the supervisor that this process starts.
    Object.assign(process.env, { BATON_CONFIG_HOME: config }, quickSupervisor);
    api = await activateBaton();
    ({ agents } = await api.late);
    asked = api.answer({
      confirm: async ({ question, detail }) => {
        questions.push([question, ...detail].join('\n'));
        return true;
      },
    });
    await runBaton(api, 'baton.createTaskList', {
      title: 'Agents',
      id: 'agents',
      tasks: [
        'ask-1: Choose a port',
        'clash-1: Say it anew',
        'broken-1: Try',
        'slow-1: Wait',
        'later-1: Then after ask-1',
        'adopt-1: Begun by hand',
      ],
    });
    await git('add', 'docs/tasks');
    await git('commit', '-qm', 'docs: tasks for agents');
  });

  after(async () => {
    asked?.dispose();
    await closeEditors();
    rmSync(config, { recursive: true, force: true });
  });

  const draw = () => drawTree(agents.provider);
  const dispatchTask = (task: string, more: object = {}) =>
    runBaton<DispatchResult>(api, 'baton.dispatchWork', { list, task, ...more });

  /** Waits until the tree shows a session so: the text of its row. */
  async function shown(item: string, pattern: RegExp): Promise<string> {
    return waitFor(
      `${item} as ${pattern}`,
      async () => (await draw()).find((line) => line.trim().startsWith(`${item} `) && pattern.test(line)),
      limitMs,
    ).catch(async (error: unknown) => {
      throw new Error(`${error instanceof Error ? error.message : error}\n${(await draw()).join('\n')}`);
    });
  }

  it('shows nothing before anything is dispatched', async () => {
    assert.deepEqual(await draw(), []);
    assert.equal(agents.surroundings.badge, undefined);
    assert.equal(api.contextKeys()['baton.hasAgents'], false);
  });

  it('dispatches a task after asking, and shows its question among what needs you', async () => {
    const { dispatched, held } = await dispatchTask('ask-1');
    assert.deepEqual([dispatched.map(({ item }) => item.id), held], [['ask-1'], []]);
    assert.match(questions.at(-1) ?? '', /^Dispatch ask-1 to small\?\nask-1: Choose a port/);
    await shown('ask-1', /waiting/);
    const lines = await draw();
    assert.equal(lines[0], 'Needs You | 1');
    assert.equal(lines[1], '  Which port does ask-1 take? | blocks · ask-1');
    assert.equal(agents.surroundings.badge, 1);
    assert.match(api.statusBarText() ?? '', /\$\(bell-dot\) 1$/);
    const { item } = await findItem(agents.provider, 'Which port');
    assert.match(item.accessibilityInformation?.label ?? '', /^question, Which port does ask-1 take\?, blocks/);
    assert.equal(item.contextValue, 'question');
    await waitFor('the notification', () => agents.notices.sent === 1);
  });

  it('refuses to dispatch it again, and what is not ready', async () => {
    assert.equal(await refusalOf(api, 'baton.dispatchWork', { list, task: 'ask-1' }), 'already-dispatched');
    assert.equal(await refusalOf(api, 'baton.dispatchWork', { list, task: 'later-1' }), 'unknown-item');
  });

  it('takes the answer by its number, and the session goes on to its verdict', async () => {
    const { element } = await findItem(agents.provider, 'Which port');
    await runBaton(api, 'baton.answerQuestion', { folder: element.folder, id: element.id, text: '2' });
    await shown('ask-1', /approved .*Wrote ask-1/);
    assert.equal(agents.surroundings.badge, 1);
    assert.deepEqual(
      (await draw()).slice(0, 2).map((line) => line.trim().split(' ')[0]),
      ['Approved', 'ask-1'],
    );
    const { item } = await findItem(agents.provider, 'ask-1');
    assert.match(item.contextValue ?? '', /^isolated approved decide merge retry remove worktree$/);
    assert.match(item.accessibilityInformation?.label ?? '', /^ask-1, Choose a port, approved, .*small$/);
  });

  it('shows what it changed in the editor for several diffs', async () => {
    const paths = await runBaton<readonly string[]>(api, 'baton.showIsolatedChanges', { id: 'ask-1' });
    assert.deepEqual(paths, ['ask-1.txt']);
    await waitFor('the diffs', () =>
      vscode.window.tabGroups.all.some((group) => group.tabs.some(({ label }) => label.startsWith('ask-1 on baton/'))),
    );
    await closeEditors();
  });

  it('shows its log in a terminal in which nothing runs, and copies its branch', async () => {
    const name = await runBaton<string>(api, 'baton.followAgentLog', { id: 'ask-1' });
    const terminal = vscode.window.terminals.find((one) => one.name === name);
    assert.ok(terminal && 'pty' in terminal.creationOptions);
    terminal.dispose();
    const branch = await runBaton<string>(api, 'baton.copyBranch', { id: 'ask-1' });
    assert.match(branch, /^baton\/ask-1-/);
    assert.equal(await vscode.env.clipboard.readText(), branch);
  });

  it('merges, closes the task, and says what is ready now', async () => {
    const merged = await runBaton<readonly MergeResult[]>(api, 'baton.mergeIsolated', { id: 'ask-1' });
    assert.deepEqual(
      merged.map(({ item, unblocked }) => [item, unblocked.map(({ id }) => id)]),
      [['ask-1', ['later-1']]],
    );
    assert.equal(await readText('ask-1.txt'), 'ask-1 9090\n');
    assert.match(await readText(list), /\| ask-1 \| COMPLETE \|/);
    await shown('ask-1', /merged/);
    assert.ok((await draw()).includes('Merged Today | 1'));
    assert.equal(agents.surroundings.badge, undefined);
  });

  it('shows a failure, warns of an agent that asks nobody, and sends it back', async () => {
    await dispatchTask('broken-1', { agent: 'bold' });
    await shown('broken-1', /⚠ asks nobody · failed/);
    const { item } = await findItem(agents.provider, 'broken-1');
    assert.equal((item.iconPath as vscode.ThemeIcon).color?.id, 'errorForeground');
    assert.ok((await draw()).some((line) => line.includes('bold is set in agents.yaml to do anything without asking')));
    const again = await runBaton<IsolatedSession>(api, 'baton.retryIsolated', { id: 'broken-1' });
    assert.equal(again.attempt, 2);
    await shown('broken-1', /failed/);
  });

  it('stops one that works', async () => {
    await dispatchTask('slow-1');
    await shown('slow-1', /running .*still at slow-1/);
    await runBaton(api, 'baton.stopIsolated', { id: 'slow-1', reason: 'enough' });
    await shown('slow-1', /stopped/);
  });

  it('leaves everything as it was where a merge meets a conflict, and names the files', async () => {
    await dispatchTask('clash-1');
    await shown('clash-1', /approved/);
    await writeText('README.md', 'something else\n');
    await git('commit', '-qm', 'docs: something else', '--', 'README.md');
    const before = await git('rev-parse', 'HEAD');
    assert.deepEqual(await runBaton(api, 'baton.mergeIsolated', { id: 'clash-1' }), { conflicts: ['README.md'] });
    await shown('clash-1', /conflict/);
    assert.ok((await draw()).some((line) => line.includes('Conflicts | README.md')));
    assert.deepEqual([await git('rev-parse', 'HEAD'), await readText('README.md')], [before, 'something else\n']);
  });

  it('takes comments on lines, keeps them over a reload, and sends them with what is left to do', async () => {
    const { reviews } = await api.late;
    await runBaton(api, 'baton.showIsolatedChanges', { id: 'clash-1' });
    await closeEditors();
    const { element } = await findItem(agents.provider, 'clash-1');
    const record = () =>
      JSON.parse(readFileSync(pathOf(`.git/baton/isolated/${element.id ?? ''}/state.json`), 'utf8')) as IsolatedSession;
    const session = record();
    assert.equal(await refusalOf(api, 'baton.sendReviewComments', { id: 'clash-1' }), 'unknown-item');
    const uri = vscode.Uri.file(join(session.worktree, 'README.md'));
    const range = new vscode.Range(0, 0, 0, 0);
    const say = (text: string) =>
      runBaton(api, 'baton.addReviewComment', { text, thread: { uri, range, dispose: () => undefined } });
    await say('keep both');
    await say('and this not');
    const [thread] = reviews.threadsOf(session);
    assert.deepEqual([thread?.uri.fsPath, thread?.label, thread?.comments.length], [uri.fsPath, 'clash-1', 2]);
    await runBaton(api, 'baton.removeReviewComment', thread?.comments[1]);
    // As after a reload.
    await reviews.restore();
    const said = () => reviews.threadsOf(session).flatMap(({ comments }) => comments.map(({ body }) => body));
    assert.deepEqual(said(), ['keep both']);
    const outside = {
      text: 'no',
      thread: { uri: vscode.Uri.file(pathOf('README.md')), range, dispose: () => undefined },
    };
    assert.equal(await refusalOf(api, 'baton.addReviewComment', outside), 'unknown-isolated');

    await runBaton(api, 'baton.sendReviewComments', { uri });
    assert.match(record().history.findLast(({ status }) => status === 'queued')?.why ?? '', /has commented/);
    await waitFor('the comment to be told', () => reviews.threadsOf(session)[0]?.contextValue === 'sent' || undefined);
    await shown('clash-1', /approved/);
    // It did the same once more.
    const turn = await runBaton(api, 'baton.showIsolatedChangesSince', { id: 'clash-1', since: 'turn' });
    assert.deepEqual(turn, []);
  });

  it('adopts a worktree that Baton did not make', async () => {
    const path = join(config, 'by hand');
    await git('worktree', 'add', '-q', '-b', 'by-hand', path);
    await agents.refresh();
    await waitFor('the group', async () => (await draw()).some((line) => line.includes('Other Worktrees')), limitMs);
    const { element, item } = await findItem(agents.provider, 'by hand');
    assert.deepEqual([element.path, item.description, item.contextValue], [path, 'by-hand', 'worktree adopt']);
    const adopted = await runBaton<IsolatedSession>(api, 'baton.adoptWorktree', { ...element, item: 'adopt-1' });
    assert.deepEqual([adopted.worktree, adopted.branch, adopted.status], [path, 'by-hand', 'stopped']);
    await shown('adopt-1', /stopped/);
    await waitFor('no group', async () => !(await draw()).some((line) => line.includes('Other Worktrees')), limitMs);
    assert.equal(await refusalOf(api, 'baton.adoptWorktree', { path, item: 'adopt-1' }), 'unknown-item');
  });

  it('cleans up what is picked of what nobody needs any more', async () => {
    const path = pathOf('.worktrees/left-over');
    await git('worktree', 'add', '-q', '-b', 'baton/left-over', path);
    await git('branch', 'baton/picked');
    await git('branch', 'baton/not-picked');
    const keys = [path, 'refs/heads/baton/picked'];
    await runBaton(api, 'baton.cleanUpAgents', { keys });
    assert.match(questions.at(-1) ?? '', /^Clean up 2 of \d+\?\nleft-over: moves to the trash/);
    assert.equal(existsSync(path), false);
    const branches = await git(
      'for-each-ref',
      '--format=%(refname:short)',
      'refs/heads/baton/*picked',
      'refs/heads/baton/left-over',
    );
    assert.deepEqual(String(branches).trim().split('\n'), ['baton/left-over', 'baton/not-picked']);
  });

  it('puts one away after showing what is in it, and brings it back whole', async () => {
    const { element } = await findItem(agents.provider, 'slow-1');
    const { worktree } = JSON.parse(
      readFileSync(pathOf(`.git/baton/isolated/${element.id ?? ''}/state.json`), 'utf8'),
    ) as IsolatedSession;
    await waitFor('the worktree', () => existsSync(worktree));
    await runBaton(api, 'baton.removeIsolated', { folder: element.folder, id: element.id });
    assert.match(questions.at(-1) ?? '', /^Move the worktree of slow-1 to the trash\?\n/);
    assert.equal(existsSync(worktree), false);
    await waitFor('the tree without it', async () => !(await draw()).some((line) => line.includes('slow-1')), limitMs);
    await runBaton(api, 'baton.restoreIsolated', { id: element.id });
    assert.equal(existsSync(worktree), true);
    await shown('slow-1', /stopped/);
  });

  it('fires the smallest element when a session says something', async () => {
    const fired: unknown[] = [];
    const { element } = await findItem(agents.provider, 'slow-1');
    await runBaton(api, 'baton.retryIsolated', { id: element.id });
    await shown('slow-1', /running .*still at slow-1/);
    const subscription = agents.provider.onDidChangeTreeData((changed) => fired.push(changed));
    await waitFor('a change', () => fired.length > 1, limitMs);
    subscription.dispose();
    const labels = await Promise.all(
      fired.flat().map(async (one) => (one === undefined ? 'all' : labelOf(agents.provider.getTreeItem(one as never)))),
    );
    assert.deepEqual([...new Set(labels)], ['slow-1 Wait']);
  });

  it('shows what a killed supervisor left, and resumes it', async () => {
    const lease = JSON.parse(await readText('.git/baton/isolated/supervisor.lease')) as { owner: { pid: number } };
    process.kill(lease.owner.pid, 'SIGKILL');
    await shown('slow-1', /interrupted/);
    await waitFor('the title’s action', () => api.contextKeys()['baton.agentsInterrupted']);
    const resumed = await runBaton<readonly IsolatedSession[]>(api, 'baton.resumeInterrupted');
    assert.deepEqual(
      resumed.map(({ item, attempt }) => [item.id, attempt]),
      [['slow-1', 3]],
    );
    await shown('slow-1', /running .*still at slow-1/);
    await runBaton(api, 'baton.stopIsolated', { id: 'slow-1' });
    await shown('slow-1', /stopped/);
  });

  it('is in an open dashboard, which acts and is told what changes', async () => {
    const { element } = await findItem(agents.provider, 'slow-1');
    await runBaton(api, 'baton.openDashboard');
    const panel = api.dashboard(element.folder);
    assert.ok(panel);
    const states: (string | undefined)[] = [];
    const posted = panel.onDidPost((message) => {
      const all = message.kind === 'snapshot' ? message.snapshot : message.kind === 'change' ? message.rest : undefined;
      if (all !== undefined) states.push(all.agents?.find(({ item }) => item === 'slow-1')?.status);
    });
    await panel.receive({ v: 1, kind: 'ready' });
    assert.equal(states.at(-1), 'stopped');
    await panel.receive({ v: 1, kind: 'agent', verb: 'retry', id: element.id });
    await waitFor('the dashboard to say that it runs', () => states.at(-1) === 'running', limitMs);
    await panel.receive({ v: 1, kind: 'agent', verb: 'stop', id: element.id });
    await waitFor('the dashboard to say that it is stopped', () => states.at(-1) === 'stopped', limitMs);
    posted.dispose();
    panel.dispose();
  });

  it('has set-up lines approved exactly as they stand, and retries', async () => {
    await writeText('.baton.yaml', 'mode: agentic\nset_up: echo ready > set-up.txt\n');
    const cli = join(
      vscode.extensions.getExtension('baton.baton-session-orchestrator')?.extensionPath ?? '',
      'dist/cli.cjs',
    );
    // From a terminal, where nobody was asked yet.
    await promisify(execFile)(process.execPath, [cli, 'dispatch', 'agents/later-1'], { cwd: pathOf('') });
    await shown('later-1', /failed .*The set-up of worktrees is not approved/);
    assert.match((await findItem(agents.provider, 'later-1')).item.contextValue ?? '', / approval /);
    const seen: (readonly string[])[] = [];
    const approving = api.answer({
      approveCommands: async ({ commands }) => {
        seen.push(commands);
        return 'approve';
      },
    });
    await runBaton(api, 'baton.approveAndRetry', { id: 'later-1' });
    approving.dispose();
    assert.deepEqual(seen, [['echo ready > set-up.txt']]);
    await shown('later-1', /approved .*Wrote later-1/);
    await rm(pathOf('.baton.yaml'));
  });
});
