import type { Receipt } from '../core/model/receipt.ts';
import type { SessionStatus } from '../core/model/sessionStatus.ts';
import type { SessionEntry } from '../core/model/workspace.ts';
import type { Commit } from '../core/ports/git.ts';

/**
 * What `--json` shows of a session. The names are stable; what is not known is null. Texts and ranges of documents are left out:
 * programs that want those read the files.
 */
export interface SessionView {
  readonly id: string;
  readonly title: string;
  readonly status: SessionStatus;
  /** The status cell could not be understood; `status` is then `pending`. */
  readonly statusUnknown: boolean;
  readonly project: string;
  readonly repository: string | null;
  readonly section: string | null;
  readonly dependencies: readonly DependencyView[];
  /** Dependencies that are not done. */
  readonly waitingFor: readonly string[];
  /** Unfinished sessions that depend on this one. */
  readonly unblocks: readonly string[];
  readonly started: string | null;
  readonly completed: string | null;
  readonly commit: string | null;
  readonly notes: string | null;
  /** As the plan says it; null where it says nothing. */
  readonly model: string | null;
  readonly estimate: string | null;
  /** Path of the plan, relative to the project's root. */
  readonly plan: string | null;
  /** Path of the progress file, relative to the project's root. */
  readonly progress: string | null;
  /** It can be started now. */
  readonly ready: boolean;
  /** It is the session of this worktree's SESSION.md. */
  readonly activeHere: boolean;
}

export interface DependencyView {
  readonly id: string;
  readonly status: SessionStatus | 'unknown';
  readonly met: boolean;
  readonly reason: string | null;
}

/** Translates an entry of the store. */
export function toSessionView(entry: SessionEntry): SessionView {
  return {
    id: entry.id,
    title: entry.title,
    status: entry.status,
    statusUnknown: entry.statusUnknown,
    project: entry.project,
    repository: entry.repository ?? null,
    section: entry.section ?? null,
    dependencies: entry.dependencies.map(({ id, status, met, reason }) => ({
      id,
      status,
      met,
      reason: reason ?? null,
    })),
    waitingFor: entry.waitingFor,
    unblocks: entry.unblocks,
    started: entry.started ?? null,
    completed: entry.completed ?? null,
    commit: entry.commit ?? null,
    notes: entry.notes ?? null,
    model: entry.plan?.modelSettings.model ?? null,
    estimate: entry.plan?.estimate ?? entry.row?.estimate ?? null,
    plan: entry.planPath ?? null,
    progress: entry.progressPath ?? null,
    ready: entry.ready,
    activeHere: entry.activeHere,
  };
}

/** What `--json` shows of a commit. */
export interface CommitView {
  /** Full hash. */
  readonly hash: string;
  /** First line of the message. */
  readonly subject: string;
  /** ISO 8601 with zone. */
  readonly date: string;
}

/** Translates a commit. */
export function toCommitView({ hash, message, date }: Commit): CommitView {
  return { hash, subject: message.split('\n', 1)[0] ?? '', date };
}

/** What `--json` shows of a receipt: everything but the tree's hash. */
export interface ReceiptView {
  readonly ok: boolean;
  /** ISO 8601 with zone. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly commands: readonly CommandView[];
}

export interface CommandView {
  readonly command: string;
  readonly label: string | null;
  /** Null where a signal, the time limit or cancelling ended it. */
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  readonly cancelled: boolean;
  readonly durationMs: number;
  /** The end of its output. */
  readonly tail: string;
  /** Absolute path of the log with all of it. */
  readonly log: string;
}

/** Translates a receipt; `locate` makes the path of a log. */
export function toReceiptView(receipt: Receipt, locate: (key: string) => string): ReceiptView {
  return {
    ok: receipt.ok,
    startedAt: receipt.startedAt,
    durationMs: receipt.durationMs,
    commands: receipt.commands.map((command) => ({
      command: command.command,
      label: command.label ?? null,
      exitCode: command.exitCode ?? null,
      timedOut: command.timedOut,
      cancelled: command.cancelled,
      durationMs: command.durationMs,
      tail: command.tail,
      log: locate(command.log),
    })),
  };
}

/** What `--json` shows of a problem. */
export interface ProblemView {
  readonly file: string;
  /** One-based. */
  readonly line: number;
  /** One-based, in UTF-16 units as editors count. */
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly severity: 'error' | 'warning' | 'info';
  readonly code: string;
  readonly message: string;
  /** What would mend it; null where there is no fix. */
  readonly fix: { readonly title: string; readonly safe: boolean } | null;
}
