import { phrase } from '../base/phrase.ts';
import { applyEdits, type TextEdit } from '../base/textEdit.ts';
import { BatonError } from '../errors.ts';
import { pausedPath, pausedTwinPath } from '../formats/pausedPath.ts';
import { createLineIndex } from '../markdown/lines.ts';
import { isSessionId } from '../model/sessionId.ts';
import { isTaskId } from '../model/taskList.ts';
import type { Workspace } from '../model/workspace.ts';
import { type IdPlace, type IdPlaces, idPlacesOf } from './idPlaces.ts';
import type { IdSubject, SessionSubject } from './idSubjects.ts';
import { planTaskRename } from './renameTask.ts';

/** The edits of one file that a rename makes, planned against `text`. */
export interface RenamedFile {
  readonly path: string;
  readonly text: string;
  /** Where the file says which session or task is meant. */
  readonly edits: readonly TextEdit[];
  /** Prose that names it; a person decides. */
  readonly mentions: readonly TextEdit[];
}

/** What a rename changes. */
export interface PlannedRename {
  readonly files: readonly RenamedFile[];
  /** Files whose name holds the ID. */
  readonly moves: readonly { readonly from: string; readonly to: string }[];
  /** What stays as it was and a person should know of. */
  readonly warnings: readonly string[];
}

/** What a rename needs besides the snapshot. */
export interface RenameOptions {
  /** The snapshot as it would be with these texts: a rename after which a file is read differently is refused. */
  readonly reread: (texts: readonly { readonly path: string; readonly text: string }[]) => Promise<Workspace>;
  /** The minute in the form of task lists, for the note that a renamed task leaves. */
  readonly stamp: string;
}

/**
 * What stands at an offset and can be renamed.
 *
 * @throws BatonError `invalid-argument` where there is no ID, `ambiguous-session`, `unknown-session`
 */
export function findRenamable(
  workspace: Workspace,
  path: string,
  offset: number,
): { readonly place: IdPlace; readonly subject: IdSubject } {
  const place = idPlacesOf(workspace).placeAt(path, offset);
  if (place === undefined) {
    throw new BatonError('invalid-argument', 'Only the IDs of sessions and tasks can be renamed', {
      hint: 'Put the cursor on an ID that a plan, progress table or task list has.',
    });
  }
  const [subject, second] = place.subjects;
  if (subject === undefined) {
    throw new BatonError('unknown-session', phrase`No plan, progress table or task list has ${place.id}`, {
      hint: 'Correct the name here by hand.',
      data: { id: place.id },
    });
  }
  if (second !== undefined) throw ambiguous(workspace, place);
  if (place.role === 'record') {
    throw new BatonError('invalid-argument', phrase`${place.id} is part of a record here, which stays as it was`, {
      hint: 'Rename it in its row.',
    });
  }
  return { place, subject };
}

/**
 * Plans the rename of a session or task in all files of the workspace. Nothing is guessed: where a place may mean another one too, or means
 * it without holding its letters, the rename is refused and the place named.
 *
 * @throws BatonError `invalid-argument`, `already-exists`, `ambiguous-session`
 */
export async function planRename(
  workspace: Workspace,
  subject: IdSubject,
  to: string,
  options: RenameOptions,
): Promise<PlannedRename> {
  if (subject.kind === 'task') return planTaskRename(subject, to, options.stamp);
  assertNewId(workspace, subject, to);
  const places = idPlacesOf(workspace);
  const found = places.placesOf(subject).filter(({ role }) => role !== 'record');
  assertOne(places, subject, found);
  const files = groupEdits(places, found, to);
  await assertReadAlike(workspace, { places, found, files, to, options });
  return { files, moves: pausedMoves(workspace, subject, to), warnings: warningsOf(subject) };
}

/** Whether a text may be the new ID of a subject: undefined, or why not. */
export function refuseId(subject: IdSubject, to: string): string | undefined {
  if (subject.kind === 'task')
    return isTaskId(to) ? undefined : 'The ID of a task is one word without pipe, comma, semicolon or ampersand.';
  if (!isSessionId(to)) return 'The ID of a session is one word without pipe, and does not begin with a hyphen.';
  return undefined;
}

function assertNewId(workspace: Workspace, subject: SessionSubject, to: string): void {
  const why = refuseId(subject, to);
  if (why !== undefined) {
    throw new BatonError('invalid-argument', phrase`"${to}" cannot be the ID of a session`, {
      hint: why,
      data: { id: to },
    });
  }
  if (to === subject.id) {
    throw new BatonError('invalid-argument', phrase`The session is called ${to} already`, {
      hint: 'Choose another ID.',
    });
  }
  const { sessions } = idPlacesOf(workspace);
  const projects = [...new Set(subject.entries.flatMap((entry) => sessions.projectOf(entry)))];
  if (!sessions.has(to, projects)) return;
  throw new BatonError('already-exists', phrase`There is a session ${to} already`, {
    hint: 'Choose another ID.',
    data: { id: to },
  });
}

/** One heading per plan and one row per progress file: more are not one session. And no place that means several, or means it indirectly. */
function assertOne(places: IdPlaces, subject: SessionSubject, found: readonly IdPlace[]): void {
  const own = new Map<string, IdPlace>();
  for (const place of found) {
    const where = describe(places, place);
    if (place.role === 'span') {
      throw new BatonError(
        'invalid-argument',
        phrase`${where} means ${subject.id} in another spelling, or within a range, which a rename cannot follow`,
        { hint: 'Write the ID there as it is, and try again.', data: { id: subject.id, path: place.path } },
      );
    }
    if (place.role === 'mention') continue;
    if (place.subjects.length > 1) {
      throw new BatonError(
        'ambiguous-session',
        phrase`${subject.id} at ${where} may be any of ${place.subjects.length} sessions`,
        {
          hint: 'Give one of them another ID by hand.',
          data: { id: subject.id, path: place.path },
        },
      );
    }
    if (place.role !== 'heading' && place.role !== 'row') continue;
    const first = own.get(`${place.role} ${place.path}`);
    if (first !== undefined) {
      throw new BatonError(
        'ambiguous-session',
        phrase`${subject.id} stands twice: ${describe(places, first)}, ${where}`,
        {
          hint: 'Give one of them another ID by hand.',
          data: { id: subject.id, path: place.path },
        },
      );
    }
    own.set(`${place.role} ${place.path}`, place);
  }
}

function groupEdits(places: IdPlaces, found: readonly IdPlace[], to: string): readonly RenamedFile[] {
  const paths = [...new Set(found.map(({ path }) => path))];
  return paths.map((path) => {
    const own = found.filter((place) => place.path === path && place.subjects.length === 1);
    const editsOf = (isMention: boolean): readonly TextEdit[] =>
      uniqueEdits(
        own.filter(({ role }) => (role === 'mention') === isMention).map(({ range }) => ({ ...range, newText: to })),
      );
    return { path, text: places.textOf(path) ?? '', edits: editsOf(false), mentions: editsOf(true) };
  });
}

/** A place that two readings of one file find is one. */
function uniqueEdits(edits: readonly TextEdit[]): readonly TextEdit[] {
  return [...new Map(edits.map((edit) => [edit.start, edit])).values()].sort((a, b) => a.start - b.start);
}

/** Reads the renamed files and looks whether every place still says the same of the session under its new ID. */
async function assertReadAlike(
  workspace: Workspace,
  rename: {
    readonly places: IdPlaces;
    readonly found: readonly IdPlace[];
    readonly files: readonly RenamedFile[];
    readonly to: string;
    readonly options: RenameOptions;
  },
): Promise<void> {
  const { places, found, files, to, options } = rename;
  const named = files.filter(({ edits }) => edits.length > 0);
  const texts = new Map(places.texts().map(({ path, text }) => [path, text]));
  for (const { path, text, edits } of named) texts.set(path, applyEdits(text, edits));
  const after = await options.reread([...texts].map(([path, text]) => ({ path, text })));
  const reread = idPlacesOf(after);
  const isSame = after.sessions.length === workspace.sessions.length;
  for (const { path, edits } of named) {
    // What is no state file by its path cannot be read again.
    if (reread.textOf(path) === undefined) continue;
    const roles = new Map(
      reread
        .placesIn(path)
        .flatMap(({ id, range, role, subjects }) =>
          id === to && subjects.length === 1 ? [[range.start, role] as const] : [],
        ),
    );
    let shift = 0;
    for (const edit of edits) {
      const before = found.find((place) => place.path === path && place.range.start === edit.start);
      const role = roles.get(edit.start + shift);
      const isRead = before?.role === 'named' ? role !== undefined && role !== 'span' : role === before?.role;
      if (!isSame || !isRead) {
        const where = before === undefined ? path : describe(places, before);
        throw new BatonError(
          'invalid-argument',
          phrase`With the ID ${to} the session would not be found again at ${where}`,
          {
            hint: 'Choose an ID of letters and digits, such as BE-04.',
            data: { id: to, path },
          },
        );
      }
      shift += to.length - (edit.end - edit.start);
    }
  }
}

/** Paused files are named after their session. */
function pausedMoves(workspace: Workspace, subject: SessionSubject, to: string): PlannedRename['moves'] {
  const { config, paused } = workspace;
  const projects = [...new Set(subject.entries.map(({ project }) => project))];
  const namesOf = (id: string): readonly string[] => [
    pausedPath(config, id),
    ...projects.map((project) => pausedTwinPath(config, id, project)),
  ];
  const [before, after] = [namesOf(subject.id), namesOf(to)];
  return paused.flatMap(({ path, id }) => {
    const target = after[before.indexOf(path)];
    const isOwn = idPlacesOf(workspace)
      .placesIn(path)
      .some(({ subjects }) => subjects.length === 1 && subjects[0]?.key === subject.key);
    if (target === undefined || id !== subject.id || !isOwn) return [];
    if (paused.some((other) => other.path === target)) {
      throw new BatonError('already-exists', phrase`${target} is there already`, {
        hint: 'Choose another ID.',
        data: { path: target },
      });
    }
    return [{ from: path, to: target }];
  });
}

function warningsOf({ id, entries }: SessionSubject): readonly string[] {
  const isBegun = entries.some(({ status, commit }) => status !== 'pending' || commit !== undefined);
  return isBegun ? [phrase`Commits made so far still name ${id}: git's history does not change`] : [];
}

function ambiguous(workspace: Workspace, place: IdPlace): BatonError {
  const places = idPlacesOf(workspace);
  const where = place.subjects.flatMap((subject) => places.definitionsOf(subject).map((one) => describe(places, one)));
  return new BatonError(
    'ambiguous-session',
    phrase`${place.id} may be any of ${place.subjects.length} sessions: ${where.join(', ')}`,
    {
      hint: 'Rename it at one of these places.',
      data: { id: place.id },
    },
  );
}

function describe(places: IdPlaces, { path, range }: IdPlace): string {
  return `${path}:${createLineIndex(places.textOf(path) ?? '').lineAt(range.start) + 1}`;
}
