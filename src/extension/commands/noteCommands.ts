import * as vscode from 'vscode';
import { type NoteKind, note } from '../../core/actions/note.ts';
import { registerCommand } from '../registration.ts';
import type { NoteArgument } from '../sessionArguments.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import { announce, runVerb } from './runVerb.ts';
import { hasActiveSession, selectHost } from './selectHost.ts';
import type { Services } from './services.ts';

/** The verbs that write something down. */
export function registerNoteCommands(services: Services): vscode.Disposable[] {
  return [
    registerCommand('baton.addNote', (argument) => addNote(services, 'note', argument)),
    registerCommand('baton.addDecision', (argument) => addNote(services, 'decision', argument)),
    registerCommand('baton.addBlocker', (argument) => addNote(services, 'blocker', argument)),
    registerCommand('baton.resolveBlocker', (argument) => resolveBlocker(services, argument)),
    registerCommand('baton.pasteReview', (argument) => pasteReview(services, argument)),
  ];
}

async function addNote(services: Services, kind: NoteKind, argument: NoteArgument | undefined): Promise<unknown> {
  const host = await selectHost(services.projects, argument, kind === 'note' ? hasActiveSession : undefined);
  if (host === undefined) return undefined;
  const text = argument?.text ?? (await ask(questionFor(kind)));
  if (text === undefined) return undefined;
  const why = { title: vscode.l10n.t('Decision: why? (may be empty)'), isOptional: true };
  const rationale =
    argument?.rationale ?? (kind === 'decision' && argument?.text === undefined ? await ask(why) : undefined);
  return write(services, host, { text, kind, ...(rationale === undefined || rationale === '' ? {} : { rationale }) });
}

async function resolveBlocker(services: Services, argument: NoteArgument | undefined): Promise<unknown> {
  const host = await selectHost(services.projects, argument);
  if (host === undefined) return undefined;
  const text = argument?.text ?? (await pickBlocker(host));
  if (text === undefined) return undefined;
  const how = { title: vscode.l10n.t('How was it resolved? (may be empty)'), isOptional: true };
  const rationale = argument?.rationale ?? (argument?.text === undefined ? await ask(how) : undefined);
  return write(services, host, {
    text,
    kind: 'blocker',
    resolve: true,
    ...(rationale === undefined || rationale === '' ? {} : { rationale }),
  });
}

async function pickBlocker(host: ProjectHost): Promise<string | undefined> {
  const blockers = (host.workspace?.progress ?? []).flatMap((progress) =>
    progress.blockers
      .filter((blocker) => !blocker.checked)
      .map((blocker) => ({ label: blocker.text, description: progress.project })),
  );
  if (blockers.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('There are no open blockers.'));
    return undefined;
  }
  const chosen = await vscode.window.showQuickPick(blockers, { title: vscode.l10n.t('Resolve Blocker') });
  return chosen?.label;
}

/** The summary that a web chat gave for "Copy Session for Review" comes back as a note. */
async function pasteReview(services: Services, argument: NoteArgument | undefined): Promise<unknown> {
  const host = await selectHost(services.projects, argument, hasActiveSession);
  if (host === undefined) return undefined;
  const clipboard = (argument?.text ?? (await vscode.env.clipboard.readText())).trim();
  if (clipboard === '') {
    void vscode.window.showInformationMessage(vscode.l10n.t('The clipboard is empty: copy the summary first.'));
    return undefined;
  }
  if (argument?.text === undefined) {
    const isMeant = await services.prompt.confirm({
      question: vscode.l10n.t('Add this as a note of {0}?', host.workspace?.sessionFile?.id ?? ''),
      detail: [clipboard.length > 1500 ? `${clipboard.slice(0, 1500)}…` : clipboard],
      yes: vscode.l10n.t('Add Note'),
    });
    if (isMeant !== true) return undefined;
  }
  return write(services, host, { text: vscode.l10n.t('Review: {0}', clipboard), kind: 'note' });
}

async function write(services: Services, host: ProjectHost, options: Parameters<typeof note>[1]): Promise<unknown> {
  const result = await runVerb(services, host, { title: vscode.l10n.t('Writing') }, (context) =>
    note(context, options),
  );
  announce(vscode.l10n.t('Written to {0}', result.path));
  return result;
}

function questionFor(kind: NoteKind): { readonly title: string; readonly prompt?: string } {
  switch (kind) {
    case 'note':
      return { title: vscode.l10n.t('Note for the session') };
    case 'decision':
      return { title: vscode.l10n.t('Decision') };
    case 'blocker':
      return {
        title: vscode.l10n.t('Blocker'),
        prompt: vscode.l10n.t('For example: FE-01 blocked by BE-06'),
      };
  }
}

function ask(options: {
  readonly title: string;
  readonly prompt?: string;
  readonly isOptional?: boolean;
}): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: options.title,
    ...(options.prompt === undefined ? {} : { prompt: options.prompt }),
    ignoreFocusOut: true,
    validateInput: (text) =>
      text.trim() === '' && options.isOptional !== true ? vscode.l10n.t('Write something.') : undefined,
  });
}
