import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { approve, WorkerProject } from './support/workerProject.ts';

const lines = (count: number) =>
  `yes 'a line of output that is not short at all, it has a hundred bytes, so that they are soon many. ' | head -c ${count}`;

describe('a worker', () => {
  const project = new WorkerProject({
    config: 'max_parallel: 4\n',
    workers: {
      CRASH: 'echo "the reason" >&2; exit 3',
      SILENT: 'exit 0',
      HANG: `trap '' INT TERM; sh -c "trap '' INT TERM; while :; do sleep 0.1; done" & while :; do sleep 0.1; done`,
      FLOOD: `${lines(100_000_000)}; echo "the last words"; ${approve}`,
      ORPHAN: `setsid sleep 600 & sh -c 'sleep 600 & sleep 600' & ${approve}`,
      STRAY: `git -C ../.. status --porcelain > /dev/null; echo two > ../../src/main.txt; echo new > ../../src/new.txt; ${approve}`,
      BADQ: `case "$(cat)" in *"unreadable-"*) ;; esac; echo '{"question": "Which' > .baton/questions.json; touch -d '1 minute ago' .baton/questions.json; while ls .baton | grep -q '^questions'; do sleep 0.05; done; ${approve}`,
      BADV: `echo '{"decision": "approved' > .baton/review.json`,
      GONE: `[ -e "$0/again" ] && { ${approve}; exit; }; touch "$0/again"; echo kept > kept.txt; git add kept.txt; git commit -qm 'feat: kept'; d="$PWD"; cd /; rm -rf "$d"; exit 0`,
    },
  });
  afterAll(() => project.dispose());

  it('that floods costs the supervisor no memory, and its log keeps the end', async () => {
    await project.ok('dispatch', 'FLOOD');
    await project.until('FLOOD', 'running', 'approved');
    let most = 0;
    const pid = project.supervisor();
    const first = residentMb(pid);
    await project.wait(
      'the flood to end',
      () => {
        most = Math.max(most, residentMb(pid));
        return project.session('FLOOD').status === 'approved';
      },
      () => project.session('FLOOD'),
    );
    // Held whole, the output alone would take more.
    expect(most - first).toBeLessThan(80);
    const log = join(project.root, '.git/baton/isolated', project.session('FLOOD').id, 'output.log');
    expect(statSync(log).size).toBeLessThan(21 * 1024 * 1024);
    expect(readFileSync(log, 'utf8').endsWith('the last words\n')).toBe(true);
  });

  it('that crashes at once fails with what it said', async () => {
    await project.ok('dispatch', 'CRASH', 'SILENT', 'ORPHAN', 'BADV');
    const { error, history } = await project.until('CRASH', 'failed');
    expect(error?.code).toBe('process-failed');
    expect(error?.message).toContain('exit code 3');
    expect(error?.message).toContain('the reason');
    expect(history.map(({ status }) => status)).toEqual(['queued', 'preparing', 'running', 'failed']);
  });

  it('that ends without a verdict is told once, and fails then', async () => {
    const { error } = await project.until('SILENT', 'failed');
    expect(error?.message).toContain('twice without a verdict');
  });

  it('that leaves children behind is approved without them', async () => {
    await project.until('ORPHAN', 'approved');
    const { id } = project.session('ORPHAN');
    expect(project.processes().filter(({ pid }) => environmentOf(pid).includes(`BATON_RUN_ID=${id}`))).toEqual([]);
  });

  it('whose verdict cannot be read fails for that reason, and the file is kept', async () => {
    const { error, worktree } = await project.until('BADV', 'failed');
    expect(error?.message).toContain('review.json');
    expect(readdirSync(join(worktree, '.baton')).some((name) => /^unreadable-\d+-review\.json$/.test(name))).toBe(true);
    const { items } = await project.ok('inbox');
    expect(items.map(({ question }: { question: string }) => question).join()).toContain('BADV');
  });

  it('that hangs is ended, with what it started, when it is stopped', async () => {
    await project.ok('dispatch', 'HANG', 'BADQ', 'STRAY', 'GONE');
    await project.until('HANG', 'running');
    await project.ok('isolated', 'stop', 'HANG');
    const { history, id } = await project.until('HANG', 'stopped');
    expect(history.at(-1)?.why).toBe('stopped by the person');
    expect(project.processes().filter(({ pid }) => environmentOf(pid).includes(id))).toEqual([]);
  });

  it('whose questions cannot be read goes on; they are kept, and the person is told', async () => {
    const { worktree } = await project.until('BADQ', 'approved');
    expect(readdirSync(join(worktree, '.baton')).some((name) => /^unreadable-\d+-questions\.json$/.test(name))).toBe(
      true,
    );
    const { items } = await project.ok('inbox');
    expect(items.map(({ question }: { question: string }) => question).join()).toContain('BADQ');
  });

  it('that writes outside of its worktree is found out', async () => {
    const { strayFiles, changedMeanwhile } = await project.until('STRAY', 'approved');
    // A program that says nothing is not told from a person who works meanwhile.
    expect(strayFiles).toBeUndefined();
    expect(changedMeanwhile).toEqual([join(project.root, 'src/main.txt'), join(project.root, 'src/new.txt')]);
    const { sessions } = await project.ok('isolated', 'list');
    expect(sessions.find(({ item }: { item: { id: string } }) => item.id === 'STRAY')).toMatchObject({
      strayFiles: [],
      changedMeanwhile,
    });
    project.project.git('checkout', '--', 'src/main.txt');
    rmSync(join(project.root, 'src/new.txt'));
  });

  it('whose worktree is removed underneath fails, and goes on in a new one on its branch', async () => {
    const { error, worktree } = await project.until('GONE', 'failed');
    expect(error?.message).toContain('is gone: ');
    expect(existsSync(worktree)).toBe(false);
    await project.ok('isolated', 'retry', 'GONE');
    await project.until('GONE', 'approved');
    expect(project.work('GONE', 'kept.txt')).toBe('kept\n');
  });

  it('whose worktree is gone is put away, and its branch stays', async () => {
    const { branch, worktree } = project.session('HANG');
    rmSync(worktree, { recursive: true });
    await project.ok('isolated', 'clean', 'HANG', '--yes');
    const { sessions } = await project.ok('isolated', 'list');
    expect(sessions.map(({ item }: { item: { id: string } }) => item.id)).not.toContain('HANG');
    expect(project.project.git('branch', '--list', branch)).toContain(branch);
    expect((await project.ok('isolated', 'clean')).orphans).toEqual([]);
  });
});

function residentMb(pid: number | undefined): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  } catch {
    return 0;
  }
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}
