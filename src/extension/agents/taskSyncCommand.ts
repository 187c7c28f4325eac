import * as vscode from 'vscode';
import { BatonError } from '../../core/errors.ts';
import type { Services } from '../commands/services.ts';
import { runTaskVerb } from '../commands/tasksRun.ts';
import { selectList } from '../commands/tasksSelect.ts';
import { registerCommand } from '../registration.ts';
import type { SyncArgument } from '../taskArguments.ts';
import { trustGate } from '../workspace/trustGate.ts';

/** The command that links a task list to Claude Code's own tasks and brings both into step. */
export function registerTaskSyncCommand(services: Services): vscode.Disposable[] {
  return [registerCommand('baton.syncTaskList', (argument) => syncList(services, argument))];
}

async function syncList(services: Services, argument: SyncArgument | undefined): Promise<unknown> {
  trustGate.require(vscode.l10n.t('files outside the folder'));
  const title = vscode.l10n.t('Sync Task List with Claude Code');
  const selected = await selectList(services, argument, { title });
  if (selected === undefined) return undefined;
  const { host, entry } = selected;
  const prefer = argument?.prefer === 'list' || argument?.prefer === 'claude' ? argument.prefer : undefined;
  const options = { title: vscode.l10n.t('{0} is in step with Claude Code', entry.list.title) };
  const result = await runTaskVerb(services, host, options, (context) =>
    services.taskSync.sync(host, entry, { context, ...(prefer !== undefined && { prefer }) }),
  );
  await services.taskSync.follow();
  if (result.conflicts.length === 0 || argument?.prefer !== undefined) return result;
  throw new BatonError('conflict', result.conflicts.map(({ message }) => message).join('\n'), {
    hint: vscode.l10n.t('Make one side say what the other does, or choose a side when Baton asks.'),
    data: { conflicts: result.conflicts },
  });
}
