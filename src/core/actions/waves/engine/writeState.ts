import { editsBetween } from '../../../base/editsBetween.ts';
import { phrase } from '../../../base/phrase.ts';
import { applyEdits, type TextEdit } from '../../../base/textEdit.ts';
import { BatonError } from '../../../errors.ts';
import { parseState } from '../../../formats/state.ts';
import { findStateSection, stateSections } from '../../../formats/waves/stateBody.ts';
import {
  addDeviation,
  addOpenQuestion,
  addWaveHistory,
  answerOpenQuestion,
  resetToIdle,
  setCurrentWave,
  setMissionStatus,
  setStateFields,
  type WaveHistoryEntry,
} from '../../../formats/waves/stateEdits.ts';
import { readStateSections } from '../../../formats/waves/stateSections.ts';
import { newStateText } from '../../../formats/waves/stateText.ts';
import { parseMarkdown } from '../../../markdown/document.ts';
import type { InboxItem } from '../../../model/inbox.ts';
import type { WaveRecord } from '../../../model/waveState.ts';
import type { WaveAgentRun, WaveProgress, WaveRun } from '../../../model/waves/waveRun.ts';
import type { LocalState } from '../../../ports/localState.ts';
import type { ActionContext } from '../../context.ts';
import { readItems } from '../../inbox/records.ts';
import { editStateFile } from '../stateFile.ts';
import { missionStatusesOf } from './missions.ts';
import { agentsOf } from './runHandle.ts';

/**
 * Makes STATE.md of a run say what its record says: the file follows the record, so that nothing is written twice after a crash. Where the run keeps
 * nothing, or was closed, nothing happens.
 *
 * @throws BatonError `session-conflict` where the file has become another session's; what `editStateFile` throws
 */
export async function writeState(context: Pick<ActionContext, 'ports'>, run: WaveRun): Promise<void> {
  if (run.stateFile === undefined || run.status === 'closed') return;
  const { ports } = context;
  const questions = await questionsOf(ports.localState, run);
  const at = new Date(ports.clock.now().epochMs).toISOString();
  await editStateFile(context, {
    file: run.stateFile,
    create: true,
    mayGrow: true,
    edit: (text) => planState(text, { run, questions, at }),
  });
}

/** All of a run that `planState` looks at, as a text to compare; the agents of waves that are over stay as they are. */
export async function stateFactsOf({ ports }: Pick<ActionContext, 'ports'>, run: WaveRun): Promise<string> {
  const questions = await questionsOf(ports.localState, run);
  const { status, wave, step, progress, gates, deviations, stateFile } = run;
  const told = run.agents.filter((agent) => agent.wave < wave || step === 'record');
  const missions = [...missionStatusesOf(run)];
  return JSON.stringify({ status, wave, step, progress, gates, deviations, stateFile, told, missions, questions });
}

/** Those that the run or its agents asked, answered or not. */
async function questionsOf(localState: LocalState, { id }: WaveRun): Promise<readonly InboxItem[]> {
  return (await readItems(localState)).filter(({ wave }) => wave === id);
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
  const began = beginState(before, run);
  let text = began;
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
    if (!isRecorded(run, progress)) continue;
    for (const left of leftOut(run, progress.wave - 1)) edit(addWaveHistory(text, left));
    if (!seen.waves.some((wave) => isRecordOf(wave, progress))) edit(addWaveHistory(text, historyOf(run, progress)));
  }
  if (lastWave(run) === run.plan.waves.length) {
    for (const left of leftOut(run, run.plan.waves.length)) edit(addWaveHistory(text, left));
  }
  const told = new Set(readStateSections(text).deviations.map(({ message }) => message));
  for (const { at: when, text: message } of run.deviations) {
    if (!told.has(message)) edit(addDeviation(text, { at: when, message }));
  }
  for (const [id, status] of missionStatusesOf(run)) {
    if (seen.missions.find((mission) => mission.id === id)?.status !== status)
      edit(setMissionStatus(text, { id, status, at }));
  }
  for (const item of questions) text = withQuestion(text, item);
  if (text === began && began === before) return [];
  edit(setStateFields(text, { updated: at }));
  return editsBetween(before, text);
}

/** The file as the run begins with it: its own, or a new one that takes over what outlives a session. */
function beginState(before: string, run: WaveRun): string {
  if (before.trim() === '') return firstStateText(run);
  const { value } = parseState(before, run.stateFile ?? '');
  const owner = value.fields.findLast(({ key }) => key === 'session-id')?.value;
  if (owner === run.id) return before;
  if ((run.progress ?? []).length === 0) return firstStateText(run) + survivingSections(before);
  if (owner === undefined) return before;
  throw new BatonError(
    'session-conflict',
    phrase`${run.stateFile ?? ''} has become that of another session: ${owner}`,
    {
      hint: 'Let that session end, put the file back, then resume the run; or abort it.',
      data: { path: run.stateFile, session: owner },
    },
  );
}

/** What an idle reset keeps of an earlier session (formats.md §1.2). */
function survivingSections(before: string): string {
  const text = applyEdits(before, resetToIdle(before));
  const doc = parseMarkdown(text);
  const titles = [stateSections.notToRetry, stateSections.questions, stateSections.previous];
  return titles
    .flatMap((title) => findStateSection(doc, title) ?? [])
    .map(({ heading, bodyRange }) => `\n${text.slice(heading.range.start, bodyRange.end).trimEnd()}\n`)
    .join('')
    .replace(/\r\n?/g, '\n');
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

/** A wave that was left out has the number that the plan's document gives it, which another one may have now. */
function isRecordOf({ number, title }: WaveRecord, { wave, isSkipped = false }: WaveProgress): boolean {
  return number === wave && /\(skipped\b/.test(title) === isSkipped;
}

/** Waves of the document that had no agents, up to behind the run's wave `behind`. */
function leftOut({ plan }: WaveRun, behind: number): readonly WaveHistoryEntry[] {
  const { skipped = [] } = plan;
  return skipped
    .filter(({ number }, index) => number - 1 - index <= behind)
    .map(({ number, title }) => ({ wave: number, title, agents: [], isSkipped: true }));
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
  const { key, task, status, changed, notVerified, report, error, attempt } = agent;
  const isPlain = status === 'done' || status === 'partial' || status === 'failed';
  const notes = [
    ...(isPlain ? [] : [status]),
    report?.note ?? error ?? '',
    ...(report?.remaining === undefined ? [] : [`remaining: ${report.remaining}`]),
    ...(notVerified.length > 0 ? [`not verified: ${notVerified.join(', ')}`] : []),
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
