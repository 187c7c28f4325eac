import { revisionOf } from '../base/revision.ts';
import type { Effect } from '../effects/effect.ts';
import { clearedSessionFileText } from '../formats/sessionFileText.ts';
import { countPassed, type Receipt } from '../model/receipt.ts';
import type { SessionEntry } from '../model/workspace.ts';
import type { LocalTime } from '../ports/clock.ts';
import type { LocalState } from '../ports/localState.ts';
import type { OpenSession } from './activeSession.ts';
import { nameNext } from './nextSessions.ts';
import { timedNote } from './progressChanges.ts';
import { activeRecordKey } from './sessionRecord.ts';

/**
 * Clears SESSION.md. The text that was read is expected, so that a note which somebody adds in this moment stops the verb instead of being
 * lost.
 */
export function clearEffect(session: OpenSession, now: LocalTime, next: readonly SessionEntry[]): Effect {
  const text = clearedSessionFileText({ id: session.id, completedAt: now, next: nameNext(next) });
  return {
    kind: 'edit',
    path: session.file.path,
    edits: [{ kind: 'replace', text }],
    expectedRevision: revisionOf(session.file.text),
  };
}

/** Drops what this worktree knew of its active session. */
export function forgetEffect(localState: LocalState): Effect {
  return { kind: 'forget', key: activeRecordKey(localState) };
}

/** One line on a verification for the progress file: how many passed, and each command with how it ended. */
export function receiptNote(now: LocalTime, receipt: Receipt): string {
  const { passed, total } = countPassed(receipt);
  const commands = receipt.commands.map(({ command, exitCode, timedOut, durationMs }) => {
    const end = timedOut
      ? 'timed out'
      : exitCode === undefined
        ? 'was ended'
        : exitCode === 0
          ? 'ok'
          : `exit ${exitCode}`;
    return `${codeSpan(command)} ${end} (${formatDuration(durationMs)})`;
  });
  return timedNote(now, `Verified ${passed}/${total}: ${commands.join(', ')}`);
}

function codeSpan(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 ? ' ' : '';
  return fence + pad + line + pad + fence;
}

function formatDuration(durationMs: number): string {
  if (durationMs < 1_000) return `${Math.round(durationMs)} ms`;
  return durationMs < 10_000 ? `${(durationMs / 1000).toFixed(1)} s` : `${Math.round(durationMs / 1000)} s`;
}
