import { dirname, join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { recoveredKey, supervisorLease } from '../core/actions/isolated/records.ts';
import type { WaveContext } from '../core/actions/waves/context.ts';
import { type Cancellation, neverCancelled } from '../core/base/cancellation.ts';
import { WorkspaceStore } from '../core/store/workspaceStore.ts';
import { createAgentCatalog } from '../platform/agents/agentCatalog.ts';
import { forgetElectronSign } from '../platform/electronNode.ts';
import { createFolderWatcher } from '../platform/folderWatcher.ts';
import { createIsolatedPorts } from '../platform/isolatedPorts.ts';
import { type Lease, readLease, tryLease } from '../platform/leases.ts';
import { createNodePorts } from '../platform/nodePorts.ts';
import { readWake, wakeFile } from '../platform/supervisors.ts';
import { defaultSettings, type SupervisorContext, type SupervisorSettings } from './context.ts';
import { Supervisor } from './supervisor.ts';
import { watchStrays } from './watchStrays.ts';
import { WaveSupervisor } from './waves/waveSupervisor.ts';

/** Nobody is there to be asked. */
const nobody = {
  approveCommands: async () => undefined,
  chooseFiles: async () => undefined,
  confirm: async () => undefined,
};

function say(level: string, message: string): void {
  process.stderr.write(`${new Date().toISOString()} ${level} ${message}\n`);
}

const logger = {
  info: (message: string) => say('info', message),
  warn: (message: string) => say('warn', message),
  error: (message: string, error?: unknown) =>
    say('error', `${message}${error instanceof Error ? `: ${error.stack}` : ''}`),
};

async function createContext(root: string, settings: SupervisorSettings): Promise<SupervisorContext> {
  const ports = await createNodePorts({ root, prompt: nobody, logger });
  const portsOf = (worktree: string) => createNodePorts({ root: worktree, prompt: nobody, logger });
  const isolated = await createIsolatedPorts({ root, ports, portsOf, distFolder: __dirname });
  const store = new WorkspaceStore(ports);
  await store.load();
  return {
    ports,
    store,
    isolated,
    catalog: createAgentCatalog(),
    cancellation: neverCancelled,
    report: (message) => logger.info(message),
    mcpCommand: [process.execPath, join(__dirname, 'mcp.cjs')],
    // VS Code's program has to be told to be Node; agents themselves are not.
    mcpEnvironment: 'electron' in process.versions ? { ELECTRON_RUN_AS_NODE: '1' } : {},
    watchStrays: (own) => watchStrays({ worktrees: isolated.worktrees, localState: ports.localState, logger, own }),
    settings,
  };
}

/** What a wave run needs in the tree that it works in. */
async function openWaveContext(root: string, cancellation: Cancellation): Promise<WaveContext> {
  const ports = await createNodePorts({ root, prompt: nobody, logger });
  const store = new WorkspaceStore(ports);
  await store.load();
  const { openWaves } = await import('../platform/waves/openWaves.ts');
  return await openWaves({ ports, store, cancellation, report: (message) => logger.info(message) }, root);
}

/** Settings for tests come by the environment; a person has no use for them. */
function readSettings(): SupervisorSettings {
  const given: unknown = JSON.parse(process.env.BATON_SUPERVISOR_SETTINGS ?? '{}');
  return { ...defaultSettings, ...(typeof given === 'object' ? given : {}) };
}

async function main(): Promise<void> {
  forgetElectronSign();
  const { values } = parseArgs({ options: { root: { type: 'string' } } });
  const root = values.root ?? process.cwd();
  const context = await createContext(root, readSettings());
  const { ports, settings } = context;
  const leasePath = ports.localState.locate(supervisorLease);
  const take = async (): Promise<Lease | undefined> => {
    const attempt = await tryLease(leasePath, {
      owners: ports.owners,
      ttlMs: 60_000,
      purpose: 'runs isolated sessions and wave runs',
    });
    return 'lease' in attempt ? attempt.lease : undefined;
  };
  let lease = await take();
  if (lease === undefined) return logger.info('another supervisor runs already');
  logger.info(`process ${process.pid} runs the isolated sessions and wave runs of ${root}`);
  const supervisor = new Supervisor(context);
  const waves = new WaveSupervisor({
    context,
    openContext: openWaveContext,
    readWake: () => readWake(ports.localState),
  });
  const isIdle = () => supervisor.isIdle && waves.isIdle;
  const pass = async () => {
    await supervisor.pass();
    await waves.pass();
  };
  let isEnding = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      isEnding = true;
    });
  }
  await Promise.all([supervisor.recover(), waves.recover()]);
  await ports.localState.write(recoveredKey, { owner: ports.owners.self });
  const wait = createWaiter(root, dirname(ports.localState.locate(wakeFile)), settings.pollMs);
  // The clone was removed, or somebody took the lease over: nobody could be told any more what its agents do.
  const isInCharge = async (): Promise<boolean> => {
    const { self } = ports.owners;
    // What cannot be read for now (too many open files, say) is ours still.
    const owner = await readLease(leasePath).then(
      (record) => record?.owner,
      () => self,
    );
    return owner?.pid === self.pid && owner.startTime === self.startTime;
  };
  while (!isEnding && (await isInCharge())) {
    await pass().catch((error: unknown) => logger.error('a pass failed', error));
    if (!isIdle()) {
      await wait();
      continue;
    }
    // Whoever dispatches writes first and looks for the lease then: once it is released, one more look sees what was written before.
    await lease.release();
    await pass();
    if (isIdle()) return logger.info('nothing more to do');
    const again = await take();
    if (again === undefined) {
      isEnding = true;
      break;
    }
    lease = again;
  }
  await Promise.all([supervisor.end('the supervisor was ended'), waves.end()]);
  await lease.release();
  logger.info('ended');
}

/** Waits for a change of the records' folder (a wake-up is one), at most `pollMs`. */
function createWaiter(root: string, folder: string, pollMs: number): () => Promise<void> {
  let wakeUp: (() => void) | undefined;
  createFolderWatcher(root, [folder]).watch([], () => wakeUp?.());
  return () =>
    new Promise((done) => {
      const timer = setTimeout(done, pollMs);
      wakeUp = () => {
        clearTimeout(timer);
        done();
      };
    });
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    logger.error('the supervisor failed', error);
    process.exit(1);
  },
);
