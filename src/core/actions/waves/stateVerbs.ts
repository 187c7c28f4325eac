import { phrase } from '../../base/phrase.ts';
import { revisionOf } from '../../base/revision.ts';
import type { TextEdit } from '../../base/textEdit.ts';
import { BatonError } from '../../errors.ts';
import { parseState } from '../../formats/state.ts';
import {
  addDeviation,
  addNotToRetry,
  addOpenQuestion,
  answerOpenQuestion,
  setMissionStatus,
  setStateFields,
} from '../../formats/waves/stateEdits.ts';
import { mayFollow } from '../../formats/waves/stateLife.ts';
import { meantValue } from '../../formats/waves/stateScalar.ts';
import { readStateSections } from '../../formats/waves/stateSections.ts';
import { newStateText } from '../../formats/waves/stateText.ts';
import { readStateField, readStateFields, readStateParts, type ShownValue } from '../../formats/waves/stateView.ts';
import { missionStatuses, type WaveState, waveRunStatuses } from '../../model/waveState.ts';
import type { QuestionPriority, StateSections } from '../../model/waves/stateSections.ts';
import type { ProjectPath } from '../../ports/fileSystem.ts';
import type { ActionContext } from '../context.ts';
import { editStateFile, findStateFile, listStateFiles, readStateFile, type StateContext } from './stateFile.ts';

/** Which STATE.md is meant, and as which the caller saw it. */
export interface StateTarget {
  /** Another one than the one that counts. */
  readonly file?: ProjectPath;
  readonly expectedRevision?: string;
}

/** What a STATE.md says. */
export interface ShownState {
  readonly path: ProjectPath;
  readonly revision: string;
  readonly fields: ReadonlyMap<string, ShownValue>;
  readonly state: WaveState;
  readonly sections: StateSections;
  /** Others that are there. */
  readonly others: readonly ProjectPath[];
}

/** What became of a change. */
export interface StateChange {
  readonly path: ProjectPath;
  readonly revision: string;
  readonly changed: boolean;
  readonly warnings: readonly string[];
}

/**
 * Reads a STATE.md.
 *
 * @throws BatonError `unknown-item` where there is none, `unreadable-file`
 */
export async function showState(context: StateContext, { file }: StateTarget = {}): Promise<ShownState> {
  const { path, text, state } = await requireState(context, file);
  const others = (await listStateFiles(context)).filter((other) => other !== path);
  const sections = readStateSections(text);
  return { path, revision: revisionOf(text), fields: readStateFields(text), state, sections, others };
}

/**
 * Reads one key of the frontmatter, or what a section says, by its title.
 *
 * @throws BatonError `unknown-item` where there is no file, or neither key nor section
 */
export async function getState(
  context: StateContext,
  { file, key }: StateTarget & { readonly key: string },
): Promise<{ readonly path: ProjectPath; readonly value: ShownValue }> {
  const { path, text } = await requireState(context, file);
  const value = readStateField(text, key);
  if (value !== undefined) return { path, value };
  const plain = (title: string): string =>
    title
      .toLowerCase()
      .replace(/[\s_-]+/g, ' ')
      .trim();
  const parts = readStateParts(text);
  const part = parts.find(({ title }) => plain(title) === plain(key));
  if (part !== undefined) return { path, value: part.content };
  const known = [...readStateFields(text).keys(), ...parts.map(({ title }) => title)];
  throw new BatonError('unknown-item', phrase`${path} has neither a key nor a section "${key}"`, {
    hint: phrase`It has: ${known.join(', ')}.`,
    data: { path, key, known },
  });
}

async function requireState(context: StateContext, file: ProjectPath | undefined) {
  const reading = await readStateFile(context, file);
  if (reading !== undefined) return reading;
  const path = file ?? (await findStateFile(context));
  throw new BatonError('unknown-item', phrase`There is no ${path}`, {
    hint: 'A wave run makes it; by hand: `baton state create`.',
    data: { path },
  });
}

/** What a new file says. */
export interface CreateStateOptions extends StateTarget {
  readonly sessionType: string;
  /** The branch that is checked out unless told. */
  readonly branch?: string;
  readonly issues: readonly number[];
  readonly totalWaves: number;
  readonly session?: string;
}

/**
 * Makes a STATE.md for a run that begins now.
 *
 * @throws BatonError `already-exists`
 */
export async function createState(context: StateContext, options: CreateStateOptions): Promise<StateChange> {
  const { file, sessionType, issues, totalWaves, session } = options;
  const branch = options.branch ?? (await (await context.ports.git(''))?.head())?.branch ?? 'HEAD';
  const text = newStateText({
    sessionType,
    branch,
    issues,
    totalWaves,
    startedAt: utcTime(context),
    ...(session !== undefined && { session }),
  });
  const path = file ?? (await findStateFile(context));
  const write = await editStateFile(context, {
    file: path,
    create: true,
    edit: (before) => {
      if (before === '') return [{ start: 0, end: 0, newText: text }];
      throw new BatonError('already-exists', phrase`${path} is there already`, {
        hint: 'See it with `baton state get`, and change it with `baton state set`.',
        data: { path },
      });
    },
  });
  return { path, revision: write.revision, changed: write.changed, warnings: [] };
}

/**
 * Sets a key of the frontmatter. The text is taken for the number, truth value or list that it is written as; `null` removes the key. Any
 * value is taken; an unusual one is warned of.
 *
 * @throws BatonError `invalid-argument` for a key that none can be, and what `editStateFile` throws
 */
export function setState(
  context: StateContext,
  { key, value, ...target }: StateTarget & { readonly key: string; readonly value: string },
): Promise<StateChange> {
  return change(context, target, (text) => ({
    edits: setStateFields(text, { [key]: meantValue(value) }),
    warnings: key === 'status' ? statusWarnings(text, value) : [],
  }));
}

function statusWarnings(text: string, status: string): readonly string[] {
  if (!waveRunStatuses.some((one) => one === status)) {
    return [phrase`"${status}" is no state of a wave run that other tools know: ${waveRunStatuses.join(', ')}`];
  }
  const { status: from } = parseState(text, '').value;
  return mayFollow(from, status) ? [] : [phrase`A wave run that is ${from ?? ''} does not usually become ${status}`];
}

/**
 * Sets the state of a mission, in the body and in the frontmatter's mirror. Any ID and any state is taken; unusual ones are warned of.
 *
 * @throws BatonError what `setMissionStatus` and `editStateFile` throw
 */
export function setMission(
  context: StateContext,
  { id, status, ...target }: StateTarget & { readonly id: string; readonly status: string },
): Promise<StateChange> {
  const at = utcTime(context);
  return change(context, target, (text) => ({
    edits: setMissionStatus(text, { id, status, at }),
    warnings: [
      ...(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*-\d+$/.test(id)
        ? []
        : [phrase`Other tools know IDs as \`auth-login-1\` only, not "${id}"`]),
      ...(missionStatuses.some((one) => one === status)
        ? []
        : [phrase`"${status}" is no state of a mission that other tools know: ${missionStatuses.join(', ')}`]),
    ],
  }));
}

/**
 * Notes that the run deviates from its plan.
 *
 * @throws BatonError what `addDeviation` and `editStateFile` throw
 */
export function deviate(
  context: StateContext,
  { message, ...target }: StateTarget & { readonly message: string },
): Promise<StateChange> {
  const at = utcTime(context);
  return change(context, target, (text) => ({ edits: addDeviation(text, { at, message }), warnings: [] }));
}

/**
 * Adds an open question; one that is there with the same text is open again.
 *
 * @throws BatonError what `addOpenQuestion` and `editStateFile` throw
 */
export function askInState(
  context: StateContext,
  options: StateTarget & { readonly question: string; readonly source: string; readonly priority: QuestionPriority },
): Promise<StateChange> {
  return change(context, options, (text) => ({ edits: addOpenQuestion(text, options), warnings: [] }));
}

/**
 * Writes the answer to an open question, named by its text or by a part of it that no other has.
 *
 * @throws BatonError what `answerOpenQuestion` and `editStateFile` throw
 */
export function answerInState(
  context: StateContext,
  options: StateTarget & { readonly question: string; readonly answer: string },
): Promise<StateChange> {
  const { question, answer } = options;
  return change(context, options, (text) => ({ edits: answerOpenQuestion(text, question, answer), warnings: [] }));
}

/**
 * Notes an approach that failed, for sessions to come.
 *
 * @throws BatonError what `addNotToRetry` and `editStateFile` throw
 */
export function warnOfRetry(
  context: StateContext,
  options: StateTarget & { readonly approach: string; readonly why: string; readonly session?: string },
): Promise<StateChange> {
  const { approach, why } = options;
  const date = utcTime(context).slice(0, 10);
  return change(context, options, (text) => {
    const said = ['session', 'session-id']
      .map((key) => readStateField(text, key))
      .find((one) => typeof one === 'string');
    const session = options.session ?? (typeof said === 'string' ? said : '');
    return { edits: addNotToRetry(text, { approach, why, session, date }), warnings: [] };
  });
}

interface PlannedChange {
  readonly edits: readonly TextEdit[];
  readonly warnings: readonly string[];
}

async function change(
  context: StateContext,
  { file, expectedRevision }: StateTarget,
  plan: (text: string) => PlannedChange,
): Promise<StateChange> {
  let warnings: readonly string[] = [];
  const { path, revision, changed, unsaved } = await editStateFile(context, {
    ...(file !== undefined && { file }),
    ...(expectedRevision !== undefined && { expectedRevision }),
    edit: (text) => {
      const planned = plan(text);
      warnings = planned.warnings;
      return planned.edits;
    },
  });
  const notSaved = unsaved === true ? [phrase`Changed but not saved yet in an open editor: ${path}`] : [];
  return { path, revision, changed, warnings: [...warnings, ...notSaved] };
}

/** Times in STATE.md are UTC and end in `Z`. */
function utcTime({ ports }: Pick<ActionContext, 'ports'>): string {
  return new Date(ports.clock.now().epochMs).toISOString();
}
