import { phrase } from '../base/phrase.ts';
import type { DiagnosticFix, RelatedPlace } from '../model/diagnostic.ts';
import { type SessionStatus, writeStatus } from '../model/sessionStatus.ts';
import type { SessionEntry, Workspace } from '../model/workspace.ts';
import { cellOf, placeInSessionFile, placeOfEntry } from './locate.ts';
import type { CheckFacts, Finding, Rule } from './rule.ts';
import { isStrayActive } from './twoActive.ts';

/** SESSION.md and the progress table say different things of one session. */
export const findSessionProgressDisagreements: Rule = (workspace, facts) => [
  ...checkOwnRow(workspace),
  ...workspace.projects.flatMap(({ sessions }) => checkStrayRow(workspace, sessions, facts)),
];

/** The session of this worktree, whose row says something else than Active (or Paused). */
function checkOwnRow(workspace: Workspace): readonly Finding[] {
  const entry = workspace.sessions.find(({ activeHere }) => activeHere);
  const file = workspace.sessionFile;
  const wanted = file?.status ?? 'active';
  const says = entry?.row?.status;
  if (!entry || !file || !says || says.status === wanted) return [];
  const row = says.raw === '' ? phrase`is blank` : phrase`says "${says.raw}"`;
  const help =
    says.status === 'done' || says.status === 'failed'
      ? phrase`If the session has ended, clear SESSION.md with \`baton complete\` or \`baton fail\`; else correct the row.`
      : phrase`SESSION.md counts; correct the row.`;
  const { path, range } = placeInSessionFile(file, file.id);
  return describe(entry, {
    related: { path, range, message: phrase`${entry.id} is ${wanted} here` },
    message: phrase`${entry.id} is ${wanted} in ${file.path}, but its row ${row}. ${help}`,
    fix: setStatus(entry, wanted, says.status === 'pending' || says.status === 'paused' || says.status === 'retry'),
  });
}

/** The one row that says Active although SESSION.md does not; where there are more, `two-active` speaks of them. */
function checkStrayRow(workspace: Workspace, sessions: readonly SessionEntry[], facts: CheckFacts): readonly Finding[] {
  const stray = sessions.filter((entry) => isStrayActive(entry, facts));
  const [entry] = stray;
  if (!entry || new Set(stray.map(({ row }) => row)).size > 1) return [];
  const file = workspace.sessionFile;
  const path = workspace.config.sessionFile;
  if (workspace.paused.some(({ kind, id }) => kind === 'session' && id === entry.id)) {
    return describe(entry, {
      message: phrase`The row of ${entry.id} says Active, but the session is paused: its file is in ${workspace.config.pausedFolder}. \`baton resume ${entry.id}\` takes it up again.`,
      fix: setStatus(entry, 'paused', true),
    });
  }
  const reason =
    file?.kind === 'session' && file.id !== undefined
      ? phrase`${path} has ${file.id}`
      : file?.kind === 'cleared'
        ? phrase`${path} says that no session is active`
        : phrase`there is no session in ${path}`;
  const isFinished = file?.kind === 'cleared' && entry.completed !== undefined && entry.commit !== undefined;
  return describe(entry, {
    message: phrase`The row of ${entry.id} says Active, but ${reason}. Leave it where another worktree works on it; else set it to Paused, Done or Pending.`,
    fix: isFinished ? setStatus(entry, 'done', false) : undefined,
    // In another worktree's session there is nothing wrong with the row.
    isInfo: file?.kind !== 'cleared',
  });
}

function describe(
  entry: SessionEntry,
  {
    message,
    fix,
    isInfo = false,
    related,
  }: {
    readonly message: string;
    readonly fix?: DiagnosticFix;
    readonly isInfo?: boolean;
    readonly related?: RelatedPlace;
  },
): readonly Finding[] {
  const place = placeOfEntry(entry);
  if (!place) return [];
  const range = cellOf(entry, 'status')?.range ?? place.range;
  const severity = isInfo ? 'info' : 'warning';
  return [
    {
      path: place.path,
      diagnostic: {
        code: 'session-progress-disagree',
        severity,
        message,
        range,
        fix,
        ...(related && { related: [related] }),
      },
    },
  ];
}

/** Writes a status cell. Safe only where the cell holds nothing but the state itself: one word at most. */
function setStatus(entry: SessionEntry, status: SessionStatus, isClear: boolean): DiagnosticFix | undefined {
  const cell = cellOf(entry, 'status');
  if (!cell) return undefined;
  const isPlain = /^[^\p{L}\p{N}]*\p{L}*[^\p{L}\p{N}]*$/u.test(cell.text);
  return {
    title: phrase`Set ${entry.id} to ${writeStatus(status)}`,
    edits: [{ ...cell.range, newText: ` ${writeStatus(status)} ` }],
    safe: isClear && isPlain,
  };
}
