import * as vscode from 'vscode';
import type { ActionContext } from '../../core/actions/context.ts';
import { planWaves } from '../../core/actions/waves/planWaves.ts';
import { BatonError } from '../../core/errors.ts';
import { filesOfPlan, rolesOfPlan, shapeWaves } from '../../core/formats/waves/shapeWaves.ts';
import { wavePlanText } from '../../core/formats/waves/wavePlanText.ts';
import { type WavePlan, type WaveRole, waveRoles } from '../../core/model/waves/wavePlan.ts';
import type { WavePlanArgument } from '../agentArguments.ts';
import { runCommand } from '../registration.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import { notify } from './notify.ts';
import { openText } from './openText.ts';
import { runVerb } from './runVerb.ts';
import { plainLabel, selectSession } from './selectSession.ts';
import type { Services } from './services.ts';

/** So many agents of one wave are offered. */
const mostAgents = 6;

/** More files than this are not offered one by one. */
const mostFiles = 400;

/** What the person picked. */
interface Picked {
  readonly roles: readonly WaveRole[];
  readonly agents: number;
  readonly files: readonly string[];
}

/**
 * Makes a wave plan of a session in three picks (roles, agents, files), writes it as a document and opens that, to be edited before it is run.
 *
 * @returns the document's path; undefined where the person picked nothing
 */
export async function newWavePlan(
  services: Services,
  argument: WavePlanArgument | undefined,
): Promise<string | undefined> {
  const selected = await selectSession(services, argument, {
    title: vscode.l10n.t('New Wave Plan: Session'),
    offers: ({ status, plan }) => status !== 'done' && plan !== undefined,
    preferred: ({ workspace }) => (workspace?.active?.plan === undefined ? undefined : workspace.active),
  });
  if (selected === undefined) return undefined;
  const { host, entry } = selected;
  const about = { session: entry.id, project: entry.project };
  const { plan, config } = await planWaves(host.createContext(), about);
  const known = { plan, files: [...new Set([...filesOfPlan(plan), ...(entry.plan?.files ?? [])])] };
  const picked = await pickShape(host, known, argument);
  if (picked === undefined) return undefined;
  const text = wavePlanText(shapeWaves(plan, picked), config);
  const path = argument?.path ?? `docs/waves/${fileName(entry.id)}.md`;
  await runVerb(services, host, { title: vscode.l10n.t('New Wave Plan') }, async (context) => {
    await writeNew(services, context, path, text);
    return { warnings: [] };
  });
  await openText(host, path);
  const start = vscode.l10n.t('Start Wave Run');
  const message = vscode.l10n.t('{0} can be edited before it is run.', path);
  void notify('nextStep', message, start).then((chosen) =>
    chosen === start ? runCommand('baton.startWaveRun', { folder: host.id, plan: path }) : undefined,
  );
  return path;
}

/** A session's ID may hold what a file's name must not. */
function fileName(id: string): string {
  return id.replaceAll(/[^\w.-]+/g, '-').replace(/^[.-]+/, '') || 'waves';
}

/** A plan that is there is replaced only where the person says so. */
async function writeNew({ prompt }: Services, { ports }: ActionContext, path: string, text: string): Promise<void> {
  const there = await ports.files.readText(path);
  if (there === text) return;
  if (there !== undefined) {
    const replaces = await prompt.confirm({
      question: vscode.l10n.t('Replace {0}?', path),
      detail: [vscode.l10n.t('It holds an earlier wave plan of this session, or what you made of it.')],
      yes: vscode.l10n.t('Replace'),
    });
    if (replaces !== true) throw new BatonError('cancelled', vscode.l10n.t('Nothing was changed'));
  }
  const replace = (before: string | undefined) => [{ start: 0, end: before?.length ?? 0, newText: text }];
  await ports.stateFiles.update(path, replace, { create: there === undefined });
}

/** What is known before the picks. */
interface Known {
  readonly plan: WavePlan;
  /** That the session is about. */
  readonly files: readonly string[];
}

async function pickShape(
  host: ProjectHost,
  { plan, files: own }: Known,
  argument: WavePlanArgument | undefined,
): Promise<Picked | undefined> {
  const roles =
    argument?.roles === undefined
      ? await pickRoles(plan)
      : waveRoles.filter((role) => argument.roles?.includes(role) === true);
  if (roles === undefined || roles.length === 0) return undefined;
  const implementing = roles.includes('Impl-Core');
  const agents = argument?.agents ?? (implementing ? await pickAgents(plan) : 1);
  if (agents === undefined) return undefined;
  const isPicked = argument?.agents !== undefined || !implementing;
  const files = isPicked ? own : await pickFiles(host, { plan, files: own });
  return files && { roles, agents, files };
}

async function pickRoles(plan: WavePlan): Promise<readonly WaveRole[] | undefined> {
  const own = rolesOfPlan(plan);
  const items = waveRoles.map((role) => ({
    label: role,
    description: roleText(role),
    // A session has something to be done, whoever it names.
    picked: own.includes(role) || role === 'Impl-Core',
    role,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Wave Plan of {0} (1/3): Waves', plan.session ?? ''),
    placeHolder: vscode.l10n.t('Each role is a wave; they follow each other in this order'),
    canPickMany: true,
    ignoreFocusOut: true,
  });
  return chosen?.map(({ role }) => role);
}

function roleText(role: WaveRole): string {
  switch (role) {
    case 'Discovery':
      return vscode.l10n.t('reads only; no gate');
    case 'Impl-Core':
      return vscode.l10n.t('the work itself, by several agents');
    case 'Impl-Polish':
      return vscode.l10n.t('integrates and mends');
    case 'Quality':
      return vscode.l10n.t('tests; the full gate');
    case 'Finalization':
      return vscode.l10n.t('documentation and last words');
  }
}

async function pickAgents(plan: WavePlan): Promise<number | undefined> {
  const own = plan.waves.find(({ role }) => role === 'Impl-Core')?.agents.length ?? 1;
  if (own > 1) return own;
  const items = Array.from({ length: mostAgents }, (_, index) => ({
    label: String(index + 1),
    description:
      index === 0 ? vscode.l10n.t('one agent has all files') : vscode.l10n.t('the files are shared out among them'),
    count: index + 1,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Wave Plan of {0} (2/3): Agents of Impl-Core', plan.session ?? ''),
    placeHolder: vscode.l10n.t('How many work side by side?'),
    ignoreFocusOut: true,
  });
  return chosen?.count;
}

async function pickFiles(host: ProjectHost, { plan, files: own }: Known): Promise<readonly string[] | undefined> {
  const folder = new vscode.RelativePattern(host.folder, '**/*');
  const found = await vscode.workspace.findFiles(folder, '**/{node_modules,.git,.worktrees,dist,build}/**', mostFiles);
  // State files are no work of agents.
  const others = found
    .map((uri) => host.pathOf(uri) ?? '')
    .filter((path) => path !== '' && !own.includes(path) && host.store.rolesOf(path).length === 0);
  const items: (vscode.QuickPickItem & { readonly path?: string })[] = [
    ...(own.length === 0 ? [] : [{ label: vscode.l10n.t('Of the session'), kind: vscode.QuickPickItemKind.Separator }]),
    ...own.map((path) => ({ label: plainLabel(path), picked: true, path })),
    ...(others.length === 0
      ? []
      : [{ label: vscode.l10n.t('Of the folder'), kind: vscode.QuickPickItemKind.Separator }]),
    ...others.sort().map((path) => ({ label: plainLabel(path), path })),
  ];
  if (items.length === 0) return [];
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Wave Plan of {0} (3/3): Files', plan.session ?? ''),
    placeHolder: vscode.l10n.t('What may the implementation change?'),
    canPickMany: true,
    ignoreFocusOut: true,
  });
  return chosen?.flatMap(({ path }) => path ?? []);
}
