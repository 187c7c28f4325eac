import { clockOf } from '../base/localTime.ts';
import { phrase } from '../base/phrase.ts';
import type { Effect, StateEdit } from '../effects/effect.ts';
import { runEffects } from '../effects/runner.ts';
import { BatonError } from '../errors.ts';
import { formatTime } from '../model/time.ts';
import type { Workspace } from '../model/workspace.ts';
import { type OpenSession, openSession, requireActive } from './activeSession.ts';
import { beginVerb } from './beginVerb.ts';
import type { ActionContext } from './context.ts';
import { unsavedWarnings } from './stateCommit.ts';

export type NoteKind = 'note' | 'decision' | 'blocker';

export interface NoteOptions {
  /** One line or several; for `resolve` the blocker's text or a part of it. */
  readonly text: string;
  readonly kind: NoteKind;
  /** Why a decision was made; how a blocker was resolved. */
  readonly rationale?: string;
  /** Ticks the blocker instead of adding one. */
  readonly resolve?: boolean;
}

export interface NoteResult {
  /** The file that was changed. */
  readonly path: string;
  /** The active session, where there is one. */
  readonly session?: string;
  readonly warnings: readonly string[];
}

/**
 * Writes something down: a note into SESSION.md, a decision or a blocker into the progress file; or resolves a blocker.
 *
 * @throws BatonError `no-active-session` for a note without a session, `no-progress`, `ambiguous-project`, `invalid-argument` for an empty
 *   text and for a blocker that is not there
 */
export async function note(context: ActionContext, options: NoteOptions): Promise<NoteResult> {
  if (options.text.trim() === '') {
    throw new BatonError('invalid-argument', phrase`The ${options.kind} is empty`, {
      hint: 'Say what is to be written down.',
    });
  }
  const { workspace, warnings } = await beginVerb(context);
  const session = options.kind === 'note' ? requireActive(workspace) : findActive(workspace);
  const effect = planNote(context, workspace, session, options);
  const outcome = await runEffects(context, 'note', session?.id, [effect]);
  await context.store.refresh();
  return {
    path: effect.path,
    ...(session && { session: session.id }),
    warnings: [...warnings, ...unsavedWarnings(outcome)],
  };
}

type EditEffect = Extract<Effect, { kind: 'edit' }>;

function planNote(
  context: ActionContext,
  workspace: Workspace,
  session: OpenSession | undefined,
  { text, kind, rationale, resolve }: NoteOptions,
): EditEffect {
  const now = context.ports.clock.now();
  const date = formatTime(now, 'date');
  if (kind === 'note' && session) {
    const line = `- [${clockOf(now)}] ${text.trim()}`;
    return { kind: 'edit', path: session.file.path, edits: [{ kind: 'append-session-note', line }] };
  }
  const why = rationale?.trim();
  const edit: StateEdit = resolve
    ? { kind: 'resolve-blocker', text: text.trim(), date, ...(why && { resolution: why }) }
    : kind === 'blocker'
      ? { kind: 'add-blocker', text: text.trim(), ...blockedSession(workspace, session, text) }
      : {
          kind: 'add-decision',
          date,
          decision: text.trim(),
          ...(session && { session: session.id }),
          ...(why && { rationale: why }),
        };
  const path = resolve ? blockerPath(workspace, session, text) : progressPath(workspace, session);
  return { kind: 'edit', path, edits: [edit] };
}

function findActive(workspace: Workspace): OpenSession | undefined {
  const file = workspace.sessionFile;
  return file?.kind === 'session' && file.id !== undefined ? openSession(workspace, file, file.id) : undefined;
}

/** A blocker that names a session at its beginning says itself what it blocks. */
function blockedSession(workspace: Workspace, session: OpenSession | undefined, text: string): { session?: string } {
  const first = /^\S+/.exec(text.trim())?.[0]?.replace(/:$/, '');
  const isNamed = workspace.sessions.some(({ id }) => id === first);
  return session && !isNamed ? { session: session.id } : {};
}

function progressPath(workspace: Workspace, session: OpenSession | undefined): string {
  if (session?.progressPath !== undefined) return session.progressPath;
  const paths = workspace.progress.map(({ path }) => path);
  const [only, second] = paths;
  if (only !== undefined && second === undefined) return only;
  if (only === undefined) {
    throw new BatonError('no-progress', 'There is no progress file to write this into', {
      hint: 'Create one with `baton init <project>`.',
    });
  }
  throw new BatonError('ambiguous-project', phrase`There are several progress files: ${paths.join(', ')}`, {
    hint: 'Start a session of the project that is meant, or write it into the file by hand.',
    data: { places: paths },
  });
}

/** The file that has the blocker; where none or several have it, the session's own file says so. */
function blockerPath(workspace: Workspace, session: OpenSession | undefined, text: string): string {
  const wanted = text.trim().toLowerCase();
  const holding = workspace.progress
    .filter(({ blockers }) => blockers.some((item) => !item.checked && item.text.toLowerCase().includes(wanted)))
    .map(({ path }) => path);
  const [only, second] = holding;
  if (only !== undefined && (second === undefined || !session?.progressPath)) {
    if (second === undefined) return only;
    throw new BatonError(
      'ambiguous-project',
      phrase`Several progress files have such a blocker: ${holding.join(', ')}`,
      {
        hint: 'Give the whole text of the one that is meant.',
        data: { places: holding },
      },
    );
  }
  return progressPath(workspace, session);
}
