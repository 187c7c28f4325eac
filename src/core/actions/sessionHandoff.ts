import { isoTimeOf } from '../base/localTime.ts';
import { phrase } from '../base/phrase.ts';
import type { StateEdit } from '../effects/effect.ts';
import { type HandoffMark, type HandoffPart, handoffLines, type ReadHandoff } from '../formats/handoffBlock.ts';
import { readSessionHandoff } from '../formats/sessionHandoff.ts';
import type { Workspace } from '../model/workspace.ts';
import type { OpenSession } from './activeSession.ts';
import type { ActionContext } from './context.ts';
import { differingFiles } from './tasks/handoffFacts.ts';
import type { HandoffReading } from './tasks/resumeTaskList.ts';
import { isStateInWork, listChanges, locateWork, statePathsIn, type WorkPlace, workTree } from './workRepository.ts';

/** Why a session is handed off. */
export interface HandingOff {
  /** `Checkpoint 2: models done`, `Paused: waiting for review` */
  readonly reason: string;
  /** What is done and what remains; from the checklist where not given. */
  readonly done?: readonly string[];
  readonly remaining?: readonly string[];
}

/**
 * The edit that writes the handoff of a plan's session into its SESSION.md: what is done, what remains, blockers, commits and files. It is
 * made from the state files and git alone.
 */
export async function handoffEdit(
  context: ActionContext,
  workspace: Workspace,
  session: OpenSession,
  handing: HandingOff,
): Promise<StateEdit> {
  const place = await locateWork(context, session.folder);
  const work = place && (await readWork(workspace, session, place));
  const mark: HandoffMark = {
    session: session.id,
    made: isoTimeOf(context.ports.clock.now()),
    ...(work && { tree: work.tree }),
    ...(work?.head !== undefined && { head: work.head }),
  };
  const lines = handoffLines(mark, partsOf(workspace, session, handing, work));
  return { kind: 'set-handoff', lines };
}

interface SessionWork {
  readonly head?: string;
  readonly tree: string;
  readonly commits: readonly string[];
  readonly files: readonly string[];
}

async function readWork(workspace: Workspace, { file }: OpenSession, place: WorkPlace): Promise<SessionWork> {
  const { hash: head } = await place.work.head();
  const tree = await workTree(workspace, place);
  const start = file.startRef;
  const commits =
    start === undefined || start === head
      ? []
      : ((await place.work.log({ range: `${start}..HEAD`, limit: 100 })) ?? []);
  const known = start === undefined ? undefined : await differingFiles(place.work, start, tree);
  const changes =
    known ??
    (await listChanges(workspace, place, undefined)).filter(({ stateFile }) => !stateFile).map(({ path }) => path);
  return {
    ...(head !== undefined && { head }),
    tree,
    commits: commits.map(({ hash, message }) => `${hash.slice(0, 7)} ${message.split('\n', 1)[0] ?? ''}`),
    files: changes.filter((path) => !isStatePath(workspace, place, path)),
  };
}

/** The tree leaves state files out, so against a commit they all look removed. */
function isStatePath(workspace: Workspace, place: WorkPlace, path: string): boolean {
  return isStateInWork(workspace, place, path) || statePathsIn(workspace, place).includes(path);
}

function partsOf(
  workspace: Workspace,
  { id, file, entry }: OpenSession,
  { reason, done, remaining }: HandingOff,
  work: SessionWork | undefined,
): readonly HandoffPart[] {
  const ticked = file.checklist.filter(({ checked }) => checked).map(({ text }) => text);
  const open = file.checklist.filter(({ checked }) => !checked).map(({ text }) => text);
  const blockers = workspace.progress.flatMap((progress) =>
    progress.blockers
      .filter(({ checked, session }) => !checked && (session === undefined || session === id))
      .map(({ text }) => text),
  );
  const title = file.title ?? entry?.title;
  const part = (label: string, items: readonly string[]): readonly HandoffPart[] =>
    items.length > 0 ? [{ label, items }] : [];
  return [
    {
      label: 'Session',
      text: `\`${id}\`${title === undefined ? '' : ` ${title}`}${file.plan === undefined ? '' : `, plan ${file.plan}`}`,
    },
    { label: 'State', text: reason },
    ...(file.taskList === undefined ? [] : [{ label: 'Task list', text: `\`${file.taskList}\`` }]),
    ...part('Done', done && done.length > 0 ? done : ticked),
    ...part('Remaining', remaining && remaining.length > 0 ? remaining : open),
    ...part('Blockers', blockers),
    ...part(
      'Last notes',
      file.notes.slice(-3).map((line) => line.replace(/^\s*[-*+]\s+/, '')),
    ),
    ...part('Commits', work?.commits ?? []),
    ...part(
      'Files',
      (work?.files ?? []).map((path) => `\`${path}\``),
    ),
  ];
}

/** The handoff in a SESSION.md, with a word on whether it still holds; undefined where none was made. */
export async function readSessionHandoffOf(
  context: ActionContext,
  workspace: Workspace,
  { file, folder }: Pick<OpenSession, 'file' | 'folder'>,
): Promise<HandoffReading | undefined> {
  const read = readSessionHandoff(file.text);
  if (read === undefined) return undefined;
  const text = handoffText(read);
  const tree = read.mark?.tree;
  if (read.mark === undefined)
    return { text, fresh: false, staleness: 'it was written by hand, so nothing tells when' };
  const place = tree === undefined ? undefined : await locateWork(context, folder);
  if (place === undefined || tree === undefined) return { text, fresh: true };
  const now = await workTree(workspace, place);
  if (now === tree) return { text, fresh: true };
  const files = ((await differingFiles(place.work, tree, now)) ?? []).filter(
    (path) => !isStatePath(workspace, place, path),
  );
  const shown =
    files.length > 5 ? phrase`${files.slice(0, 4).join(', ')} and ${files.length - 4} more` : files.join(', ');
  return {
    text,
    fresh: false,
    staleness: phrase`the working tree has changed since${shown === '' ? '' : `: ${shown}`}`,
  };
}

/** What a handoff says, its marks left out. */
export function handoffText({ before, lines, behind }: ReadHandoff): string {
  return [before, lines, behind]
    .filter((group) => group.length > 0)
    .map((group) => group.join('\n'))
    .join('\n\n');
}
