import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { WaveRun } from '../../src/core/model/waves/waveRun.ts';
import { kill } from './support/supervisedProject.ts';
import { WaveProject, wavePlanPath } from './support/waveProject.ts';

const plan = `## Wave Plan (Session: feature, 2 waves, isolation: worktree)

### Wave 1: Impl-Core (2 agents, parallel)

- Agent 1: Write the first end
  Id: first
  Task: Write the first end
  Files: src/first ü.txt
  Dependencies: none
- Agent 2: Write the second end
  Id: second
  Task: Write the second end
  Files: src/second.txt
  Dependencies: none

### Wave 2: Quality (1 agent)

- Agent 1: Tie both
  Id: tie
  Task: Tie both ends
  Files: src/knot.txt
  Dependencies: first, second

### Execution Config

- Waves: 2 | Agents-per-wave cap: 3 | Isolation: worktree
- Enforcement: strict | Max turns: 5
`;

/** Works until it is let go; each beginning and each end is counted outside of the repository. */
function waits(name: string, path: string): string {
  return [
    `echo begun >> "$PLACE/${name}.begun"`,
    `while [ ! -f "$PLACE/go-${name}" ]; do sleep 0.05; done`,
    `echo ${name} > "${path}"`,
    `echo ended >> "$PLACE/${name}.ended"`,
    `echo "STATUS: done — wrote ${path}"`,
  ].join('\n');
}

let project: WaveProject;
afterEach(() => project.dispose());

it('goes to the same end wherever its supervisor is killed', async () => {
  project = new WaveProject({
    plan,
    agents: {
      first: waits('first', 'src/first ü.txt'),
      second: waits('second', 'src/second.txt'),
      tie: waits('tie', 'src/knot.txt'),
    },
    // The gate says how often it ran, and waits too.
    config: {
      'test-command':
        'echo run >> "$BATON_CONFIG_HOME/gate.runs"; while [ ! -f "$BATON_CONFIG_HOME/go-gate" ]; do sleep 0.05; done; test -f src/second.txt',
    },
    files: { 'src/main.txt': 'one\n' },
  });
  const go = (name: string) => project.put(`go-${name}`);
  await project.ok('wave', 'run', '--plan', wavePlanPath, '--yes');

  // While one agent works and the other has ended.
  go('first');
  await project.untilRun('the first to end', ({ agents }) =>
    agents.some(({ key, status }) => key === 'first' && status === 'done'),
  );
  await project.wait('the second to begin', () => project.place('second.begun') !== '');
  await killAndResume();

  // While the gate runs, whose command is the supervisor's own child.
  go('second');
  await project.untilRun('the gate', ({ step }) => step === 'gate');
  await project.wait('the gate to run', () => project.place('gate.runs') !== '');
  await killAndResume();
  go('gate');

  // In the second wave.
  await project.wait('the last to begin', () => project.place('tie.begun') !== '');
  await killAndResume();
  go('tie');
  const run = await project.untilRun('its end', ({ status }) => status === 'completed');

  expect(outcomes(run)).toEqual(['first done 1', 'second done 2', 'tie done 2']);
  // Nobody who had ended began again.
  expect(project.place('first.begun')).toBe('begun\n');
  expect(project.place('second.ended')).toBe('ended\n');
  expect(project.project.read('src/first ü.txt')).toBe('first\n');
  expect(project.project.read('src/knot.txt')).toBe('tie\n');
  const state = project.project.read(run.stateFile ?? '');
  expect(state.match(/^### Wave \d/gm)).toEqual(['### Wave 1', '### Wave 2']);
  expect(run.gates.map(({ wave, passed }) => [wave, passed])).toEqual([
    [1, true],
    [2, true],
  ]);
  expect(readdirSync(join(project.root, '.worktrees'))).toEqual([]);
  expect(project.project.git('branch', '--list', 'so-worktree-*')).toBe('');
});

function outcomes({ agents }: WaveRun): readonly string[] {
  return agents.map(({ key, status, attempt }) => `${key} ${status} ${attempt}`);
}

async function killAndResume(): Promise<void> {
  const pid = project.supervisor() ?? 0;
  expect(pid).toBeGreaterThan(0);
  kill(pid, 'SIGKILL');
  await project.wait(
    'it to be dead',
    () => project.supervisor() === undefined || !project.processes().some((one) => one.pid === pid),
  );
  await project.ok('wave', 'resume');
}
