import { join } from 'node:path';
import * as vscode from 'vscode';
import { applyConnect } from '../../core/actions/connect/applyConnect.ts';
import { type ConnectedAgent, connectedAgents, planConnect } from '../../core/actions/connect/planConnect.ts';
import type { ActionContext } from '../../core/actions/context.ts';
import type { ConnectArgument } from '../agentArguments.ts';
import { runVerb } from '../commands/runVerb.ts';
import { selectHost } from '../commands/selectHost.ts';
import type { Services } from '../commands/services.ts';
import { registerCommand } from '../registration.ts';
import { textDocumentOf } from '../workspace/conflictView.ts';
import { trustGate } from '../workspace/trustGate.ts';

/** "Connect Agents": what `baton connect` does, with each change shown in the diff editor before it is written. */
export function registerConnectCommand(services: Services): vscode.Disposable[] {
  return [registerCommand('baton.connectAgents', (argument) => connectAgents(services, argument))];
}

interface Wish {
  readonly agents: readonly ConnectedAgent[];
  readonly hooks: boolean;
  readonly launcher: boolean;
  readonly remove: boolean;
}

/** One file that would change, and how it is written once the person agreed. */
interface Step {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly write: () => Promise<void>;
}

async function connectAgents(services: Services, argument: ConnectArgument | undefined): Promise<unknown> {
  trustGate.require(vscode.l10n.t('connecting agents'));
  const host = await selectHost(services.projects, argument, ({ isLocal }) => isLocal);
  const wish = host === undefined ? undefined : await askWish(argument);
  if (host === undefined || wish === undefined) return undefined;
  const options = { title: vscode.l10n.t('Connecting agents') };
  const result = await runVerb(services, host, options, async (context) => {
    const { steps, warnings } = await planSteps(context, wish);
    const written: string[] = [];
    for (const step of steps) {
      if (!(await agrees(services, step))) continue;
      await step.write();
      written.push(step.path);
    }
    return { written, planned: steps.map(({ path }) => path), warnings };
  });
  void announceResult(result);
  return result;
}

async function announceResult({
  written,
  planned,
}: {
  readonly written: readonly string[];
  readonly planned: readonly string[];
}) {
  const message =
    planned.length === 0
      ? vscode.l10n.t('Agents are connected: everything is as it should be.')
      : written.length === 0
        ? vscode.l10n.t('Nothing was written.')
        : vscode.l10n.t('Written: {0}. Agents find Baton when they are started again.', written.join(', '));
  await vscode.window.showInformationMessage(message);
}

interface WishItem extends vscode.QuickPickItem {
  readonly agent?: ConnectedAgent;
  readonly extra?: 'hooks' | 'launcher';
}

async function askWish(argument: ConnectArgument | undefined): Promise<Wish | undefined> {
  const { agents, hooks = false, launcher = false, remove = false } = argument ?? {};
  const isKnown = (name: string): name is ConnectedAgent => connectedAgents.some((one) => one === name);
  if (agents !== undefined || remove) {
    return { agents: (agents ?? connectedAgents).filter(isKnown), hooks, launcher, remove };
  }
  const items: WishItem[] = [
    { label: 'Claude Code', description: vscode.l10n.t('.mcp.json and a skill'), picked: true, agent: 'claude' },
    { label: 'GitHub Copilot', description: vscode.l10n.t('.mcp.json and a skill'), picked: true, agent: 'copilot' },
    { label: 'Codex', description: vscode.l10n.t('a skill, and your own configuration of Codex'), agent: 'codex' },
    {
      label: vscode.l10n.t('Hooks for Claude Code'),
      description: vscode.l10n.t('bring the handoff into the context, remind of an open session'),
      extra: 'hooks',
    },
    {
      label: vscode.l10n.t('The command baton on your PATH'),
      description: vscode.l10n.t('agents start Baton by its name'),
      picked: true,
      extra: 'launcher',
    },
  ];
  const chosen = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    title: vscode.l10n.t('Connect Agents'),
    placeHolder: vscode.l10n.t('Each change is shown before it is written'),
  });
  if (chosen === undefined) return undefined;
  return {
    agents: chosen.flatMap(({ agent }) => agent ?? []),
    hooks: chosen.some(({ extra }) => extra === 'hooks'),
    launcher: chosen.some(({ extra }) => extra === 'launcher'),
    remove: false,
  };
}

async function planSteps(
  context: ActionContext,
  { agents, hooks, launcher, remove }: Wish,
): Promise<{ readonly steps: readonly Step[]; readonly warnings: readonly string[] }> {
  const plan = await planConnect(context, { agents, hooks, remove });
  const steps: Step[] = plan.changes.map((change) => ({
    ...change,
    write: () => applyConnect(context, { ...plan, changes: [change] }),
  }));
  const warnings = [...plan.warnings];
  const { writeUserFile } = await import('../../platform/connect/userFile.ts');
  if (agents.includes('codex')) {
    const { planCodexConfig } = await import('../../platform/connect/codexConfig.ts');
    const { change, warnings: more } = await planCodexConfig({ env: process.env, remove });
    warnings.push(...more);
    if (change !== undefined) steps.push({ ...change, write: () => writeUserFile(change) });
  }
  const change = launcher || remove ? await planLauncherStep(remove, warnings) : undefined;
  if (change !== undefined) steps.push({ ...change, write: () => writeUserFile(change) });
  return { steps, warnings };
}

async function planLauncherStep(remove: boolean, warnings: string[]) {
  const { planLauncher, planLauncherRemoval } = await import('../../platform/connect/launcher.ts');
  const { env, execPath, versions } = process;
  if (remove) return planLauncherRemoval({ env });
  const isElectron = versions['electron'] !== undefined;
  const plan = await planLauncher({ cli: join(__dirname, 'cli.cjs'), node: execPath, isElectron, env });
  if (plan.foreign) {
    warnings.push(vscode.l10n.t('{0} is another program called baton: agents would start that one.', plan.found ?? ''));
  }
  return plan.change;
}

/** Shows the change in the diff editor, and asks for this one file. */
async function agrees(services: Services, { path, before, after }: Step): Promise<boolean> {
  const name = path.split(/[/\\]/).at(-1) ?? path;
  await vscode.commands.executeCommand(
    'vscode.diff',
    textDocumentOf(name, before ?? ''),
    textDocumentOf(name, after ?? ''),
    before === undefined ? vscode.l10n.t('{0} (new)', path) : path,
    { preview: true },
  );
  const answer = await services.prompt.confirm({
    question: after === undefined ? vscode.l10n.t('Remove {0}?', path) : vscode.l10n.t('Write {0}?', path),
    detail: [vscode.l10n.t('The change is shown in the editor behind this question.')],
    yes: after === undefined ? vscode.l10n.t('Remove') : vscode.l10n.t('Write'),
  });
  return answer === true;
}
