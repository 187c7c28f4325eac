import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { start } from '../../../src/core/actions/start.ts';
import { readJournal } from '../../../src/core/effects/journal.ts';
import { createProject, plan, planPath, progressPath, refusal, type TestProject } from './support.ts';
import { runVerb } from './verbs.ts';

/** A-01 is active and has work; then somebody takes the write bits of the progress file away. */
async function createProtected(before: readonly string[] = []): Promise<TestProject> {
  const marking = plan.replace('test -f schema.txt\n', 'test -f schema.txt && touch ignored-run\n');
  const project = await createProject({
    files: { [planPath]: marking, '.gitignore': 'ignored-run\n' },
    yes: true,
  });
  await start(project.context, { id: 'A-01' });
  project.repository.write('schema.txt', 'x\n');
  for (const verb of before) await runVerb(project.context, verb);
  chmodSync(join(project.repository.root, progressPath), 0o444);
  return project;
}

describe('a progress file without write bits refuses before anything happens', () => {
  test.each([
    ['complete', []],
    ['complete-claimed', []],
    ['checkpoint', []],
    ['fail', []],
    ['pause', []],
    ['rollback', ['checkpoint']],
  ] as const)('%s', async (verb, before) => {
    const project = await createProtected(before);
    const [dirty, subjects, session] = [project.dirty(), project.subjects(), project.session()];
    const error = await refusal(runVerb(project.context, verb), 'read-only');
    expect(error.data).toMatchObject({ path: progressPath });
    expect(error.data?.['halfDone']).toBeUndefined();
    expect(project.dirty()).toEqual(dirty);
    expect(project.subjects()).toEqual(subjects);
    expect(project.session()).toBe(session);
    expect(await readJournal(project.ports.localState)).toBeUndefined();
    expect(() => project.repository.read('ignored-run')).toThrow();
    chmodSync(join(project.repository.root, progressPath), 0o644);
    await runVerb(project.context, verb);
  });
});
