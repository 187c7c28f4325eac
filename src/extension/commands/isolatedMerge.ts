import * as vscode from 'vscode';
import {
  type MergedBefore,
  type MergeResult,
  mergeApproved,
  mergedBefore,
  mergeIsolated,
} from '../../core/actions/isolated/merge.ts';
import { BatonError } from '../../core/errors.ts';
import type { IsolatedArgument } from '../agentArguments.ts';
import { runIsolated } from '../isolated/openIsolated.ts';
import { localized } from '../localized.ts';
import { registerCommand, runCommand } from '../registration.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import { askReason } from './askReason.ts';
import { notify } from './notify.ts';
import { announce } from './runVerb.ts';
import { selectHost } from './selectHost.ts';
import { selectIsolated } from './selectIsolated.ts';
import type { Services } from './services.ts';

/** The commands that bring approved work into the branch that it is for. */
export function registerMergeCommands(services: Services): vscode.Disposable[] {
  return [
    registerCommand('baton.mergeIsolated', (argument) => mergeOne(services, argument)),
    registerCommand('baton.mergeApproved', async (argument) => {
      const host = await selectHost(services.projects, argument);
      if (host === undefined) return undefined;
      return telling(host, async () => {
        const title = vscode.l10n.t('Merging');
        const merged = await runIsolated(services, host, { title, savesFirst: true }, (context) =>
          mergeApproved(context),
        );
        if (merged.length === 0) announce(vscode.l10n.t('Nothing is approved.'));
        return merged;
      });
    }),
  ];
}

async function mergeOne(services: Services, argument: IsolatedArgument | undefined): Promise<unknown> {
  const selected = await selectIsolated(services, argument, {
    title: vscode.l10n.t('Merge Work'),
    offers: ({ session }) => session.status === 'approved' || session.status === 'conflict',
  });
  if (selected === undefined) return undefined;
  const { host, entry } = selected;
  const { id, item } = entry.session;
  const merge = (override?: string) =>
    runIsolated(services, host, { title: vscode.l10n.t('Merging {0}', item.id), savesFirst: true }, async (context) => [
      await mergeIsolated(context, { id, ...(override !== undefined && { override }) }),
    ]);
  return telling(host, async () => {
    try {
      return await merge(argument?.override);
    } catch (error) {
      if (argument?.override !== undefined || !BatonError.is(error, 'review-missing')) throw error;
      const reason = await askOverride(services, error, item.id);
      return reason === undefined ? [] : await merge(reason);
    }
  });
}

/** Without a valid verdict a person may decide, and says why. */
async function askOverride(services: Services, error: BatonError, item: string): Promise<string | undefined> {
  const isMeant = await services.prompt.confirm({
    question: error.message,
    detail: [vscode.l10n.t('Look at its changes before you merge it without an approval. That you did is recorded.')],
    yes: vscode.l10n.t('Merge Anyway'),
  });
  return isMeant === true ? await askReason(vscode.l10n.t('Merge {0} without an approval', item)) : undefined;
}

/** Says what was merged and what became ready; of a conflict the files, and offers to hand it back. */
async function telling(host: ProjectHost, act: () => Promise<readonly MergeResult[]>): Promise<unknown> {
  try {
    const merged = await act();
    if (merged.length > 0) {
      void tellMerged(
        host,
        merged.map((one) => ({ ...one, unblocked: one.unblocked.map(({ id }) => id) })),
      );
    }
    return merged;
  } catch (error) {
    if (!BatonError.is(error)) throw error;
    const merged = mergedBefore(error);
    if (merged.length > 0) void tellMerged(host, merged);
    if (error.code !== 'merge-conflict') throw error;
    void offerHandBack(host, error);
    return { conflicts: error.data?.['files'], ...(merged.length > 0 && { merged }) };
  }
}

async function tellMerged(host: ProjectHost, merged: readonly MergedBefore[]): Promise<void> {
  const names = merged.map(({ item }) => item).join(', ');
  const ready = [...new Set(merged.flatMap(({ unblocked }) => unblocked))];
  const said = vscode.l10n.t('Merged: {0}', names);
  if (ready.length === 0) {
    announce(said);
    return;
  }
  const dispatch = vscode.l10n.t('Dispatch…');
  const chosen = await notify('nextStep', vscode.l10n.t('{0}. Now ready: {1}', said, ready.join(', ')), dispatch);
  if (chosen === dispatch) await runCommand('baton.dispatchWork', { folder: host.id });
}

async function offerHandBack(host: ProjectHost, error: BatonError): Promise<void> {
  const id = String(error.data?.['id'] ?? '');
  const handBack = vscode.l10n.t('Hand Back');
  const show = vscode.l10n.t('Show Changes');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('{0}. Nothing was changed; the session can resolve them.', localized(error.message)),
    handBack,
    show,
  );
  if (chosen === handBack) await runCommand('baton.retryIsolated', { folder: host.id, id });
  else if (chosen === show) await runCommand('baton.showIsolatedChanges', { folder: host.id, id });
}
