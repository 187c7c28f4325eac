import * as vscode from 'vscode';
import { createAgentCatalog } from '../../platform/agents/agentCatalog.ts';
import { bypassesPermissions } from '../../platform/agents/agentDefinition.ts';
import { bypassText } from '../views/agents/agentText.ts';

/** Lets a person pick an agent by its name; undefined where they picked none. */
export async function pickAgent(current: string): Promise<string | undefined> {
  const catalog = createAgentCatalog();
  const items = await Promise.all(
    (await catalog.names()).map(async (name) => {
      const bypasses = bypassesPermissions(await catalog.find(name));
      return {
        label: name,
        name,
        ...(name === current && { description: vscode.l10n.t('chosen now') }),
        ...(bypasses && {
          iconPath: new vscode.ThemeIcon('warning', new vscode.ThemeColor('errorForeground')),
          detail: bypassText(name),
        }),
      };
    }),
  );
  const chosen = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Agent'), ignoreFocusOut: true });
  return chosen?.name;
}
