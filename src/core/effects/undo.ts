import { editsBetween } from '../base/editsBetween.ts';
import { mergeTexts } from '../base/merge.ts';
import { phrase } from '../base/phrase.ts';
import { revisionOf } from '../base/revision.ts';
import type { Commit } from '../ports/git.ts';
import type { Ports } from '../ports/ports.ts';
import { repositoryOf } from './applyEffect.ts';
import type { Effect, StateEdit } from './effect.ts';
import { describeEffect, type StepRecord } from './journal.ts';
import { applyStateEdits } from './stateEdits.ts';

/** What undoing did. */
export interface UndoReport {
  readonly steps: readonly string[];
  /** What others had changed meanwhile, so that it was left. */
  readonly warnings: readonly string[];
}

/** A part of a journal. */
export interface UndoInput {
  readonly effects: readonly Effect[];
  readonly steps: readonly StepRecord[];
  readonly hashes: Readonly<Record<string, Commit>>;
}

/**
 * Takes back effects that were begun, last one first. Text is taken back by a three-way merge, so that what others wrote meanwhile stays;
 * undoing what was not done, or twice, changes nothing. Commits are never taken back.
 */
export async function undoEffects(ports: Ports, input: UndoInput): Promise<UndoReport> {
  const steps: string[] = [];
  const warnings: string[] = [];
  for (let at = input.steps.length - 1; at >= 0; at--) {
    const effect = input.effects[at];
    const step = input.steps[at];
    if (!effect || !step) continue;
    const left = await undoEffect(ports, effect, step, input.hashes);
    if (left === undefined) steps.push(`undid: ${describeEffect(effect)}`);
    else warnings.push(left);
  }
  return { steps, warnings };
}

/** Undoes one effect; returns why it was left where that was so. */
async function undoEffect(
  ports: Ports,
  effect: Effect,
  step: StepRecord,
  hashes: Readonly<Record<string, Commit>>,
): Promise<string | undefined> {
  if (effect.kind === 'edit' && step.kind === 'edit') {
    return step.before === null
      ? undoCreation(ports, effect.path, step.after)
      : undoEdit(ports, effect.path, { before: step.before, edits: effect.edits, hashes });
  }
  if (effect.kind === 'remove' && step.kind === 'remove') return undoRemoval(ports, effect.path, step.before);
  if (effect.kind === 'move') return undoMove(ports, effect.from, effect.to);
  if ((effect.kind === 'record' || effect.kind === 'forget') && step.kind === 'record') {
    if (step.before === null) await ports.localState.remove(effect.key);
    else await ports.localState.write(effect.key, step.before);
  } else if (effect.kind === 'revert' && effect.paths.length > 0) {
    const git = await repositoryOf(ports, effect.folder);
    // Somebody may have worked on these files since the crash: git keeps what they say now, so that nothing is lost.
    const tree = await git.workingTree([]);
    await git.restore(effect.paths);
    ports.logger.info(`the files as they were before undoing the revert are in git's tree ${tree}`);
  }
  return undefined;
}

async function undoCreation(ports: Ports, path: string, after: string): Promise<string | undefined> {
  const text = await ports.files.readText(path);
  if (text === undefined) return undefined;
  if (revisionOf(text) !== after) return phrase`${path} was changed since it was made, and is left`;
  await ports.stateFiles.remove(path);
  return undefined;
}

async function undoEdit(
  ports: Ports,
  path: string,
  edit: {
    readonly before: string;
    readonly edits: readonly StateEdit[];
    readonly hashes: Readonly<Record<string, Commit>>;
  },
): Promise<string | undefined> {
  const after = applyStateEdits(edit.before, edit.edits, edit.hashes, path);
  let left: string | undefined;
  await ports.stateFiles.update(path, (text) => {
    left = undefined;
    if (text === undefined || text === edit.before) return [];
    const merged = mergeTexts(after, text, edit.before);
    if (merged.ok) return editsBetween(text, merged.text);
    left = `${path} was changed in the same place since (line ${(merged.conflicts[0]?.line ?? 0) + 1}), and is left`;
    return [];
  });
  return left;
}

async function undoRemoval(ports: Ports, path: string, before: string | null): Promise<string | undefined> {
  if (before === null || (await ports.files.stat(path)) !== undefined) return undefined;
  await ports.stateFiles.update(path, (text) => (text === undefined ? [{ start: 0, end: 0, newText: before }] : []));
  return undefined;
}

async function undoMove(ports: Ports, from: string, to: string): Promise<string | undefined> {
  if ((await ports.files.stat(to)) === undefined) return undefined;
  if ((await ports.files.stat(from)) !== undefined) {
    // Either the move had not begun, or somebody made a new file at its old place: nothing of theirs is overwritten.
    return undefined;
  }
  await ports.stateFiles.move(to, from);
  return undefined;
}
