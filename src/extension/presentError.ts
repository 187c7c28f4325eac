import * as vscode from 'vscode';
import { BatonError, type ErrorCode } from '../core/errors.ts';
import type { CommandId } from './contributions.ts';
import { localized } from './localized.ts';
import type { Log } from './log.ts';

/** How a code is shown; the button does what mends it. Show Log is always there for errors. */
export interface Presentation {
  readonly severity: 'none' | 'info' | 'warning' | 'error';
  /** The next step here, where the error's own hint names one of the command line. */
  readonly hint?: () => string;
  readonly button?: (error: BatonError) => ErrorButton | undefined;
}

interface ErrorButton {
  readonly title: string;
  readonly command: CommandId | 'workbench.trust.manage' | 'vscode.open' | 'workbench.view.scm';
  readonly argument?: unknown;
}

const info: Presentation = { severity: 'info' };
const warning: Presentation = { severity: 'warning' };
const failure: Presentation = { severity: 'error' };

/** What each code means in this host: a new code does not compile until it is here. */
const presentations: Readonly<Record<ErrorCode, Presentation>> = {
  'unknown-session': warning,
  'ambiguous-session': warning,
  'unknown-checkpoint': warning,
  'unknown-item': warning,
  'no-project': {
    severity: 'warning',
    button: () => ({ title: vscode.l10n.t('Create Progress File'), command: 'baton.initProject' }),
  },
  'no-plan': warning,
  'no-progress': {
    severity: 'warning',
    button: () => ({ title: vscode.l10n.t('Create Progress File'), command: 'baton.initProject' }),
  },
  'ambiguous-project': warning,
  'already-exists': warning,
  'unknown-list': warning,
  'ambiguous-list': warning,
  'unknown-task': warning,
  'ambiguous-task': warning,
  'session-active': {
    severity: 'warning',
    hint: () => vscode.l10n.t('Complete or pause it first.'),
    button: () => ({ title: vscode.l10n.t('Open SESSION.md'), command: 'baton.openSessionFile' }),
  },
  'no-active-session': {
    severity: 'warning',
    button: () => ({ title: vscode.l10n.t('Start Session'), command: 'baton.startSession' }),
  },
  'wrong-state': warning,
  'dependencies-unmet': {
    severity: 'warning',
    hint: () => vscode.l10n.t('Complete those sessions first, or start anyway from the view “Sessions”.'),
  },
  'cyclic-dependency': warning,
  claimed: warning,
  'not-claimed': warning,
  'foreign-session-file': {
    severity: 'warning',
    button: () => ({ title: vscode.l10n.t('Open SESSION.md'), command: 'baton.openSessionFile' }),
  },
  interrupted: {
    severity: 'warning',
    button: () => ({ title: vscode.l10n.t('Recover'), command: 'baton.recoverSession' }),
  },
  'nothing-to-recover': info,
  'nothing-to-commit': info,
  'nothing-to-roll-back': info,
  'verification-failed': {
    severity: 'error',
    hint: () =>
      vscode.l10n.t('The terminal and the view “Current Session” show what failed; the session is still active.'),
  },
  'continuity-broken': failure,
  'approval-required': {
    severity: 'warning',
    hint: () =>
      vscode.l10n.t('Run the command again to be asked again, or change the commands in SESSION.md and the plan.'),
  },
  'no-verification': {
    severity: 'info',
    hint: () => vscode.l10n.t('Add them below “Verification Commands” in SESSION.md.'),
  },
  'problems-found': warning,
  'not-a-repository': failure,
  'merge-in-progress': { severity: 'error', button: openSourceControl },
  'detached-head': { severity: 'error', button: openSourceControl },
  'no-identity': failure,
  'hook-failed': failure,
  'revert-conflict': { severity: 'error', button: openSourceControl },
  'git-failed': failure,
  'unknown-isolated': warning,
  'already-dispatched': warning,
  'not-agentic': warning,
  'agent-missing': failure,
  'review-missing': warning,
  'merge-conflict': { severity: 'error', button: openSourceControl },
  'disk-space': failure,
  'supervisor-failed': failure,
  'unknown-wave-run': warning,
  'wave-run-active': warning,
  'invalid-wave-plan': failure,
  'bootstrap-missing': warning,
  'tree-not-clean': { severity: 'warning', button: openSourceControl },
  'session-conflict': warning,
  'proposal-refused': info,
  conflict: { severity: 'warning', button: openNamedFile },
  locked: warning,
  'read-only': failure,
  'disk-full': failure,
  'unreadable-file': { severity: 'error', button: openNamedFile },
  'outside-project': failure,
  'write-refused': failure,
  'io-failed': failure,
  'invalid-argument': warning,
  'invalid-config': { severity: 'error', button: openNamedFile },
  untrusted: {
    severity: 'warning',
    button: () => ({ title: vscode.l10n.t('Manage Workspace Trust'), command: 'workbench.trust.manage' }),
  },
  cancelled: { severity: 'none' },
  'process-failed': failure,
};

function openSourceControl(): ErrorButton {
  return { title: vscode.l10n.t('Open Source Control'), command: 'workbench.view.scm' };
}

/** Where the error names a file by its URI, offers to open it. */
function openNamedFile(error: BatonError): ErrorButton | undefined {
  const uri = error.data?.['uri'];
  if (typeof uri !== 'string') return undefined;
  return { title: vscode.l10n.t('Open File'), command: 'vscode.open', argument: vscode.Uri.parse(uri) };
}

/** What is shown of an error. */
export interface PresentedError {
  readonly presentation: Presentation;
  readonly message: string;
}

/** What the person is told of an error, in the window's language; loaded with the first one. */
export function presentError(error: unknown): PresentedError {
  if (!BatonError.is(error)) return { presentation: failure, message: unexpected(error) };
  return { presentation: presentations[error.code], message: sentence(error) };
}

/** Tells it, with the button that mends it, and waits for the person. The only caller of `showErrorMessage`. */
export async function showError(
  { presentation, message }: PresentedError,
  error: unknown,
  log: Log | undefined,
): Promise<void> {
  const button = BatonError.is(error) ? presentation.button?.(error) : undefined;
  const showLog = vscode.l10n.t('Show Log');
  const buttons = [
    ...(button === undefined ? [] : [button.title]),
    ...(presentation.severity === 'error' ? [showLog] : []),
  ];
  const chosen = await (presentation.severity === 'error'
    ? vscode.window.showErrorMessage(message, ...buttons)
    : presentation.severity === 'warning'
      ? vscode.window.showWarningMessage(message, ...buttons)
      : vscode.window.showInformationMessage(message, ...buttons));
  if (chosen === showLog) log?.show();
  else if (chosen !== undefined && button !== undefined) {
    await vscode.commands.executeCommand(button.command, ...(button.argument === undefined ? [] : [button.argument]));
  }
}

/** The message with the next step. Hints that speak of the command line are for people who are there. */
function sentence(error: BatonError): string {
  const isForHere = error.hint !== undefined && !/`(?:--|baton )/.test(error.hint);
  const hint = isForHere ? localized(error.hint) : presentations[error.code].hint?.();
  const message = localized(error.message);
  return hint === undefined ? message : `${message.replace(/[.:]?$/, '.')} ${hint}`;
}

function unexpected(error: unknown): string {
  return vscode.l10n.t('Baton: {0}', error instanceof Error ? error.message : String(error));
}
