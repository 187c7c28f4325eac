import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { installClaude } from '../../scripts/lib/agentClis.ts';
import { cacheDir } from '../../scripts/lib/paths.ts';
import { bundle, nodePath } from '../cli/support/cliProject.ts';
import { progressPath } from '../cli/support/shop.ts';
import { toolResults } from '../support/scriptedModel.ts';
import { isThere, markedProcesses, signal } from './claudeProject.ts';
import { IsolatedProject } from './isolatedProject.ts';
import { approve, bash, countIn, nextTurn, rewrite, type Stage, write } from './isolatedScripts.ts';

const artefacts = join(cacheDir, 'artefacts/claude-isolated');

const completes: readonly Stage[] = [
  {
    told: 'Work item: A-01',
    steps: (at) => [
      { tool: 'mcp__baton__ask_question', input: { question: 'Which name has the first?', blocking: true } },
      ...rewrite(at, 'src/main.txt', 'one, by A-01\n'),
      write(at, 'src/first.txt', 'first\n'),
      ...approve(at, 'The first file is there.'),
      { text: 'Done.' },
    ],
  },
];

const question = 'Which colour has the second?';

const asks: readonly Stage[] = [
  {
    told: 'Work item: A-02',
    steps: () => [
      {
        tool: 'mcp__baton__ask_question',
        input: { question, options: ['red', 'green'], context: 'Both fit.', blocking: true, wait_seconds: 1 },
      },
      { text: 'I cannot go on without the answer.' },
    ],
  },
  {
    told: 'Answer to',
    steps: (at) => [
      ...rewrite(at, 'src/main.txt', 'one, by A-02 in green\n'),
      ...approve(at, 'It is green.'),
      { text: 'Done.' },
    ],
  },
  {
    told: 'met conflicts in: src/main.txt',
    steps: (at) => [
      bash('git merge main'),
      ...rewrite(at, 'src/main.txt', 'one, by A-01\none, by A-02 in green\n'),
      bash('git add -A && git commit -q --no-edit'),
      ...approve(at, 'It is green, beside what A-01 did.'),
      { text: 'Resolved.' },
    ],
  },
];

const isKilled: readonly Stage[] = [
  {
    told: 'Work item: A-03',
    steps: (at) => [write(at, 'src/third.txt', 'half\n'), bash('echo begun > begun.txt; sleep 300')],
  },
  {
    told: 'This session goes on.',
    steps: (at) => [
      ...rewrite(at, 'src/third.txt', 'whole\n'),
      bash('rm begun.txt'),
      ...approve(at, 'The third file is whole.'),
      { text: 'Done.' },
    ],
  },
];

const survives: readonly Stage[] = [
  {
    told: 'Work item: A-01',
    steps: (at) => [
      write(at, 'src/first.txt', 'half\n'),
      write(at, '.baton/questions.json', JSON.stringify([{ id: 'q-9', question: 'Any wishes?', blocking: false }])),
      bash('echo begun > .baton/begun-1; sleep 300'),
    ],
  },
  {
    told: 'This session was interrupted and goes on.',
    steps: (at) =>
      existsSync(join(at, '.baton/begun-2'))
        ? [
            write(at, 'src/first.txt', 'whole\n'),
            ...approve(at, 'The first file is there, after all.'),
            { text: 'Done.' },
          ]
        : [bash('echo begun > .baton/begun-2; sleep 300')],
  },
];

const asksInFiles: readonly Stage[] = [
  {
    told: 'Work item: A-02',
    steps: (at) => [
      bash(`"${nodePath}" "${bundle}" ask "By the shell?" --option yes --option no`),
      write(at, '.baton/questions.json', JSON.stringify({ id: 'q-1', question: 'By the file?', blocking: true })),
      { text: 'I wait.' },
    ],
  },
  { told: 'Answer to', steps: (at) => [...approve(at, 'Both are answered.'), { text: 'Done.' }] },
];

function play(stages: readonly Stage[]) {
  return (...[request, worktree]: Parameters<Parameters<typeof IsolatedProject.create>[0][string]>) =>
    nextTurn(stages, request, worktree);
}

/** Three agents at once take their time on two cores that others use too. */
const limitMs = 300_000;

describe('isolated sessions of the real Claude Code', { timeout: limitMs }, () => {
  let shop: IsolatedProject;

  beforeAll(async () => {
    await installClaude();
    mkdirSync(artefacts, { recursive: true });
  });
  afterEach(() => shop.dispose());

  it('go side by side from the plan to main: one completes, one asks, one is killed and resumed', async () => {
    shop = await IsolatedProject.create({ 'A-01': play(completes), 'A-02': play(asks), 'A-03': play(isKilled) });
    const { project } = shop;
    const before = project.git('rev-parse', 'HEAD');
    const { dispatched } = await shop.ok('dispatch', '--ready');
    expect(dispatched).toHaveLength(3);

    // One asks, and its call waits until the answer is there.
    await shop.until('A-01', 'waiting');
    const asking = await shop.session('A-01');
    expect(asking.questions).toMatchObject([{ question: 'Which name has the first?', blocking: true }]);
    await shop.ok('answer', asking.questions[0]?.id ?? '', 'first.txt');

    // One of three is killed while its shell tool, which has left the process group, works.
    const third = await shop.until('A-03', 'running');
    await waitUntil(() => existsSync(join(third.worktree, 'begun.txt')));
    await shop.untilWritten('A-03', 'echo begun > begun.txt');
    expect(markedProcesses(third.id).length).toBeGreaterThan(1);
    signal((await shop.until('A-03', 'running')).process?.pid ?? 0, 'SIGKILL');
    const failed = await shop.until('A-03', 'failed');
    expect(failed.error).toMatchObject({ code: 'process-failed', message: expect.stringContaining('SIGKILL') });
    // In words, not as the lines of its stream.
    expect(failed.error?.message).not.toContain('"');
    expect(markedProcesses(third.id)).toEqual([]);
    await shop.ok('isolated', 'retry', 'A-03');

    const first = await shop.until('A-01', 'approved');
    expect(first.review).toMatchObject({ decision: 'approved', summary: 'The first file is there.' });
    expect(first.history.map(({ status, phase }) => (phase === undefined ? status : `${status} ${phase}`))).toEqual([
      'queued',
      'preparing',
      'running implementation',
      'waiting',
      'running',
      'running review',
      'approved',
    ]);
    // The call that waited has given it the answer, and nobody tells it again.
    const lastOfFirst = shop.requestsOf('A-01').at(-1);
    expect(lastOfFirst && toolResults(lastOfFirst)[0]).toContain('first.txt');
    expect(lastOfFirst && countIn(lastOfFirst, 'Answer to')).toBe(0);

    const waiting = await shop.until('A-02', 'waiting');
    await waitUntil(() => markedProcesses(waiting.id).length === 0);
    const { items } = await shop.ok('inbox');
    expect(items).toEqual([
      expect.objectContaining({ question, options: ['red', 'green'], isolated: waiting.id, blocking: true }),
    ]);
    expect((await project.run(['inbox'])).stdout).toContain(waiting.id);

    const resumed = await shop.until('A-03', 'approved');
    expect(resumed.attempt).toBe(2);
    expect(readFileSync(join(resumed.worktree, '.baton/task.md'), 'utf8')).toContain('Work item: A-03, Title of A-03');
    // With its own history: what it had done and what it was told before it was killed.
    const lastOfThird = shop.requestsOf('A-03').at(-1);
    expect(lastOfThird && countIn(lastOfThird, 'Work item: A-03,')).toBe(1);
    expect(lastOfThird && countIn(lastOfThird, 'This session goes on.')).toBe(1);

    // Nothing but a question is left, so the supervisor has nothing to do; the answer brings it back.
    await waitUntil(() => shop.supervisorPid() === undefined);
    await shop.ok('answer', items[0].id, '2');
    const second = await shop.until('A-02', 'approved');
    const lastOfSecond = shop.requestsOf('A-02').at(-1);
    expect(lastOfSecond && countIn(lastOfSecond, `Answer to ${items[0].id}: green`)).toBe(1);
    expect(lastOfSecond && countIn(lastOfSecond, 'I cannot go on without the answer.')).toBe(1);
    expect(await shop.ok('inbox')).toMatchObject({ items: [] });
    expect(second.usage).toMatchObject({ inputTokens: expect.any(Number), costUsd: expect.any(Number) });
    expect(second.usage?.inputTokens).toBeGreaterThan(500);
    expect(second.usage?.turns).toBeGreaterThan(4);

    // Until now nothing of it has touched the person's own tree.
    expect(project.git('rev-parse', 'HEAD')).toBe(before);
    expect(project.gitStatus()).toBe('');

    await mergeInOrder();
    expect(project.read('src/main.txt')).toBe('one, by A-01\none, by A-02 in green\n');
    expect(project.read('src/third.txt')).toBe('whole\n');
    expect(project.has('begun.txt')).toBe(false);
    expect(project.git('ls-files')).not.toMatch(/\.baton\/|\.worktrees/);
    for (const id of ['A-01', 'A-02', 'A-03']) {
      expect(project.read(progressPath)).toMatch(
        new RegExp(`\\| ${id} \\|[^|]+\\| ✅ Done \\| \\d{4}[^|]+\\| \\d{4}[^|]+\\| [0-9a-f]{7} \\|`),
      );
    }
    expect(project.gitStatus()).toBe('');
    expect(await shop.sessions()).toEqual([]);
    expect((await shop.sessions('--all')).map(({ status }) => status)).toEqual(['merged', 'merged', 'merged']);
    const parts: string[] = [];
    for (const { id, item, worktree } of await shop.sessions('--all')) {
      expect(markedProcesses(id)).toEqual([]);
      expect(existsSync(worktree)).toBe(false);
      const [log, status] = await Promise.all(
        ['logs', 'status'].map((verb) => project.run(['isolated', verb, item.id])),
      );
      parts.push(`## ${item.id}\n`, fence(status?.stdout ?? ''), fence(log?.stdout ?? ''));
      expect(log?.stdout).toMatch(item.id === 'A-02' ? /ask_question/ : /Write/);
    }
    const graph = fence(project.git('log', '--graph', '--format=%h %s'));
    const title =
      '# Three isolated sessions of Claude Code\n\nRecorded by the tests: the real command line, its model scripted.\n';
    const text = [title, graph, ...parts].join('\n').replaceAll(realpathSync(project.root), '/shop');
    writeFileSync(join(artefacts, 'transcript.md'), text);
  });

  it('are found again when their supervisor was killed, and their questions come by any way', async () => {
    shop = await IsolatedProject.create({ 'A-01': play(survives), 'A-02': play(asksInFiles) });
    await shop.ok('dispatch', '--ready');
    const { id, worktree } = await shop.until('A-01', 'running');
    await waitUntil(() => existsSync(join(worktree, '.baton/begun-1')));
    await shop.untilWritten('A-01', 'echo begun > .baton/begun-1');
    const waiting = await shop.until('A-02', 'waiting');
    await waitUntil(() => markedProcesses(waiting.id).length === 0);

    const agents = await killSupervisor(id);
    expect(await shop.session('A-01')).toMatchObject({ status: 'running', interrupted: true });
    expect(await shop.baton('dispatch', 'A-01')).toMatchObject({ error: { code: 'already-dispatched' } });
    const { sessions } = await shop.ok('isolated', 'retry', '--interrupted');
    expect(sessions).toMatchObject([{ id, attempt: 2 }]);
    for (const pid of agents) expect(isThere(pid)).toBe(false);

    // Once more, and now three supervisors come at the same time: one has the clone, and it ends what it finds.
    await waitUntil(() => existsSync(join(worktree, '.baton/begun-2')));
    await shop.untilWritten('A-01', 'echo begun > .baton/begun-2');
    const others = await killSupervisor(id);
    const three = [shop.startSupervisor(), shop.startSupervisor(), shop.startSupervisor()];
    await shop.until('A-01', 'failed');
    expect(await shop.session('A-01')).toMatchObject({ interrupted: true, error: { code: 'interrupted' } });
    await waitUntil(() => three.filter(({ exitCode }) => exitCode === 0).length === 2);
    expect(three.find(({ exitCode }) => exitCode === null)?.pid).toBe(shop.supervisorPid());
    for (const pid of others) expect(isThere(pid)).toBe(false);

    // A question of a session that has died is answered, and told when it lives again.
    const { items } = await shop.ok('inbox');
    expect(items).toMatchObject([
      { question: 'By the file?', isolated: waiting.id, blocking: true, askedAs: 'q-1' },
      { isolated: expect.any(String), blocking: false },
      { isolated: expect.any(String), blocking: false },
    ]);
    const asked = (text: string) => items.find((one: { readonly question: string }) => one.question === text);
    expect(asked('Any wishes?')).toMatchObject({ isolated: id });
    await shop.ok('answer', asked('Any wishes?').id, 'be kind');
    expect((await shop.until('A-01', 'failed')).attempt).toBe(2);

    await shop.ok('isolated', 'retry', 'A-01');
    const first = await shop.until('A-01', 'approved');
    expect(first.history.filter(({ why }) => why === 'interrupted')).toHaveLength(2);
    const last = shop.requestsOf('A-01').at(-1);
    expect(last && countIn(last, 'Work item: A-01,')).toBe(1);
    expect(last && countIn(last, 'This session was interrupted and goes on.')).toBe(2);
    expect(last && countIn(last, 'Answer to q-9: be kind')).toBe(1);
    expect(await shop.sessions()).toHaveLength(2);

    // All this time the other one rested with its questions.
    expect(await shop.session('A-02')).toMatchObject({ status: 'waiting', interrupted: false });
    expect(asked('By the shell?')).toMatchObject({ isolated: waiting.id, options: ['yes', 'no'] });
    await shop.ok('answer', asked('By the shell?').id, '1');
    await shop.ok('answer', asked('By the file?').id, 'so be it');
    await shop.until('A-02', 'approved');
    const told = shop.requestsOf('A-02').at(-1);
    for (const answer of ['Answer to q-1: so be it', `Answer to ${asked('By the shell?').id}: yes`]) {
      expect(told && countIn(told, answer)).toBe(1);
    }
    const answers = JSON.parse(readFileSync(join(waiting.worktree, '.baton/answers.json'), 'utf8'));
    expect(answers.map(({ questionId }: { readonly questionId: string }) => questionId).sort()).toEqual(
      [asked('By the shell?').id, 'q-1'].sort(),
    );
  });

  /** Kills the supervisor in the middle of a session's run; gives the processes of that session. */
  async function killSupervisor(session: string): Promise<readonly number[]> {
    const pid = shop.supervisorPid() ?? 0;
    const agents = markedProcesses(session);
    expect(agents.length).toBeGreaterThan(1);
    signal(pid, 'SIGKILL');
    await waitUntil(() => !isThere(pid));
    return agents;
  }

  async function mergeInOrder(): Promise<void> {
    const { project } = shop;
    expect((await shop.ok('isolated', 'merge', 'A-01')).merged).toMatchObject([{ item: 'A-01' }]);
    const beforeConflict = project.git('rev-parse', 'HEAD');
    const refused = await shop.baton('isolated', 'merge', 'A-02');
    expect(refused).toMatchObject({ ok: false, error: { code: 'merge-conflict', data: { files: ['src/main.txt'] } } });
    expect(project.git('rev-parse', 'HEAD')).toBe(beforeConflict);
    expect(project.gitStatus()).toBe('');
    expect(await shop.session('A-02')).toMatchObject({ status: 'conflict', conflicts: ['src/main.txt'] });

    const oldTree = (await shop.session('A-02')).review?.tree;
    await shop.ok('isolated', 'retry', 'A-02');
    const resolved = await shop.until('A-02', 'approved');
    expect(resolved.review?.tree).not.toBe(oldTree);
    expect(resolved.history.slice(-4).map(({ status, phase }) => `${status} ${phase ?? ''}`.trim())).toEqual([
      'preparing',
      'running implementation',
      'running review',
      'approved',
    ]);
    const { merged } = await shop.ok('isolated', 'merge', '--approved');
    expect(merged.map(({ item }: { readonly item: string }) => item)).toEqual(['A-02', 'A-03']);
    expect(
      project
        .git('log', '--first-parent', '--format=%s')
        .split('\n')
        .filter((one) => one.startsWith('Merge')),
    ).toEqual(['Merge A-03: Title of A-03', 'Merge A-02: Title of A-02', 'Merge A-01: Title of A-01']);
    expect(project.git('log', '-1', '--format=%B', merged[0].commit)).toMatch(
      /It is green, beside what A-01 did\.\n\nReviewed by: peer, tech-lead\nIsolated: session-A-02-/,
    );
  }
});

function fence(text: string): string {
  return `\`\`\`\n${text.trim()}\n\`\`\`\n`;
}

async function waitUntil(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 60_000; !condition(); ) {
    if (Date.now() > end) throw new Error('it did not come to pass in time');
    await new Promise((done) => setTimeout(done, 50));
  }
}
