import { editsBetween } from '../../../base/editsBetween.ts';
import { applyEdits, type TextEdit } from '../../../base/textEdit.ts';
import { parseState } from '../../../formats/state.ts';
import {
  addDeviation,
  addOpenQuestion,
  addWaveHistory,
  answerOpenQuestion,
  setCurrentWave,
  setMissionStatus,
  setStateFields,
  type WaveHistoryEntry,
} from '../../../formats/waves/stateEdits.ts';
import { newStateText } from '../../../formats/waves/stateText.ts';
import type { InboxItem } from '../../../model/inbox.ts';
import type { WaveAgentRun, WaveProgress, WaveRun } from '../../../model/waves/waveRun.ts';
import { readItems } from '../../inbox/records.ts';
import { editStateFile } from '../stateFile.ts';
import { missionStatusesOf } from './missions.ts';
import { agentsOf, type RunHandle } from './runHandle.ts';

/** Makes STATE.md say what the run's record says. Doing it again changes nothing, so that nothing is written twice after a crash. */
export function syncState(handle: RunHandle): Promise<void> {
  return handle.inTurn(async () => {
    const run = await handle.read();
    if (run.stateFile === undefined || run.status === 'closed') return;
    const { ports } = handle.context;
    const questions = (await readItems(ports.localState)).filter(({ wave }) => wave === run.id);
    const at = new Date(ports.clock.now().epochMs).toISOString();
    await editStateFile(handle.context, {
      file: run.stateFile,
      create: true,
      edit: (text) => planState(text, { run, questions, at }),
    });
  });
}

/** As `syncState` while agents are at work: where STATE.md cannot be written now, the next time catches up. */
export function trySyncState(handle: RunHandle): Promise<void> {
  return handle.attempt(() => syncState(handle));
}

export interface StateFacts {
  readonly run: WaveRun;
  /** Those that the run asked, answered or not. */
  readonly questions: readonly InboxItem[];
  /** UTC, as `Date.toISOString` has it. */
  readonly at: string;
}

/** The text that STATE.md of a run begins with. */
export function firstStateText(run: WaveRun): string {
  return newStateText({
    sessionType: run.plan.sessionType,
    branch: run.branch,
    issues: run.plan.issues,
    startedAt: run.startedAt,
    totalWaves: run.plan.waves.length,
    session: run.label,
    sessionId: run.id,
    sessionStartRef: run.startRef,
    ...(run.docsTasks.length > 0 && { docsTasks: run.docsTasks }),
    ...(run.plan.missions.length > 0 && {
      missions: run.plan.missions.map((mission) => ({ ...mission, status: 'validated' })),
    }),
  });
}

/** The edits that make STATE.md say what the record says; none where it does. An empty text becomes a new file. */
export function planState(before: string, facts: StateFacts): readonly TextEdit[] {
  const { run, questions, at } = facts;
  let text = before.trim() === '' ? firstStateText(run) : before;
  const began = text;
  const edit = (edits: readonly TextEdit[]): void => {
    text = applyEdits(text, edits);
  };
  const { value: seen } = parseState(text, run.stateFile ?? '');
  edit(
    setStateFields(text, {
      status: statusOf(run),
      'current-wave': lastWave(run),
      'total-waves': run.plan.waves.length,
    }),
  );
  edit(setCurrentWave(text, currentWaveLine(run)));
  for (const progress of run.progress ?? []) {
    if (progress.endedAt === undefined || seen.waves.some(({ number }) => number === progress.wave)) continue;
    if (isRecorded(run, progress)) edit(addWaveHistory(text, historyOf(run, progress)));
  }
  for (const { at: when, text: message } of run.deviations) edit(addDeviation(text, { at: when, message }));
  for (const [id, status] of missionStatusesOf(run)) {
    if (seen.missions.find((mission) => mission.id === id)?.status !== status)
      edit(setMissionStatus(text, { id, status, at }));
  }
  for (const item of questions) text = withQuestion(text, item);
  if (text === began && began === before) return [];
  edit(setStateFields(text, { updated: at }));
  return editsBetween(before, text);
}

function statusOf({ status }: WaveRun): string {
  return status === 'paused' || status === 'aborted' || status === 'failed' ? 'paused' : 'active';
}

/** The last wave that was completed. */
function lastWave(run: WaveRun): number {
  const ended = (run.progress ?? []).filter((progress) => isRecorded(run, progress)).map(({ wave }) => wave);
  return Math.max(0, ...ended);
}

/** All of its steps are done. */
function isRecorded(run: WaveRun, { wave, endedAt }: WaveProgress): boolean {
  return endedAt !== undefined && (wave < run.wave || run.step === 'record');
}

function currentWaveLine(run: WaveRun): string {
  const wave = run.plan.waves[run.wave - 1];
  if (wave === undefined) return 'Wave 0 — Initializing';
  if (run.status === 'completed' || run.status === 'closed')
    return `Wave ${wave.number} — ${wave.title} (all waves done)`;
  return `Wave ${wave.number} — ${wave.title}`;
}

function historyOf(run: WaveRun, progress: WaveProgress): WaveHistoryEntry {
  const wave = run.plan.waves[progress.wave - 1];
  const agents = agentsOf(run, progress.wave);
  const tests = run.gates.findLast((gate) => gate.wave === progress.wave)?.tests;
  const planned = new Set((wave?.agents ?? []).flatMap(({ files }) => files)).size;
  return {
    wave: progress.wave,
    title: wave?.title ?? '',
    ...(planned > 0 && { planned, actual: progress.changed?.length ?? 0 }),
    ...(tests !== undefined && { tests: { ...tests, platform: run.agent } }),
    agents: agents.map(historyAgent),
    ...(progress.isSkipped === true && { isSkipped: true }),
  };
}

function historyAgent(agent: WaveAgentRun): WaveHistoryEntry['agents'][number] {
  const { key, task, status, changed, report, error, attempt } = agent;
  const isPlain = status === 'done' || status === 'partial' || status === 'failed';
  const notes = [
    ...(isPlain ? [] : [status]),
    report?.note ?? error ?? '',
    ...(report?.remaining === undefined ? [] : [`remaining: ${report.remaining}`]),
    ...(attempt > 1 ? [`attempt ${attempt}`] : []),
  ].filter((note) => note !== '');
  return {
    what: `${key}: ${firstLine(task)}`,
    status: isPlain ? status : 'failed',
    files: changed.length === 1 ? '1 file' : `${changed.length} files`,
    note: notes.length === 0 ? 'no remarks' : notes.join('; '),
  };
}

function firstLine(text: string): string {
  const [line = ''] = text.trim().split(/\r?\n/, 1);
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}

/** A question stands in the file once, whatever became of it there since. */
function withQuestion(text: string, { question, answer }: InboxItem): string {
  const line = question.replace(/\s+/g, ' ').trim();
  const asked = text.includes(`] ${line} (`)
    ? text
    : applyEdits(text, addOpenQuestion(text, { question: line, source: 'wave-executor', priority: 'high' }));
  if (answer === undefined || !asked.includes(`[ ] ${line} (`)) return asked;
  return applyEdits(asked, answerOpenQuestion(asked, line, answer));
}
