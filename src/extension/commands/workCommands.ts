import * as vscode from 'vscode';
import { checkpoint } from '../../core/actions/checkpoint.ts';
import { type CompleteOptions, type CompleteResult, complete } from '../../core/actions/complete.ts';
import { type VerifyResult, verify } from '../../core/actions/verify.ts';
import { BatonError } from '../../core/errors.ts';
import { checkConventional } from '../../core/formats/commitMessage.ts';
import { countPassed } from '../../core/model/receipt.ts';
import { report } from '../errors.ts';
import { localized } from '../localized.ts';
import { registerCommand, runCommand } from '../registration.ts';
import type { CheckpointArgument, CompleteArgument, VerifyArgument } from '../sessionArguments.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import { notify } from './notify.ts';
import { announce, runVerb } from './runVerb.ts';
import { hasActiveSession, selectHost } from './selectHost.ts';
import type { Services } from './services.ts';
import { VerificationTerminal } from './verificationTerminal.ts';

/** The verbs that record the work of the active session. */
export function registerWorkCommands(services: Services): vscode.Disposable[] {
  return [
    registerCommand('baton.checkpointSession', (argument) => checkpointSession(services, argument)),
    registerCommand('baton.verifySession', (argument) => verifySession(services, argument)),
    registerCommand('baton.completeSession', (argument) => completeSession(services, argument)),
  ];
}

async function checkpointSession(services: Services, argument: CheckpointArgument | undefined): Promise<unknown> {
  const host = await selectHost(services.projects, argument, hasActiveSession);
  if (host === undefined) return undefined;
  const message =
    argument?.message ??
    (await vscode.window.showInputBox({
      title: vscode.l10n.t('Checkpoint'),
      prompt: vscode.l10n.t('What was reached, in one line. Done and open items are taken from the checklist.'),
      validateInput: (text) => (text.trim() === '' ? vscode.l10n.t('Say what was reached.') : undefined),
      ignoreFocusOut: true,
    }));
  if (message === undefined) return undefined;
  const options = {
    title: vscode.l10n.t('Committing a checkpoint'),
    needs: 'git',
    cancellable: true,
    savesFirst: true,
  };
  const result = await runVerb(services, host, options, (context) =>
    checkpoint(context, {
      message,
      ...(argument?.done === undefined ? {} : { done: argument.done }),
      ...(argument?.remaining === undefined ? {} : { remaining: argument.remaining }),
    }),
  );
  announce(vscode.l10n.t('{0}: checkpoint {1} committed', result.session, result.number));
  return result;
}

async function verifySession(
  services: Services,
  argument: VerifyArgument | undefined,
): Promise<VerifyResult | undefined> {
  const host = await selectHost(services.projects, argument, hasActiveSession);
  if (host === undefined) return undefined;
  await host.refresh();
  const cancelSource = new vscode.CancellationTokenSource();
  const terminal = createTerminal(host, cancelSource);
  const options = {
    title: vscode.l10n.t('Verifying {0}', activeId(host)),
    needs: vscode.l10n.t('the verification commands'),
    cancellable: true,
    savesFirst: true,
    cancelSource,
  };
  const again = argument?.again === true;
  const result = await runVerb(services, host, options, (context) => verify(context, { again, ...terminal.listener }));
  const { passed, total } = countPassed(result.receipt);
  if (!result.receipt.ok) {
    await report(
      new BatonError(
        'verification-failed',
        vscode.l10n.t('{0}: {1} of {2} commands passed.', result.session, passed, total),
        {
          hint: vscode.l10n.t('The terminal and the view “Current Session” show what failed.'),
        },
      ),
    );
    return result;
  }
  if (result.reused) void offerAgain(host, result);
  else announce(vscode.l10n.t('{0}: verified {1}/{2}', result.session, passed, total));
  return result;
}

/** Nothing changed since the last run, so nothing ran; the person may still want it. */
async function offerAgain(host: ProjectHost, result: VerifyResult): Promise<void> {
  const again = vscode.l10n.t('Run Again');
  const message = vscode.l10n.t('{0}: nothing changed since the last verification, which passed.', result.session);
  if ((await vscode.window.showInformationMessage(message, again)) !== again) return;
  await runCommand('baton.verifySession', { folder: host.id, again: true });
}

async function completeSession(
  services: Services,
  argument: CompleteArgument | undefined,
): Promise<CompleteResult | undefined> {
  const host = await selectHost(services.projects, argument, hasActiveSession);
  if (host === undefined) return undefined;
  const message = argument?.message ?? (await askCommitMessage(host));
  if (message === undefined) return undefined;
  await host.refresh();
  const cancelSource = new vscode.CancellationTokenSource();
  const terminal = createTerminal(host, cancelSource);
  const planned = commitMessageOf(host);
  const body = argument?.body ?? (planned?.subject === message ? planned.body : undefined);
  const completeOptions: CompleteOptions = {
    message,
    ...terminal.listener,
    ...(body === undefined ? {} : { body }),
    ...(argument?.verify === undefined ? {} : { verify: argument.verify }),
    ...(argument?.files === undefined ? {} : { files: argument.files }),
  };
  const options = {
    title: vscode.l10n.t('Completing {0}', activeId(host)),
    needs: 'git',
    cancellable: true,
    savesFirst: true,
    cancelSource,
  };
  const result = await runVerb(services, host, options, (context) => complete(context, completeOptions));
  void announceCompleted(host, result);
  return result;
}

function createTerminal(host: ProjectHost, cancelSource: vscode.CancellationTokenSource): VerificationTerminal {
  return new VerificationTerminal(vscode.l10n.t('Baton: verify {0}', activeId(host)), () => cancelSource.cancel());
}

function activeId(host: ProjectHost): string {
  return host.workspace?.sessionFile?.id ?? '';
}

/** The message that the plan proposes, split as git splits it. */
function commitMessageOf(host: ProjectHost): { readonly subject: string; readonly body?: string } | undefined {
  const proposed = host.workspace?.active?.plan?.commitMessage?.trim();
  if (proposed === undefined || proposed === '') return undefined;
  const [subject = '', ...rest] = proposed.split(/\r?\n/);
  const body = rest.join('\n').trim();
  return body === '' ? { subject } : { subject, body };
}

function askCommitMessage(host: ProjectHost): Thenable<string | undefined> {
  const title = host.workspace?.active?.title ?? '';
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Complete {0}', activeId(host)),
    prompt: vscode.l10n.t('Subject of the work commit: type(scope): description'),
    value: commitMessageOf(host)?.subject ?? '',
    placeHolder: `feat: ${title.toLowerCase()}`,
    ignoreFocusOut: true,
    validateInput: (text) => {
      if (text.trim() === '') return vscode.l10n.t('A commit needs a subject.');
      const advice = checkConventional(text);
      return advice === undefined
        ? undefined
        : { message: localized(advice), severity: vscode.InputBoxValidationSeverity.Warning };
    },
  });
}

async function announceCompleted(host: ProjectHost, result: CompleteResult): Promise<void> {
  const [next] = result.next;
  const verified =
    typeof result.verified === 'object'
      ? vscode.l10n.t('verified {0}/{1}', result.verified.passed, result.verified.total)
      : result.verified === 'claimed'
        ? vscode.l10n.t('not verified, on your word')
        : vscode.l10n.t('there was nothing to verify');
  const message = vscode.l10n.t('{0} is done ({1}).', result.session, verified);
  if (next === undefined) {
    void notify('nextStep', message);
    return;
  }
  const start = vscode.l10n.t('Start {0}', next.id);
  if ((await notify('nextStep', message, start)) !== start) return;
  await runCommand('baton.startSession', { folder: host.id, id: next.id, project: next.project });
}
