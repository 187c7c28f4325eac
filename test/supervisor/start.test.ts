import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { createNodePorts } from '../../src/platform/nodePorts.ts';
import { createSupervisors } from '../../src/platform/supervisors.ts';
import { bundle, CliProject, waitFor } from '../cli/support/cliProject.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

it('a supervisor is no part of the run that started it, and comes once for all who ask', async () => {
  const project = new CliProject({ 'README.md': '# Shop\n' });
  // As in a worker that dispatches something itself.
  for (const name of ['BATON_RUN_ID', 'BATON_SESSION_ID', 'BATON_OUTBOX']) vi.stubEnv(name, 'of-a-worker');
  vi.stubEnv('BATON_SUPERVISOR_SETTINGS', JSON.stringify({ pollMs: 50, idleMs: 60_000 }));
  const nobody = {
    approveCommands: async () => undefined,
    chooseFiles: async () => undefined,
    confirm: async () => undefined,
  };
  const logger = { info() {}, warn() {}, error() {} };
  const { localState, owners } = await createNodePorts({ root: project.root, prompt: nobody, logger });
  const program = join(dirname(bundle), 'supervisor.cjs');
  const supervisors = createSupervisors({ root: project.root, localState, owners, program });
  const pid = () => (JSON.parse(project.read('.git/baton/isolated/supervisor.lease')) as Lease).owner.pid;
  try {
    expect(await supervisors.isRunning()).toBe(false);
    await Promise.all([supervisors.ensure(), supervisors.ensure(), supervisors.ensure()]);
    expect(await supervisors.isRunning()).toBe(true);
    // Those that came too late end by themselves.
    await waitFor(() => processesOf(project).length === 1, 20_000);
    const log = project.read('.git/baton/isolated/supervisor.log');
    expect(log.match(/runs the isolated sessions/g)).toHaveLength(1);
    const first = pid();
    await supervisors.ensure();
    expect(pid()).toBe(first);
    expect(readFileSync(`/proc/${first}/environ`, 'utf8')).not.toContain('of-a-worker');
  } finally {
    for (const one of processesOf(project)) process.kill(one, 'SIGTERM');
    await waitFor(() => processesOf(project).length === 0, 20_000);
    project.dispose();
  }
  expect(await supervisors.isRunning()).toBe(false);
});

function processesOf({ root }: CliProject): readonly number[] {
  return readdirSync('/proc').flatMap((name) => {
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(`--root\0${root}\0`) ? Number(name) : [];
    } catch {
      return [];
    }
  });
}

interface Lease {
  readonly owner: { readonly pid: number };
}
