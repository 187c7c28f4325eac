/** Writes records of wave runs into a clone, as the supervisor does, and stands in its place so that nobody goes on with them. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { inboxKey } from '../../src/core/actions/inbox/records.ts';
import { recoveredKey, supervisorLease } from '../../src/core/actions/isolated/records.ts';
import { waveAgentFolder, waveRunKey } from '../../src/core/actions/waves/records.ts';
import type { AgentActivity } from '../../src/core/model/activity.ts';
import type { InboxItem } from '../../src/core/model/inbox.ts';
import { readWaveRun, type WaveRun } from '../../src/core/model/waves/waveRun.ts';
import { type Lease, tryLease } from '../../src/platform/leases.ts';
import { createNodePorts } from '../../src/platform/nodePorts.ts';

/** Records of wave runs in one clone. */
export interface WaveRecords {
  /** Takes the supervisor's place: runs are looked after, and nothing is done. */
  supervise(): Promise<void>;
  /** Leaves it: what runs is interrupted then. */
  leave(): Promise<void>;
  write(run: WaveRun): Promise<void>;
  read(id: string): Promise<WaveRun>;
  /** What an agent does now. */
  act(run: string, agent: string, activity: AgentActivity): Promise<void>;
  /** Adds lines to an agent's log. */
  log(run: string, agent: string, text: string): Promise<void>;
  ask(item: InboxItem): Promise<void>;
}

/** Opens the records of the clone that a folder belongs to. */
export async function openWaveRecords(root: string): Promise<WaveRecords> {
  const nobody = async () => undefined;
  const { localState, owners } = await createNodePorts({
    root,
    prompt: { approveCommands: nobody, chooseFiles: nobody, confirm: nobody },
    logger: { info() {}, warn() {}, error() {} },
  });
  let lease: Lease | undefined;
  return {
    supervise: async () => {
      const attempt = await tryLease(localState.locate(supervisorLease), { owners, ttlMs: 600_000 });
      if (!('lease' in attempt)) throw new Error('Another supervisor is at work');
      lease = attempt.lease;
      await localState.write(recoveredKey, { owner: owners.self });
    },
    leave: async () => {
      await lease?.release();
      await localState.remove(recoveredKey);
    },
    write: (run) => localState.write(waveRunKey(run.id), run),
    read: async (id) => {
      const run = readWaveRun(await localState.read(waveRunKey(id)));
      if (run === undefined) throw new Error(`There is no run ${id}`);
      return run;
    },
    act: (run, agent, activity) => localState.write(`${waveAgentFolder(run, agent)}/activity.json`, activity),
    log: async (run, agent, text) => {
      const path = localState.locate(`${waveAgentFolder(run, agent)}/output.log`);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text, { flag: 'a' });
    },
    ask: (item) => localState.write(inboxKey(item.id), item),
  };
}
