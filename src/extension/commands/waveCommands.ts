import * as vscode from 'vscode';
import { controlWaveRun } from '../../core/actions/waves/controlWaveRun.ts';
import { showWaveRun } from '../../core/actions/waves/listWaveRuns.ts';
import { waveAgentFolder } from '../../core/actions/waves/records.ts';
import { readWaveChanges } from '../../core/actions/waves/waveChanges.ts';
import { BatonError } from '../../core/errors.ts';
import type { ShownWaveRun, WaveAgentVerb, WaveVerb } from '../../core/model/waves/shownRun.ts';
import { endedAgentStatuses, type WaveRequest, type WaveRun } from '../../core/model/waves/waveRun.ts';
import type { WaveArgument } from '../agentArguments.ts';
import { showFolderChanges } from '../changes/changedFiles.ts';
import { followAgent } from '../isolated/logTerminal.ts';
import { openIsolated, runIsolated } from '../isolated/openIsolated.ts';
import { localized } from '../localized.ts';
import { registerCommand } from '../registration.ts';
import { trustGate } from '../workspace/trustGate.ts';
import { registerAutopilotCommand } from './autopilotCommand.ts';
import { openText } from './openText.ts';
import { announce } from './runVerb.ts';
import { type SelectedRun, selectWaveAgent, selectWaveRun } from './selectWaveRun.ts';
import type { Services } from './services.ts';
import { registerStartWaveCommands } from './startWaveCommand.ts';
import { answerStateQuestion, selectStateFile } from './waveState.ts';

const can =
  (verb: WaveVerb) =>
  (run: ShownWaveRun): boolean =>
    run.can.includes(verb);

const canAgent =
  (verb: WaveAgentVerb) =>
  (run: ShownWaveRun): boolean =>
    run.waves.some(({ agents }) => agents.some((agent) => agent.can.includes(verb)));

/** The commands about wave runs. */
export function registerWaveCommands(services: Services): vscode.Disposable[] {
  return [
    ...registerStartWaveCommands(services),
    registerAutopilotCommand(services),
    registerCommand('baton.pauseWaveRun', async (argument) => {
      const run = await control(services, argument, { kind: 'pause', title: vscode.l10n.t('Pause Wave Run') });
      if (run !== undefined) announce(vscode.l10n.t('{0} pauses when its agents have ended', run.plan.title));
      return run;
    }),
    registerCommand('baton.resumeWaveRun', (argument) =>
      control(services, argument, { kind: 'resume', title: vscode.l10n.t('Resume Wave Run') }),
    ),
    registerCommand('baton.abortWaveRun', (argument) =>
      control(services, argument, { kind: 'abort', title: vscode.l10n.t('Abort Wave Run') }),
    ),
    registerCommand('baton.closeWaveRun', (argument) => close(services, argument)),
    registerCommand('baton.stopWaveAgent', (argument) => stopAgent(services, argument)),
    registerCommand('baton.showWaveAgentLog', (argument) => showLog(services, argument)),
    registerCommand('baton.showWaveChanges', (argument) => showChanges(services, argument)),
    registerCommand('baton.openWaveState', async (argument) => {
      const found = await selectStateFile(services, argument);
      if (found !== undefined) await openText(found.host, found.path);
      return found?.path;
    }),
    registerCommand('baton.answerStateQuestion', (argument) => answerStateQuestion(services, argument)),
  ];
}

async function control(
  services: Services,
  argument: WaveArgument | undefined,
  { kind, title }: { readonly kind: Exclude<WaveRequest['kind'], 'stop-agent'>; readonly title: string },
): Promise<WaveRun | undefined> {
  trustGate.require(vscode.l10n.t('an agent'));
  const selected = await selectWaveRun(services, argument, { title, offers: can(kind) });
  if (selected === undefined) return undefined;
  const { host, run } = selected;
  if (kind === 'abort' && !(await mayAbort(services, run))) {
    throw new BatonError('cancelled', vscode.l10n.t('Nothing was changed'));
  }
  return runIsolated(services, host, { title }, (context) =>
    controlWaveRun(context, { kind, id: run.id, ...(argument?.reason && { text: argument.reason }) }),
  );
}

async function mayAbort({ prompt }: Services, run: ShownWaveRun): Promise<boolean> {
  const working = run.waves.flatMap(({ agents }) => agents.filter((agent) => agent.can.includes('stop')));
  const answer = await prompt.confirm({
    question: vscode.l10n.t('Abort {0}?', run.title),
    detail: [
      vscode.l10n.t('What its finished waves did stays. It cannot be resumed.'),
      ...working.map(({ key, task }) => vscode.l10n.t('Is stopped: {0}', `${key}: ${task.split('\n')[0] ?? ''}`)),
    ],
    yes: vscode.l10n.t('Abort'),
  });
  return answer === true;
}

async function close(services: Services, argument: WaveArgument | undefined): Promise<unknown> {
  const title = vscode.l10n.t('Close Wave Run');
  trustGate.require(vscode.l10n.t('an agent'));
  const selected = await selectWaveRun(services, argument, { title, offers: can('close') });
  if (selected === undefined) return undefined;
  const [{ closeWaveRun }, { decideByPick }] = await Promise.all([
    import('../../core/actions/waves/closeWaveRun.ts'),
    import('./waveProposals.ts'),
  ]);
  const { id } = selected.run;
  const closed = await runIsolated(services, selected.host, { title }, (context) =>
    closeWaveRun(context, { id, decide: decideByPick }),
  );
  announce(vscode.l10n.t('{0} is closed', selected.run.title));
  if (closed.carriedOver.length > 0) {
    const left = closed.carriedOver.map(localized).join('; ');
    void vscode.window.showInformationMessage(vscode.l10n.t('Left undone: {0}', left));
  }
  return closed;
}

async function stopAgent(services: Services, argument: WaveArgument | undefined): Promise<WaveRun | undefined> {
  const title = vscode.l10n.t('Stop Agent of a Wave');
  trustGate.require(vscode.l10n.t('an agent'));
  const selected = await selectWaveRun(services, argument, { title, offers: canAgent('stop') });
  if (selected === undefined) return undefined;
  const offers = ({ can: verbs }: { readonly can: readonly WaveAgentVerb[] }) => verbs.includes('stop');
  const agent = await selectWaveAgent(selected, argument?.agent, { title, offers });
  if (agent === undefined) return undefined;
  return runIsolated(services, selected.host, { title }, (context) =>
    controlWaveRun(context, {
      kind: 'stop-agent',
      id: selected.run.id,
      agent: agent.key,
      ...(argument?.reason && { text: argument.reason }),
    }),
  );
}

async function showLog(services: Services, argument: WaveArgument | undefined): Promise<string | undefined> {
  const title = vscode.l10n.t('Show Agent Log');
  const selected = await selectWaveRun(services, argument, { title, offers: canAgent('log') });
  if (selected === undefined) return undefined;
  const agent = await selectWaveAgent(selected, argument?.agent, { title, offers: (one) => one.can.includes('log') });
  if (agent === undefined) return undefined;
  const { host, entry } = selected;
  const { ports } = host;
  const { run } = entry;
  return followAgent({
    of: agent.key,
    head: vscode.l10n.t('{0} of {1}, by {2}', agent.key, run.plan.title, run.agent),
    agent: run.agent,
    path: async () => ports.localState.locate(`${waveAgentFolder(run.id, agent.key)}/output.log`),
    isOver: () => hasAgentEnded(selected, agent.key),
  });
}

async function hasAgentEnded({ host, run }: SelectedRun, key: string): Promise<boolean> {
  const now = await showWaveRun({ ports: host.ports }, run.id).catch(() => undefined);
  const agent = now?.run.agents.find((one) => one.key === key);
  return agent === undefined || endedAgentStatuses.includes(agent.status);
}

async function showChanges(
  services: Services,
  argument: WaveArgument | undefined,
): Promise<readonly string[] | undefined> {
  const title = vscode.l10n.t('Show Changes of a Wave');
  const selected = await selectWaveRun(services, argument, { title, offers: can('changes') });
  if (selected === undefined) return undefined;
  const { host, entry, run } = selected;
  const { wave, agent } = argument ?? {};
  const context = await openIsolated(host, host.createContext());
  const changes = await readWaveChanges(context, entry.run, {
    ...(agent !== undefined && { agent }),
    ...(wave !== undefined && { wave }),
  });
  const about = aboutOf(run, { wave, agent });
  return showFolderChanges(host, {
    ...changes,
    title: vscode.l10n.t('{0} of {1}', about, run.title),
    none: vscode.l10n.t('{0} has changed no files.', about),
  });
}

function aboutOf(
  run: ShownWaveRun,
  { wave, agent }: { readonly wave: number | undefined; readonly agent: string | undefined },
): string {
  if (agent !== undefined) return agent;
  return wave === undefined ? run.label : vscode.l10n.t('Wave {0}', wave);
}
