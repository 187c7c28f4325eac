import { phrase } from '../../base/phrase.ts';
import { applyEdits, type TextEdit } from '../../base/textEdit.ts';
import { BatonError } from '../../errors.ts';
import { parseState } from '../../formats/state.ts';
import { assertStateWritable } from '../../formats/waves/stateLimits.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { WaveState } from '../../model/waveState.ts';
import { stateFolders } from '../../model/waveState.ts';
import type { ProjectPath } from '../../ports/fileSystem.ts';
import type { WriteOutcome } from '../../ports/stateFiles.ts';
import type { ActionContext } from '../context.ts';

/** What is needed of a context to read and write STATE.md. */
export type StateContext = Pick<ActionContext, 'ports'>;

/** Whoever writes a STATE.md holds this, the reference's tools too. */
const stateLock = '.orchestrator/state.lock';

/** A STATE.md that was read. */
export interface StateReading {
  readonly path: ProjectPath;
  readonly text: string;
  readonly state: WaveState;
  readonly diagnostics: readonly Diagnostic[];
}

/** Where STATE.md is: in the preferred folder, else in the first that has one; where none has, where it would be. */
export async function findStateFile({ ports }: StateContext): Promise<ProjectPath> {
  const { stateFolder } = await ports.orchestrator();
  const candidates = [...new Set([stateFolder, ...stateFolders])].map((folder) => `${folder}/STATE.md`);
  for (const path of candidates) {
    if ((await ports.files.stat(path))?.kind === 'file') return path;
  }
  return candidates[0] ?? '.claude/STATE.md';
}

/** Every STATE.md and every `STATE-<slug>.md` beside one, the one that counts first. */
export async function listStateFiles(context: StateContext): Promise<readonly ProjectPath[]> {
  const { ports } = context;
  const { stateFolder } = await ports.orchestrator();
  const folders = [...new Set([stateFolder, ...stateFolders])];
  const found = await ports.files.findFiles(folders.map((folder) => `${folder}/STATE{,-*}.md`));
  const main = await findStateFile(context);
  return [...found.filter((path) => path === main), ...found.filter((path) => path !== main)];
}

/**
 * Reads a STATE.md, the one that counts unless another is named; undefined where there is none.
 *
 * @throws BatonError `unreadable-file`, `outside-project`
 */
export async function readStateFile(context: StateContext, file?: ProjectPath): Promise<StateReading | undefined> {
  const path = file ?? (await findStateFile(context));
  const text = await context.ports.files.readText(path);
  if (text === undefined) return undefined;
  const { value, diagnostics } = parseState(text, path);
  return { path, text, state: value, diagnostics };
}

/** What is done to a STATE.md. */
export interface StateEdit {
  /** Another one than the one that counts. */
  readonly file?: ProjectPath;
  /** Plans the edits against the text just read; may be called again where somebody else wrote meanwhile. */
  readonly edit: (text: string) => readonly TextEdit[];
  /** A file that is missing is made: the edits are planned against an empty text. */
  readonly create?: boolean;
  /** More than five times of what was there may be written: a run begins in place of another one, or the record of many agents is added. */
  readonly mayGrow?: boolean;
  readonly expectedRevision?: string;
}

/** What became of an edit. */
export interface StateWrite extends WriteOutcome {
  readonly path: ProjectPath;
}

/**
 * Edits a STATE.md under `.orchestrator/state.lock`, by the one write path. Nothing is written where nothing changes.
 *
 * @throws BatonError `unknown-item` where there is none and `create` is not given, `write-refused` for what the reference refuses to write,
 *   `locked`, what `edit` throws, and what `StateFiles.update` throws
 */
export async function editStateFile(context: StateContext, options: StateEdit): Promise<StateWrite> {
  const { ports } = context;
  const path = options.file ?? (await findStateFile(context));
  const { expectedRevision } = options;
  const orchestrator = await ports.orchestrator();
  const write = () =>
    ports.stateFiles.update(path, (text) => planWrite(path, text, options), {
      ...(expectedRevision !== undefined && { expectedRevision }),
    });
  return { path, ...(await orchestrator.exclusively(stateLock, { holder: 'baton' }, write)) };
}

function planWrite(
  path: ProjectPath,
  text: string | undefined,
  { edit, create, mayGrow }: StateEdit,
): readonly TextEdit[] {
  if (text === undefined && create !== true) {
    throw new BatonError('unknown-item', phrase`There is no ${path}`, {
      hint: 'A wave run makes it; by hand: `baton state create`.',
      data: { path },
    });
  }
  const before = text ?? '';
  const edits = edit(before);
  const after = applyEdits(before, edits);
  if (after === before) return [];
  assertStateWritable(path, text, after, { mayGrow: mayGrow === true });
  return edits;
}
