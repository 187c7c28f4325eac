import { basename } from 'node:path';
import * as vscode from 'vscode';
import { adoptWorktree, findOtherWorktrees } from '../../core/actions/isolated/adopt.ts';
import type { IsolatedContext } from '../../core/actions/isolated/context.ts';
import { findReadyWork } from '../../core/actions/isolated/readyWork.ts';
import { BatonError } from '../../core/errors.ts';
import { openIsolated, runIsolated } from '../isolated/openIsolated.ts';
import { registerCommand } from '../registration.ts';
import { announce } from './runVerb.ts';
import { selectHost } from './selectHost.ts';
import { plainLabel } from './selectSession.ts';
import type { Services } from './services.ts';

/** Makes an isolated session of a worktree that is there already. */
export function registerAdoptCommand(services: Services): vscode.Disposable[] {
  return [
    registerCommand('baton.adoptWorktree', async (argument) => {
      const host = await selectHost(services.projects, argument);
      if (host === undefined) return undefined;
      const title = vscode.l10n.t('Adopt Worktree');
      const context = await openIsolated(host, host.createContext());
      const path = argument?.path ?? (await pickWorktree(context, title));
      const item = path && (argument?.item ?? (await pickItem(context, `${title}: ${basename(path)}`)));
      if (path === undefined || item === undefined) return undefined;
      const session = await runIsolated(services, host, { title }, (own) => adoptWorktree(own, { path, item }));
      announce(vscode.l10n.t('{0} has {1}', session.item.id, session.branch));
      return session;
    }),
  ];
}

async function pickWorktree(context: IsolatedContext, title: string): Promise<string | undefined> {
  const others = await findOtherWorktrees(context);
  if (others.length === 0) {
    throw new BatonError('unknown-item', vscode.l10n.t('There is no worktree that could be adopted.'), {
      hint: vscode.l10n.t('All worktrees of this clone have a session, or were made by Baton.'),
    });
  }
  const items = others.map(({ path, branch }) => ({
    iconPath: new vscode.ThemeIcon('folder'),
    label: plainLabel(basename(path)),
    description: plainLabel(branch ?? vscode.l10n.t('no branch')),
    detail: plainLabel(path),
    path,
  }));
  const options = { title, placeHolder: vscode.l10n.t('Worktrees that Baton did not make'), matchOnDescription: true };
  return (await vscode.window.showQuickPick(items, options))?.path;
}

async function pickItem(context: IsolatedContext, title: string): Promise<string | undefined> {
  const { items } = await findReadyWork(context);
  if (items.length === 0) {
    throw new BatonError('unknown-item', vscode.l10n.t('Nothing is ready to be worked on.'), {
      hint: vscode.l10n.t('The views “Sessions” and “Task Lists” tell what waits for what.'),
    });
  }
  const picks = items.map(({ id, title: name, list }) => ({
    label: plainLabel(id),
    description: plainLabel(name),
    item: list === undefined ? id : `${list}/${id}`,
  }));
  const placeHolder = vscode.l10n.t('What is worked on there?');
  return (await vscode.window.showQuickPick(picks, { title, placeHolder, matchOnDescription: true }))?.item;
}
