import * as vscode from 'vscode';
import type { ActionContext } from '../../core/actions/context.ts';
import { BatonError } from '../../core/errors.ts';
import { localized } from '../localized.ts';
import { readSetting } from '../registration.ts';
import { toCancellation } from '../workspace/cancellation.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import { trustGate } from '../workspace/trustGate.ts';
import type { Services } from './services.ts';

export interface VerbOptions {
  /** What is being done, for the progress notification. */
  readonly title: string;
  /** What of it needs a trusted folder, as `TrustGate.require` reads it; absent: nothing. */
  readonly needs?: string;
  /** Shows a notification with Cancel; else the views' progress line. */
  readonly cancellable?: boolean;
  /** What the verb reads or commits is what is saved: unsaved editors are asked about first. */
  readonly savesFirst?: boolean;
  /** A further way to cancel, Ctrl-C in the verification's terminal say. */
  readonly cancelSource?: vscode.CancellationTokenSource;
}

/** Runs an action with progress and cancelling, shows its warnings, and brings the views up to date, also when it fails. */
export async function runVerb<T extends { readonly warnings: readonly string[] }>(
  services: Services,
  host: ProjectHost,
  options: VerbOptions,
  act: (context: ActionContext) => Promise<T>,
): Promise<T> {
  if (options.needs !== undefined) trustGate.require(options.needs);
  if (options.savesFirst === true) await saveEditors(services, host);
  const location =
    options.cancellable === true ? vscode.ProgressLocation.Notification : { viewId: 'baton.currentSession' };
  services.log.info(`${options.title} (${host.folder.name})`);
  try {
    const result = await vscode.window.withProgress(
      { location, title: options.title, cancellable: options.cancellable === true },
      async (progress, token) => {
        const source = options.cancelSource ?? new vscode.CancellationTokenSource();
        const linked = token.onCancellationRequested(() => source.cancel());
        try {
          return await act(
            host.createContext({
              cancellation: toCancellation(source.token),
              report: (message) => {
                services.log.info(message);
                progress.report({ message: localized(message) });
              },
            }),
          );
        } finally {
          linked.dispose();
          source.dispose();
        }
      },
    );
    showWarnings(services, result.warnings);
    return result;
  } finally {
    // The watchers would bring it too, a moment later.
    await host.refresh();
    services.current.refreshDetails(host);
  }
}

/** Says that something was done, where it disturbs nobody. */
export function announce(message: string): void {
  vscode.window.setStatusBarMessage(message, 6_000);
}

function showWarnings(services: Services, warnings: readonly string[]): void {
  for (const warning of warnings) services.log.warn(warning);
  if (warnings.length > 0) void vscode.window.showWarningMessage(warnings.map(localized).join('\n'));
}

/**
 * Sees to it that the folder's editors are saved.
 *
 * @throws BatonError `conflict` where the person or the setting says no
 */
async function saveEditors(services: Services, host: ProjectHost): Promise<void> {
  const unsaved = vscode.workspace.textDocuments.filter(
    (document) => document.isDirty && host.pathOf(document.uri) !== undefined,
  );
  if (unsaved.length === 0) return;
  const names = unsaved.map((document) => host.pathOf(document.uri) ?? '');
  const setting = readSetting('baton.files.saveDirtyEditors', host.folder.uri);
  const isAllowed = setting === 'always' || (setting === 'ask' && (await services.prompt.saveEditors(names)));
  const isSaved = isAllowed && (await Promise.all(unsaved.map((document) => document.save()))).every((saved) => saved);
  if (isSaved) return;
  throw new BatonError('conflict', vscode.l10n.t('{0} has unsaved changes.', names.join(', ')), {
    hint: vscode.l10n.t('Save or revert the editor first.'),
    data: { uri: unsaved[0]?.uri.toString() },
  });
}
