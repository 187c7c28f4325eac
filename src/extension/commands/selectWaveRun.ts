import * as vscode from 'vscode';
import { describeWaveRun } from '../../core/actions/waves/describeWaveRun.ts';
import { listWaveRuns, type WaveRunEntry } from '../../core/actions/waves/listWaveRuns.ts';
import { BatonError } from '../../core/errors.ts';
import type { ShownWaveAgent, ShownWaveRun } from '../../core/model/waves/shownRun.ts';
import type { WaveArgument } from '../agentArguments.ts';
import { runIcon, runParts, waveAgentIcon, waveAgentParts } from '../views/waves/waveText.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import { plainLabel } from './selectSession.ts';
import type { Services } from './services.ts';

/** A wave run and its folder. */
export interface SelectedRun {
  readonly host: ProjectHost;
  readonly entry: WaveRunEntry;
  readonly run: ShownWaveRun;
}

export interface WavePick {
  readonly title: string;
  /** Which runs are offered. */
  readonly offers: (run: ShownWaveRun) => boolean;
}

/**
 * Finds the run that a command is about: the one that its argument names, else the only one that fits, else the one that is picked.
 *
 * @returns undefined where the person picked none
 * @throws BatonError `unknown-wave-run`
 */
export async function selectWaveRun(
  services: Services,
  argument: WaveArgument | undefined,
  pick: WavePick,
): Promise<SelectedRun | undefined> {
  const all = await readAll(services, argument);
  const { id } = argument ?? {};
  if (id !== undefined) {
    const named = all.find(({ run }) => run.id === id) ?? all.findLast(({ run }) => run.label === id);
    if (named !== undefined) return named;
    throw new BatonError('unknown-wave-run', vscode.l10n.t('There is no wave run {0} of Baton.', id), {
      hint: vscode.l10n.t('Runs of other tools are only shown: their STATE.md says how they go on.'),
    });
  }
  const offered = all.filter(({ run }) => pick.offers(run));
  const [first, ...others] = offered;
  if (first === undefined) {
    throw new BatonError('unknown-wave-run', vscode.l10n.t('No wave run fits: {0}.', pick.title), {
      hint: vscode.l10n.t('The view “Current Session” shows them all with their states.'),
    });
  }
  if (others.length === 0) return first;
  const items = offered.toReversed().map((selected) => ({
    iconPath: runIcon(selected.run),
    label: plainLabel(selected.run.title),
    description: plainLabel(runParts(selected.run).join(' · ')),
    detail: plainLabel(selected.run.label),
    selected,
  }));
  const options = { title: pick.title, matchOnDescription: true, matchOnDetail: true };
  return (await vscode.window.showQuickPick(items, options))?.selected;
}

/**
 * Finds the agent that a command is about, in the same way.
 *
 * @returns undefined where the person picked none
 * @throws BatonError `unknown-item`
 */
export async function selectWaveAgent(
  { run }: SelectedRun,
  key: string | undefined,
  pick: { readonly title: string; readonly offers: (agent: ShownWaveAgent) => boolean },
): Promise<ShownWaveAgent | undefined> {
  const all = run.waves.flatMap(({ agents }) => agents);
  if (key !== undefined) {
    const named = all.find((agent) => agent.key === key);
    if (named !== undefined) return named;
    throw new BatonError('unknown-item', vscode.l10n.t('{0} has no agent {1}.', run.title, key));
  }
  const offered = all.filter(pick.offers);
  if (offered.length === 0) {
    throw new BatonError('unknown-item', vscode.l10n.t('No agent fits: {0}.', pick.title), {
      hint: vscode.l10n.t('The view “Agents” shows them all with their states.'),
    });
  }
  if (offered.length === 1) return offered[0];
  const items = offered.toReversed().map((agent) => ({
    iconPath: waveAgentIcon(agent),
    label: plainLabel(agent.task.split('\n')[0] ?? agent.key),
    description: plainLabel(waveAgentParts(agent).join(' · ')),
    agent,
  }));
  return (await vscode.window.showQuickPick(items, { title: pick.title, matchOnDescription: true }))?.agent;
}

async function readAll({ projects }: Services, argument: WaveArgument | undefined): Promise<readonly SelectedRun[]> {
  await projects.load();
  const hosts = typeof argument?.folder === 'string' ? [projects.get(argument.folder)] : projects.all;
  const lists = await Promise.all(
    hosts
      .filter(({ isLocal }) => isLocal)
      .map(async (host) => {
        // Outside of git there are no records.
        const entries = await listWaveRuns({ ports: host.ports }).catch(() => []);
        return entries.map((entry) => ({ host, entry, run: describeWaveRun(entry) }));
      }),
  );
  return lists.flat();
}
