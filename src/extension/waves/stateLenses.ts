import * as vscode from 'vscode';
import { parseState } from '../../core/formats/state.ts';
import { readStateSections } from '../../core/formats/waves/stateSections.ts';
import { createLineIndex } from '../../core/markdown/lines.ts';
import type { ShownWaveRun } from '../../core/model/waves/shownRun.ts';
import { commandLink } from '../registration.ts';
import { runWord } from '../views/waves/waveText.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import type { Projects } from '../workspace/projects.ts';

/** Code lenses in STATE.md: what can be done with the run, answers to open questions, the logs of agents. */
export class WaveStateLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #projects: Projects;
  readonly #runsOf: (folder: string) => readonly ShownWaveRun[];
  readonly #changed = new vscode.EventEmitter<void>();
  #registration: vscode.Disposable | undefined;
  #selector = '';

  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(projects: Projects, runsOf: (folder: string) => readonly ShownWaveRun[]) {
    this.#projects = projects;
    this.#runsOf = runsOf;
  }

  /** Says that files or runs may be others now. */
  refresh(): void {
    this.#register();
    this.#changed.fire();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const host = this.#projects.find(document.uri);
    const path = host?.pathOf(document.uri);
    if (host === undefined || path === undefined) return [];
    if (!host.workspace?.waveStates?.some((state) => state.path === path)) return [];
    return lensesOf(host, path, document.getText(), this.#runsOf(host.id));
  }

  dispose(): void {
    this.#registration?.dispose();
    this.#changed.dispose();
  }

  /** Never for all markdown: only for the files that the snapshots name. */
  #register(): void {
    const filters = this.#projects.all.flatMap(({ folder, workspace }) =>
      (workspace?.waveStates ?? []).map(({ path }) => ({
        language: 'markdown',
        pattern: new vscode.RelativePattern(folder, path.replace(/[[\]{}*?]/g, '?')),
      })),
    );
    const selector = JSON.stringify(filters.map(({ pattern }) => [pattern.baseUri.toString(), pattern.pattern]));
    if (selector === this.#selector) return;
    this.#selector = selector;
    this.#registration?.dispose();
    this.#registration = filters.length === 0 ? undefined : vscode.languages.registerCodeLensProvider(filters, this);
  }
}

function lensesOf(host: ProjectHost, path: string, text: string, runs: readonly ShownWaveRun[]): vscode.CodeLens[] {
  const lines = createLineIndex(text);
  const lens = (offset: number, command: vscode.Command): vscode.CodeLens => {
    const { line } = lines.positionAt(offset);
    return new vscode.CodeLens(new vscode.Range(line, 0, line, 0), command);
  };
  const run = runs.find(({ stateFile, source }) => source === 'record' && stateFile === path);
  const { value: state } = parseState(text, path);
  const questions = readStateSections(text).questions.filter(({ isAnswered }) => !isAnswered);
  const answer = vscode.l10n.t('Answer');
  return [
    ...(run === undefined ? [] : runCommands(host, run)).map((command) => lens(0, command)),
    ...questions.map(({ question, range }) =>
      lens(
        range.start,
        commandLink('baton.answerStateQuestion', answer, { folder: host.id, stateFile: path, question }),
      ),
    ),
    ...(run === undefined ? [] : state.waves).flatMap(({ number, range }) =>
      waveCommands(host, run, number).map((command) => lens(range.start, command)),
    ),
  ];
}

function runCommands(host: ProjectHost, run: ShownWaveRun): readonly vscode.Command[] {
  const argument = { folder: host.id, id: run.id };
  const titled = (title: string): string => `${title} (${runWord(run.status)})`;
  const all = [
    ['pause', commandLink('baton.pauseWaveRun', titled(vscode.l10n.t('Pause Run')), argument)],
    ['resume', commandLink('baton.resumeWaveRun', titled(vscode.l10n.t('Resume Run')), argument)],
    ['close', commandLink('baton.closeWaveRun', titled(vscode.l10n.t('Close Run')), argument)],
  ] as const;
  const asked = run.questions.flatMap(({ item }) => item ?? []);
  return [
    ...all.flatMap(([verb, command]) => (run.can.includes(verb) ? [command] : [])),
    ...asked.map((id) =>
      commandLink('baton.answerQuestion', vscode.l10n.t('Answer Question'), { folder: host.id, id }),
    ),
  ];
}

function waveCommands(host: ProjectHost, run: ShownWaveRun | undefined, number: number): readonly vscode.Command[] {
  const wave = run?.waves.find((one) => one.number === number);
  if (run === undefined || wave === undefined || wave.agents.length === 0) return [];
  const argument = { folder: host.id, id: run.id, wave: number };
  const logs = wave.agents.filter(({ can }) => can.includes('log'));
  return [
    commandLink('baton.showWaveChanges', vscode.l10n.t('Show Changes'), argument),
    ...logs.map(({ key }) =>
      commandLink('baton.showWaveAgentLog', vscode.l10n.t('Log of {0}', key), { ...argument, agent: key }),
    ),
  ];
}
