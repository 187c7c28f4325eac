import type { AgentEvent } from '../../core/model/agentEvent.ts';
import type { ProcessIdentity } from '../../core/model/isolated.ts';
import type { Owners } from '../../core/ports/owner.ts';
import { identify } from '../owners.ts';
import type { ActivityMeter } from './activityMeter.ts';
import { findProgram } from './agentCatalog.ts';
import type { PreparedAgent } from './agentDefinition.ts';
import { describeTail } from './agentLog.ts';
import { type AgentEnd, AgentProcess, tailLength } from './agentProcess.ts';

export interface AgentTurnOptions {
  /** The agent's name, by which its output is read for people. */
  readonly agent: string;
  /** Absolute. */
  readonly folder: string;
  /** Beside what this process has and what the agent's definition adds. */
  readonly env: Readonly<Record<string, string>>;
  readonly mark: string;
  /** Absolute; what is there stays. */
  readonly logPath: string;
  readonly meter: ActivityMeter;
  readonly owners: Owners;
  readonly onEvent: (event: AgentEvent) => void | Promise<void>;
  /** Each line before it is understood. */
  readonly onLine?: (line: string) => void;
}

/** One run of an agent, from its start to the end of what it started. */
export interface AgentTurn {
  /** Undefined where it had ended before it could be looked at. */
  readonly identity: Promise<ProcessIdentity | undefined>;
  /** Its tail is in words. */
  readonly ended: Promise<AgentEnd>;
  stop(): Promise<void>;
}

/**
 * Starts a prepared agent: its output goes to its log, what it says is understood, what it uses is added up.
 *
 * @throws BatonError `agent-missing`, `wrong-state` where the folder is gone
 */
export async function startTurn(prepared: PreparedAgent, options: AgentTurnOptions): Promise<AgentTurn> {
  const { agent, folder, env, mark, logPath, meter, owners, onEvent, onLine } = options;
  const started = await AgentProcess.start(
    {
      command: (await findProgram(prepared.command)) ?? prepared.command,
      args: prepared.args,
      cwd: folder,
      env: { ...process.env, ...prepared.env, ...env },
      ...(prepared.input !== undefined && { input: prepared.input }),
    },
    {
      mark,
      logPath,
      continues: true,
      onLine: async (line) => {
        onLine?.(line);
        for (const event of prepared.reader.read(line)) {
          meter.note(event);
          await onEvent(event);
        }
      },
    },
  );
  const ended = started.ended.then(
    async (end) => {
      await meter.write();
      return { ...end, tail: describeTail(agent, end.tail, { isCut: end.tail.length >= tailLength }) };
    },
    async (error: unknown) => {
      await meter.write();
      throw error;
    },
  );
  ended.catch(() => undefined);
  return { identity: identify(started.pid, owners), ended, stop: () => started.stop() };
}
