import * as vscode from 'vscode';
import { BatonError } from '../../core/errors.ts';
import type { SessionEntry } from '../../core/model/workspace.ts';
import type { DashboardVerb } from '../../webview/protocol.ts';
import { announce } from '../commands/runVerb.ts';
import type { Services } from '../commands/services.ts';
import type { CommandId } from '../contributions.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import { trustGate } from '../workspace/trustGate.ts';

interface VerbCommand {
  readonly command: CommandId;
  /** What of it Restricted Mode forbids, as `TrustGate.require` reads it. */
  readonly needs?: string;
  /** It is about the session of this worktree's SESSION.md, and takes no other. */
  readonly activeOnly?: boolean;
  /** It may be done with several sessions. */
  readonly many?: boolean;
  /** Also passes the commit of the session's row. */
  readonly withCommit?: boolean;
}

/** The command behind each verb. The commands check again what they need; `copyId` is done here for several sessions together. */
const verbCommands: Readonly<Record<Exclude<DashboardVerb, 'copyId'>, VerbCommand>> = {
  start: { command: 'baton.startSession', needs: 'git' },
  resume: { command: 'baton.resumeSession', needs: 'git' },
  pause: { command: 'baton.pauseSession', needs: 'git', activeOnly: true },
  checkpoint: { command: 'baton.checkpointSession', needs: 'git', activeOnly: true },
  verify: { command: 'baton.verifySession', needs: 'git', activeOnly: true },
  complete: { command: 'baton.completeSession', needs: 'git', activeOnly: true },
  fail: { command: 'baton.failSession', needs: 'git', activeOnly: true },
  rollback: { command: 'baton.rollbackSession', needs: 'git' },
  openPrompt: { command: 'baton.openPrompt', many: true },
  openPlan: { command: 'baton.openPlan' },
  openProgress: { command: 'baton.openProgress' },
  openSessionFile: { command: 'baton.openSessionFile' },
  showCommit: { command: 'baton.showChanges', needs: 'git', withCommit: true },
  showChanges: { command: 'baton.showChanges', needs: 'git' },
  startAgent: { command: 'baton.startAgent', needs: 'git', many: true },
  reveal: { command: 'baton.revealSession' },
};

/** Of more than so many sessions at once it is asked whether that is meant. */
const askAbove: Partial<Readonly<Record<DashboardVerb, number>>> = { startAgent: 1, openPrompt: 5 };

/**
 * Runs one of Baton's commands for sessions that were chosen in the dashboard.
 *
 * @throws BatonError `untrusted` in Restricted Mode, `wrong-state` for a verb of the active session and another one, `invalid-argument` for
 *   several sessions where it takes one, `unknown-session` where none is left
 */
export async function runDashboardVerb(
  services: Services,
  host: ProjectHost,
  verb: DashboardVerb,
  entries: readonly SessionEntry[],
): Promise<void> {
  const [first] = entries;
  if (first === undefined) {
    throw new BatonError('unknown-session', vscode.l10n.t('The session is not there any more'));
  }
  if (verb === 'copyId') {
    const ids = entries.map(({ id }) => id).join('\n');
    await vscode.env.clipboard.writeText(ids);
    announce(vscode.l10n.t('{0} is in the clipboard', entries.length === 1 ? first.id : String(entries.length)));
    return;
  }
  const { command, needs, activeOnly, many, withCommit } = verbCommands[verb];
  if (needs !== undefined) trustGate.require(needs);
  if (entries.length > 1 && many !== true) {
    throw new BatonError('invalid-argument', vscode.l10n.t('This can be done with one session at a time'));
  }
  if (activeOnly === true && !first.activeHere) {
    throw new BatonError('wrong-state', vscode.l10n.t('{0} is not the active session of this folder', first.id));
  }
  if (entries.length > (askAbove[verb] ?? entries.length) && !(await mayRun(services, verb, entries))) return;
  for (const { id, project, commit } of entries) {
    const argument = {
      folder: host.id,
      ...(activeOnly === true ? {} : { id, project }),
      ...(withCommit === true && commit !== undefined ? { commit } : {}),
    };
    await vscode.commands.executeCommand(command, argument);
  }
}

async function mayRun(services: Services, verb: DashboardVerb, entries: readonly SessionEntry[]): Promise<boolean> {
  const question =
    verb === 'startAgent'
      ? vscode.l10n.t('Start agents for {0} sessions?', entries.length)
      : vscode.l10n.t('Open {0} prompts?', entries.length);
  const yes = verb === 'startAgent' ? vscode.l10n.t('Start') : vscode.l10n.t('Open');
  return (await services.prompt.confirm({ question, detail: [entries.map(({ id }) => id).join(', ')], yes })) === true;
}
