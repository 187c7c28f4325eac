import { readJsonLines } from '../../formats/waves/jsonLines.ts';
import { isExpired, learningsPath, readLearning } from '../../formats/waves/learning.ts';
import { readObject, recordText } from '../../formats/waves/sessionLock.ts';
import {
  readPastRun,
  type SessionRecordExtra,
  sessionRecordOf,
  sessionsPath,
} from '../../formats/waves/sessionRecord.ts';
import type { AgentStatusRecord, Metrics } from '../../model/waves/metrics.ts';
import type { WaveRun } from '../../model/waves/waveRun.ts';
import type { ActionContext } from '../context.ts';

type MetricsContext = Pick<ActionContext, 'ports'>;

export const eventsPath = '.orchestrator/metrics/events.jsonl';
const statusPath = '.orchestrator/runtime/agent-status.jsonl';
const currentStatusPath = '.orchestrator/runtime/agent-status-current.json';
const statusLock = '.orchestrator/runtime/agent-status.lock';
const maximumStatusLength = 256;

/**
 * Appends an event to `events.jsonl` (formats.md §1.8): envelope first, then the fields as they are. An event that cannot be written is
 * logged and stops nothing. `timestamp` of the fields counts where it is there.
 */
export async function appendEvent(
  { ports }: MetricsContext,
  event: string,
  fields: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const files = await ports.orchestrator();
  const timestamp = new Date(ports.clock.now().epochMs).toISOString();
  // The reference's own example has the name first; its readers take any order.
  const line = JSON.stringify({ timestamp, event, ...fields, schema_version: 1 });
  await files.append(eventsPath, line).catch((error: unknown) => {
    ports.logger.warn(`The event ${event} was not written: ${error instanceof Error ? error.message : String(error)}`);
  });
}

/** What came of recording a run. */
export interface RecordedSession {
  /** False: the run is there already, which a resumed close finds. */
  readonly written: boolean;
}

/**
 * Appends the record of a run to `sessions.jsonl`, once: a line with the same session and start is not written again.
 *
 * @throws BatonError `read-only`, `disk-full`, `io-failed`
 */
export async function appendSessionRecord(
  { ports }: MetricsContext,
  run: WaveRun,
  extra: SessionRecordExtra,
): Promise<RecordedSession> {
  const files = await ports.orchestrator();
  const record = sessionRecordOf(run, extra);
  return await files.exclusively('.orchestrator/metrics/sessions-write.lock', { holder: run.id }, async () => {
    const { records } = readJsonLines((await files.readText(sessionsPath)) ?? '');
    const isThere = records.some((one) => one.session_id === record.session_id && one.started_at === record.started_at);
    if (!isThere) await files.append(sessionsPath, JSON.stringify(record));
    return { written: !isThere };
  });
}

/** What is said of an agent: a text, or how far it is. */
export type AgentStatusUpdate =
  | { readonly agentId: string; readonly text: string }
  | { readonly agentId: string; readonly step: number; readonly total: number; readonly label?: string };

/** Tells what an agent is at: appended to `agent-status.jsonl`, and the last word of each in `agent-status-current.json`. Stops nothing. */
export async function pushAgentStatus({ ports }: MetricsContext, update: AgentStatusUpdate): Promise<void> {
  const files = await ports.orchestrator();
  const ts = new Date(ports.clock.now().epochMs).toISOString();
  const record: AgentStatusRecord =
    'text' in update
      ? { agentId: update.agentId, kind: 'status', text: update.text.slice(0, maximumStatusLength), ts }
      : {
          agentId: update.agentId,
          kind: 'progress',
          step: update.step,
          total: update.total,
          ts,
          ...(update.label !== undefined && { label: update.label.slice(0, maximumStatusLength) }),
        };
  try {
    await files.append(statusPath, JSON.stringify(record));
    await files.exclusively(statusLock, { holder: update.agentId }, async () => {
      const current = readObject((await files.readText(currentStatusPath)) ?? '') ?? {};
      await files.replace(currentStatusPath, recordText({ ...current, [update.agentId]: record }));
    });
  } catch (error) {
    ports.logger.warn(`The status of ${update.agentId} was not written: ${error}`);
  }
}

/** Reads what past runs left, of any version; broken lines are counted and left as they are. */
export async function readMetrics({ ports }: MetricsContext): Promise<Metrics> {
  const files = await ports.orchestrator();
  const read = async (path: string) => readJsonLines((await files.readText(path)) ?? '');
  const [sessions, learnings, events] = await Promise.all([read(sessionsPath), read(learningsPath), read(eventsPath)]);
  const nowMs = ports.clock.now().epochMs;
  const known = learnings.records.flatMap((record) => readLearning(record) ?? []);
  const alive = known.filter((learning) => !isExpired(learning, nowMs));
  return {
    runs: sessions.records.flatMap((record) => readPastRun(record) ?? []),
    learnings: alive.sort((a, b) => b.confidence - a.confidence),
    expiredLearnings: known.length - alive.length,
    brokenLines: sessions.broken + learnings.broken + events.broken,
    stagnations: events.records.filter((event) => event.event === 'stagnation_detected').length,
  };
}
