import * as vscode from 'vscode';
import { openQuestionsOf } from '../../core/actions/waves/describeWaveRun.ts';
import { BatonError } from '../../core/errors.ts';
import type { WaveState } from '../../core/model/waveState.ts';
import type { StateQuestionArgument, WaveArgument } from '../agentArguments.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import { runVerb } from './runVerb.ts';
import { plainLabel } from './selectSession.ts';
import type { Services } from './services.ts';

interface FoundState {
  readonly host: ProjectHost;
  readonly path: string;
}

/**
 * Finds the STATE.md that a command is about: that of the run which its argument names, else the only one, else the one that is picked.
 *
 * @throws BatonError `unknown-item` where there is none
 */
export async function selectStateFile(
  services: Services,
  argument: (WaveArgument & { readonly stateFile?: string }) | undefined,
): Promise<FoundState | undefined> {
  const { projects } = services;
  await projects.load();
  const hosts = typeof argument?.folder === 'string' ? [projects.get(argument.folder)] : projects.all;
  const all = hosts.flatMap((host) => (host.workspace?.waveStates ?? []).map(({ path }) => ({ host, path })));
  const named = argument?.stateFile ?? (await stateFileOf(hosts, argument?.id));
  const found = named === undefined ? all : all.filter(({ path }) => path === named);
  const [first, ...others] = found;
  if (first === undefined) {
    throw new BatonError('unknown-item', vscode.l10n.t('There is no STATE.md of a wave run here.'));
  }
  if (others.length === 0) return first;
  const items = found.map((one) => ({ label: plainLabel(one.path), description: one.host.folder.name, one }));
  return (await vscode.window.showQuickPick(items, { title: vscode.l10n.t('State File') }))?.one;
}

async function stateFileOf(hosts: readonly ProjectHost[], id: string | undefined): Promise<string | undefined> {
  if (id === undefined) return undefined;
  if (id.startsWith('state:')) return id.slice('state:'.length);
  const { readWaveRuns } = await import('../../core/actions/waves/records.ts');
  for (const { ports } of hosts.filter(({ isLocal }) => isLocal)) {
    const found = (await readWaveRuns(ports.localState).catch(() => [])).find((run) => run.id === id);
    if (found !== undefined) return found.stateFile;
  }
  return undefined;
}

/** Answers an open question of a STATE.md: the one that the argument names, else the only one, else the one that is picked. */
export async function answerStateQuestion(
  services: Services,
  argument: StateQuestionArgument | undefined,
): Promise<string | undefined> {
  const found = await selectStateFile(services, argument);
  if (found === undefined) return undefined;
  const { host, path } = found;
  const state = host.workspace?.waveStates?.find((one) => one.path === path);
  const question = argument?.question ?? (await pickQuestion(state));
  if (question === undefined) return undefined;
  const text =
    argument?.text ?? (await vscode.window.showInputBox({ title: question, prompt: question, ignoreFocusOut: true }));
  if (text === undefined || text.trim() === '') return undefined;
  const [{ editStateFile }, { answerOpenQuestion }] = await Promise.all([
    import('../../core/actions/waves/stateFile.ts'),
    import('../../core/formats/waves/stateEdits.ts'),
  ]);
  await runVerb(services, host, { title: vscode.l10n.t('Answer'), savesFirst: true }, async (context) => {
    await editStateFile(context, { file: path, edit: (before) => answerOpenQuestion(before, question, text.trim()) });
    return { warnings: [] };
  });
  return text.trim();
}

async function pickQuestion(state: WaveState | undefined): Promise<string | undefined> {
  const open = state === undefined ? [] : openQuestionsOf(state).map(({ text }) => text);
  if (open.length === 0) {
    throw new BatonError('unknown-item', vscode.l10n.t('No question is open in {0}.', state?.path ?? 'STATE.md'));
  }
  if (open.length === 1) return open[0];
  const items = open.map((question) => ({ label: plainLabel(question), question }));
  return (await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Answer a Question') }))?.question;
}
