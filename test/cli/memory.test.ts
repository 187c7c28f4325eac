import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CliProject } from './support/cliProject.ts';

const state =
  '---\nschema-version: 1\nsession-type: feature\nbranch: main\nstatus: active\ncurrent-wave: 1\ntotal-waves: 3\n---\n';
const draft = ['--type', 'fragile-file', '--subject', 'cart.ts', '--insight', 'rounds', '--evidence', 'three reverts'];
const sure = [...draft, '--confidence', '0.7'];
const asAgent = { SO_WAVE_AGENT: '1', SO_WAVE_AGENT_ID: 'w2-a1' };

describe('baton memory', () => {
  let project: CliProject;
  beforeAll(() => {
    project = new CliProject({ '.claude/STATE.md': state });
  });
  afterAll(() => project.dispose());

  // In this order: the quota of a wave is two here.
  test.each<readonly [code: number, status: string, args: readonly string[], environment: Record<string, string>]>([
    [0, 'dry-run-ok', [...sure, '--dry-run'], {}],
    [3, 'rejected-wrong-context', sure, {}],
    [2, 'rejected-low-confidence', [...draft, '--confidence', '0.3'], asAgent],
    [4, 'error', draft, asAgent],
    [4, 'error', ['--type'], asAgent],
    [0, 'queued', [...sure, '--file-paths', 'src/cart.ts,src/b.ts', '--unknown', 'extra'], asAgent],
    [0, 'queued', sure, asAgent],
    [1, 'quota-exceeded', sure, asAgent],
  ])('propose ends with %i: %s', async (code, status, args, environment) => {
    project.write('.baton.yaml', 'waves:\n  memory:\n    proposals:\n      quota-per-wave: 2\n');
    const outcome = await project.json(['memory', 'propose', ...args], { environment });
    expect(outcome.code).toBe(code);
    expect((outcome.data ?? outcome.error.data).status).toBe(status);
  });

  test('a folder that is not there is an error of its own code', async () => {
    expect(
      (await project.run(['memory', 'propose', ...sure, '--cwd', 'no/where'], { environment: asAgent })).code,
    ).toBe(4);
  });

  test('a person accepts, rejects, confirms and contradicts', async () => {
    const { data } = await project.json(['memory', 'list']);
    expect(data.proposals).toMatchObject([{ proposed_by_agent: 'w2-a1', file_paths: ['src/cart.ts', 'src/b.ts'] }, {}]);
    const [first, second] = data.proposals.map((one: { readonly id: string }) => one.id);
    expect((await project.json(['memory', 'accept', first])).code).toBe(0);
    expect((await project.json(['memory', 'reject', second, '-m', 'no'])).code).toBe(0);
    expect((await project.json(['memory', 'accept', second])).error.code).toBe('unknown-item');
    expect((await project.json(['memory', 'confirm', first])).data.learning.confidence).toBe(0.85);
    expect((await project.json(['memory', 'contradict', first])).data.learning.confidence).toBe(0.65);
    const { stdout } = await project.run(['memory', 'list', '--learned']);
    expect(stdout).toMatch(/fragile-file, 0\.65, until \d{4}-\d{2}-\d{2}\n {2}cart\.ts: rounds\n$/);
    expect((await project.run(['metrics'])).stdout).toBe('No wave run is recorded yet.\n');
  });
});
