import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { CliProject } from './support/cliProject.ts';
import { planOf, planPath, shopFiles } from './support/shop.ts';

/** Runs a verb and counts the git processes that it starts itself, by git's own trace. */
async function count(project: CliProject, args: readonly string[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'baton-trace-'));
  try {
    // Baton passes on no variable for traces, git reads the target from the configuration too.
    const config = join(folder, '..', `${basename(folder)}.gitconfig`);
    writeFileSync(config, `[user]\n\tname = Ada\n\temail = a@example.com\n[trace2]\n\teventTarget = ${folder}\n`);
    onTestFinished(() => rmSync(config));
    const { code, stderr } = await project.run(args, { environment: { GIT_CONFIG_GLOBAL: config } });
    expect([code, stderr.includes('error:')]).toEqual([0, false]);
    // One file for each process; what git itself starts names its parent before it.
    return readdirSync(folder).filter((name) => {
      const [first = ''] = readFileSync(join(folder, name), 'utf8').split('\n', 1);
      return !String(JSON.parse(first).sid).includes('/');
    }).length;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Each process costs some milliseconds: a verb that asks git the same thing twice is to be noticed here. */
it('verbs start no more git processes than they need', async () => {
  const plan = planOf([{ id: 'BE-02', title: 'Keep products', commands: ['true'] }]);
  const project = new CliProject({ ...shopFiles, [planPath]: plan });
  onTestFinished(() => project.dispose());
  const counts: Record<string, number> = {};
  counts['start'] = await count(project, ['start', 'BE-02']);
  project.write('a.txt', 'a\n');
  counts['checkpoint'] = await count(project, ['checkpoint', '-m', 'one']);
  project.write('b.txt', 'b\n');
  counts['pause'] = await count(project, ['pause']);
  counts['resume'] = await count(project, ['resume']);
  counts['verify'] = await count(project, ['verify', '--yes']);
  counts['complete'] = await count(project, ['complete', '-m', 'feat: b', '--yes']);
  const most = { start: 1, checkpoint: 13, pause: 6, resume: 4, verify: 3, complete: 20 };
  for (const [verb, limit] of Object.entries(most)) {
    expect(counts[verb], verb).toBeGreaterThan(0);
    expect(counts[verb], verb).toBeLessThanOrEqual(limit);
  }
});
