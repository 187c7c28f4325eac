import * as vscode from 'vscode';
import type { Services } from '../commands/services.ts';
import type { Checked } from './toolInputs.ts';

/** The tools for what MCP cannot do: editors that are not saved, and the views. Nothing where the host has no language model tools. */
export function registerLanguageModelTools(services: Services): vscode.Disposable[] {
  if (typeof vscode.lm?.registerTool !== 'function') return [];
  return [
    vscode.lm.registerTool<unknown>('baton_readOpenFile', {
      prepareInvocation: () => ({ invocationMessage: vscode.l10n.t('Reading an open state file') }),
      invoke: async ({ input }) => {
        const { checkReadOpenFile } = await import('./toolInputs.ts');
        const { readOpenFile } = await import('./languageModelCalls.ts');
        await services.projects.load();
        return resultOf(readOpenFile(services.projects, accept(checkReadOpenFile(input))));
      },
    }),
    vscode.lm.registerTool<unknown>('baton_reveal', {
      prepareInvocation: () => ({ invocationMessage: vscode.l10n.t('Showing it in the views of Baton') }),
      invoke: async ({ input }) => {
        const { checkReveal } = await import('./toolInputs.ts');
        const { reveal } = await import('./languageModelCalls.ts');
        await services.projects.load();
        return resultOf(await reveal(services, accept(checkReveal(input))));
      },
    }),
  ];
}

/** @throws Error with what is wrong, for the model to read */
function accept<T>(checked: Checked<T>): T {
  if (checked.ok) return checked.input;
  throw new Error(`The input is not valid. ${checked.message}`);
}

function resultOf(value: object): vscode.LanguageModelToolResult {
  return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(JSON.stringify(value))]);
}
