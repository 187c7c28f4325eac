import * as vscode from 'vscode';
import { planWaves } from '../../core/actions/waves/planWaves.ts';
import type { PreflightChoice } from '../../core/actions/waves/preflight.ts';
import { startWaveRun } from '../../core/actions/waves/startWaveRun.ts';
import { BatonError } from '../../core/errors.ts';
import type { WaveConfig } from '../../core/model/waves/waveConfig.ts';
import type { PlannedWave, WavePlan } from '../../core/model/waves/wavePlan.ts';
import type { WaveRun } from '../../core/model/waves/waveRun.ts';
import { createAgentCatalog } from '../../platform/agents/agentCatalog.ts';
import { bypassesPermissions } from '../../platform/agents/agentDefinition.ts';
import type { StartWaveArgument } from '../agentArguments.ts';
import { runIsolated } from '../isolated/openIsolated.ts';
import { localized } from '../localized.ts';
import { registerCommand } from '../registration.ts';
import { bypassText } from '../views/agents/agentText.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import { trustGate } from '../workspace/trustGate.ts';
import { announce } from './runVerb.ts';
import { selectHost } from './selectHost.ts';
import { plainLabel } from './selectSession.ts';
import type { Services } from './services.ts';
import { pickWaveSource, type WaveSource } from './waveSource.ts';

/** Starts wave runs. */
export function registerStartWaveCommands(services: Services): vscode.Disposable[] {
  return [
    registerCommand('baton.startWaveRun', (argument) => start(services, argument)),
    registerCommand('baton.newWavePlan', async (argument) => {
      const { newWavePlan } = await import('./wavePlanCommand.ts');
      return newWavePlan(services, argument);
    }),
  ];
}

async function start(services: Services, argument: StartWaveArgument | undefined): Promise<WaveRun | undefined> {
  trustGate.require(vscode.l10n.t('an agent'));
  const host = await selectHost(services.projects, argument);
  if (host === undefined) return undefined;
  const source = await sourceOf(host, argument);
  if (source === undefined) return undefined;
  const about = {
    ...(source.plan !== undefined && { plan: source.plan }),
    ...(source.session !== undefined && { session: source.session }),
    ...(source.project !== undefined && { project: source.project }),
  };
  const agent = source.agent ?? (await createAgentCatalog().defaultName());
  if (argument?.confirmed !== true) {
    const planned = await planWaves(host.createContext(), about);
    await confirmStart(services, { ...planned, source, agent });
  }
  const title = vscode.l10n.t('Starting a wave run');
  const { run } = await runIsolated(services, host, { title }, (context) =>
    startWaveRun(context, {
      ...about,
      agent,
      ...(argument?.model !== undefined && { model: argument.model }),
      ...(source.focus !== undefined && { focus: source.focus }),
      ...(source.sequential === true && { sequential: true }),
      choose: chooseByPick,
    }),
  );
  announce(vscode.l10n.t('The wave run {0} begins', run.label));
  return run;
}

/** What the argument names, else what is picked. */
async function sourceOf(host: ProjectHost, argument: StartWaveArgument | undefined): Promise<WaveSource | undefined> {
  const { plan, id, project, agent, focus, sequential } = argument ?? {};
  const how = {
    ...(agent !== undefined && { agent }),
    ...(focus !== undefined && { focus }),
    ...(sequential !== undefined && { sequential }),
  };
  if (plan !== undefined || id !== undefined) {
    return {
      ...how,
      ...(plan !== undefined && { plan }),
      ...(id !== undefined && { session: id }),
      ...(project !== undefined && { project }),
    };
  }
  return pickWaveSource(host, how);
}

interface Shown {
  readonly plan: WavePlan;
  readonly config: WaveConfig;
  readonly problems: readonly { readonly severity: string; readonly message: string; readonly hint?: string }[];
  readonly source: WaveSource;
  readonly agent: string;
}

/** Shows waves and file scopes, and what is wrong with them, before anything starts. */
async function confirmStart({ prompt }: Services, shown: Shown): Promise<void> {
  const { plan, problems, source, agent } = shown;
  const wrong = problems.find(({ severity }) => severity === 'error');
  if (wrong !== undefined) {
    throw new BatonError('invalid-wave-plan', localized(wrong.message), {
      ...(wrong.hint !== undefined && { hint: localized(wrong.hint) }),
    });
  }
  const definition = await createAgentCatalog()
    .find(agent)
    .catch(() => undefined);
  const warnings = problems.filter(({ severity }) => severity === 'warning').map(({ message }) => localized(message));
  const bypasses = definition !== undefined && bypassesPermissions(definition);
  const count = plan.waves.reduce((sum, { agents }) => sum + agents.length, 0);
  const given = await prompt.confirm({
    question: vscode.l10n.t('Start {0}: {1} waves, {2} agents by {3}?', plan.title, plan.waves.length, count, agent),
    detail: [
      ...plan.waves.flatMap((wave) => waveLines(wave, source.sequential === true)),
      ...(source.focus === undefined ? [] : [vscode.l10n.t('Focus: {0}', source.focus)]),
      ...(bypasses ? [`⚠ ${bypassText(agent)}`] : []),
      ...warnings.map((warning) => `⚠ ${warning}`),
    ],
    yes: vscode.l10n.t('Start'),
  });
  if (given !== true) throw new BatonError('cancelled', vscode.l10n.t('Nothing was started'));
}

function waveLines({ number, title, agents, sequential }: PlannedWave, isSequential: boolean): readonly string[] {
  const how = sequential || isSequential ? ` (${vscode.l10n.t('one after another')})` : '';
  return [
    `${vscode.l10n.t('Wave {0}: {1}', number, title)}${how}`,
    ...agents.map(({ id, task, files }) => {
      const scope = files.length === 0 ? vscode.l10n.t('changes nothing') : files.join(', ');
      const [first = ''] = task.split('\n');
      return `   ${id} ${first.length > 80 ? `${first.slice(0, 79).trimEnd()}…` : first} → ${scope}`;
    }),
  ];
}

/** What the pre-flight leaves to the person: a pick, the recommended way first. */
async function chooseByPick({ question, detail, options, recommended }: PreflightChoice): Promise<string | undefined> {
  const items = options
    .map(({ id, label, description }) => ({
      label: plainLabel(localized(label)),
      description: [id === recommended ? vscode.l10n.t('recommended') : '', localized(description)]
        .filter((part) => part !== '')
        .join(': '),
      id,
    }))
    .sort((a, b) => Number(b.id === recommended) - Number(a.id === recommended));
  const chosen = await vscode.window.showQuickPick(items, {
    title: localized(question),
    placeHolder: detail.map(localized).join(' · ').slice(0, 300),
    ignoreFocusOut: true,
  });
  return chosen?.id;
}
