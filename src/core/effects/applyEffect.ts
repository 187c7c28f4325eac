import { phrase } from '../base/phrase.ts';
import { revisionOf } from '../base/revision.ts';
import { BatonError } from '../errors.ts';
import { readSessionMark } from '../formats/commitMessage.ts';
import type { Commit, Git } from '../ports/git.ts';
import type { Ports } from '../ports/ports.ts';
import type { Effect } from './effect.ts';
import type { StepRecord } from './journal.ts';
import { applyStateEdits, planStateEdits } from './stateEdits.ts';

/** What effects of one verb share while they are applied. */
export interface EffectRun {
  readonly ports: Ports;
  /** Commits made so far, by the effect's name. */
  readonly hashes: Record<string, Commit>;
  /** Files whose change was left unsaved in an editor. */
  readonly unsaved: string[];
}

type EffectOf<K extends Effect['kind']> = Extract<Effect, { kind: K }>;

/** Finds out what must be known to undo an effect, or to recognise it after a crash. Changes nothing. */
export async function prepareEffect(run: EffectRun, effect: Effect): Promise<StepRecord> {
  const { ports } = run;
  switch (effect.kind) {
    case 'edit': {
      const before = await ports.files.readText(effect.path);
      const after = applyStateEdits(before, effect.edits, run.hashes, effect.path);
      return { kind: 'edit', before: before ?? null, after: revisionOf(after) };
    }
    case 'remove':
      return { kind: 'remove', before: (await ports.files.readText(effect.path)) ?? null };
    case 'commit': {
      const git = await repositoryOf(ports, effect.folder);
      return { kind: 'commit', head: (await git.head()).hash ?? null };
    }
    case 'record':
    case 'forget':
      return { kind: 'record', before: (await ports.localState.read(effect.key)) ?? null };
    case 'move':
    case 'revert':
      return { kind: 'plain' };
  }
}

/** Applies an effect for the first time. */
export async function applyEffect(run: EffectRun, effect: Effect): Promise<void> {
  const { ports } = run;
  switch (effect.kind) {
    case 'edit':
      return applyEdit(run, effect);
    case 'move':
      return ports.stateFiles.move(effect.from, effect.to);
    case 'remove':
      return ports.stateFiles.remove(effect.path);
    case 'commit':
      return applyCommit(run, effect);
    case 'revert':
      return (await repositoryOf(ports, effect.folder)).revert(effect.hashes, effect.keep);
    case 'record':
      return ports.localState.write(effect.key, effect.value);
    case 'forget':
      return ports.localState.remove(effect.key);
  }
}

/** Tells whether an effect was applied before a crash; what cannot be seen is false and may be applied again. */
export async function isApplied(run: EffectRun, effect: Effect, step: StepRecord): Promise<boolean> {
  const { files } = run.ports;
  if (effect.kind === 'edit' && step.kind === 'edit') {
    const text = await files.readText(effect.path);
    return text !== undefined && revisionOf(text) === step.after;
  }
  if (effect.kind === 'move') {
    return (await files.stat(effect.from)) === undefined && (await files.stat(effect.to)) !== undefined;
  }
  if (effect.kind === 'commit' && step.kind === 'commit') {
    const commit = await findMadeCommit(run, effect, step.head);
    if (commit) run.hashes[effect.name] = commit;
    return commit !== undefined;
  }
  return false;
}

/**
 * Finds the repository of a folder.
 *
 * @throws BatonError `not-a-repository`
 */
export async function repositoryOf(ports: Pick<Ports, 'git'>, folder: string): Promise<Git> {
  const git = await ports.git(folder);
  if (git) return git;
  throw notARepository(folder);
}

/** The refusal of what needs git in a folder that is in no repository. */
export function notARepository(folder: string): BatonError {
  return new BatonError(
    'not-a-repository',
    phrase`${folder === '' ? phrase`This folder` : folder} is not in a git repository`,
    {
      hint: 'Run `git init` there, or map the repository to its folder in .baton.yaml (`repositories:`).',
      data: { folder },
    },
  );
}

async function applyEdit(run: EffectRun, effect: EffectOf<'edit'>): Promise<void> {
  const outcome = await run.ports.stateFiles.update(
    effect.path,
    (text) => planStateEdits(text, effect.edits, run.hashes, effect.path),
    {
      ...(effect.create && { create: true }),
      ...(effect.expectedRevision !== undefined && { expectedRevision: effect.expectedRevision }),
    },
  );
  if (outcome.unsaved) run.unsaved.push(effect.path);
}

async function applyCommit(run: EffectRun, effect: EffectOf<'commit'>): Promise<void> {
  const git = await repositoryOf(run.ports, effect.folder);
  try {
    run.hashes[effect.name] = await git.commit({ paths: effect.paths, message: effect.message });
  } catch (error) {
    if (!effect.optional || !BatonError.is(error, 'nothing-to-commit')) throw error;
  }
}

/** Finds the commit that an effect had made before its process died. */
async function findMadeCommit(
  run: EffectRun,
  effect: EffectOf<'commit'>,
  head: string | null,
): Promise<Commit | undefined> {
  const git = await run.ports.git(effect.folder);
  const commits = (await git?.log(head === null ? {} : { range: `${head}..HEAD` })) ?? [];
  const wanted = JSON.stringify(readSessionMark(effect.message));
  const follows = (commit: Commit): boolean => (commit.parents[0] ?? null) === head;
  return (
    commits.find((commit) => commit.message.trim() === effect.message.trim() && follows(commit)) ??
    // A hook may have added lines to the message.
    commits.find((commit) => JSON.stringify(readSessionMark(commit.message)) === wanted && follows(commit))
  );
}
