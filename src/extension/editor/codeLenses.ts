import * as vscode from 'vscode';
import { parsePlan } from '../../core/formats/plan.ts';
import { parseProgress } from '../../core/formats/progress.ts';
import { createLineIndex } from '../../core/markdown/lines.ts';
import type { ShownState } from '../../core/model/shownState.ts';
import type { SessionEntry } from '../../core/model/workspace.ts';
import { commandLink, onDidChangeSetting, readSetting } from '../registration.ts';
import { isWorktreeFree } from '../views/sessions/model.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import type { Projects } from '../workspace/projects.ts';
import { rowState } from './rowState.ts';

/** Code lenses on the rows of progress tables and the headings of plans, made from the document's own text, saved or not. */
export class SessionCodeLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #projects: Projects;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #owned: vscode.Disposable[];
  #registration: vscode.Disposable | undefined;
  #selector = '';

  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(projects: Projects) {
    this.#projects = projects;
    this.#owned = [
      this.#changed,
      projects.onDidChange(() => {
        this.#register();
        this.#changed.fire();
      }),
      onDidChangeSetting(['baton.codeLens.progressRows', 'baton.codeLens.planHeadings'], () => this.#changed.fire()),
    ];
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const host = this.#projects.find(document.uri);
    const path = host?.pathOf(document.uri);
    const { workspace } = host ?? {};
    if (host === undefined || path === undefined || workspace === undefined) return [];
    if (workspace.progress.some((progress) => progress.path === path)) return progressLenses(host, document, path);
    if (workspace.plans.some((plan) => plan.path === path)) return planLenses(host, document, path);
    return [];
  }

  dispose(): void {
    this.#registration?.dispose();
    for (const one of this.#owned) one.dispose();
  }

  /** Never for all markdown: only for the files that the snapshots name. */
  #register(): void {
    const filters = this.#projects.withFiles.flatMap(({ folder, workspace }) =>
      [...(workspace?.progress ?? []), ...(workspace?.plans ?? [])].map(({ path }) => ({
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

/** What a lens is about. */
interface LensTarget {
  readonly folder: string;
  readonly id: string;
  readonly project?: string;
}

function progressLenses(host: ProjectHost, document: vscode.TextDocument, path: string): vscode.CodeLens[] {
  const shown = readSetting('baton.codeLens.progressRows', document.uri);
  if (shown === 'off') return [];
  const { value } = parseProgress(document.getText(), path);
  return value.tables.flatMap((table) =>
    table.rows.flatMap((row) => {
      const entry = findEntry(
        host,
        row.id,
        (one) => one.progressPath === path && (table.repository === undefined || one.repository === table.repository),
      );
      const state = rowState(row, entry);
      if (shown === 'activeAndReady' && !isActiveOrReady(state, entry)) return [];
      const target = { folder: host.id, id: row.id, ...(entry === undefined ? {} : { project: entry.project }) };
      const range = new vscode.Range(row.line, 0, row.line, 0);
      return rowCommands(host, state, target, entry).map((command) => new vscode.CodeLens(range, command));
    }),
  );
}

/** A session that failed or was rolled back can be started as well as a pending one. */
function isActiveOrReady(state: ShownState, entry: SessionEntry | undefined): boolean {
  if (state === 'failed' || state === 'retry') return entry?.waitingFor.length === 0;
  return state === 'active' || state === 'ready';
}

/** What can be done with a row in this state. */
function rowCommands(
  host: ProjectHost,
  state: ShownState,
  target: LensTarget,
  entry: SessionEntry | undefined,
): vscode.Command[] {
  const ifFree = (command: vscode.Command) =>
    host.workspace !== undefined && isWorktreeFree(host.workspace) ? [command] : [];
  const prompt =
    entry?.plan?.prompt === undefined ? [] : [commandLink('baton.openPrompt', vscode.l10n.t('Open Prompt'), target)];
  const changes =
    entry?.commit === undefined ? [] : [commandLink('baton.showChanges', vscode.l10n.t('Show Changes'), target)];
  switch (state) {
    case 'active':
      if (entry?.activeHere === false) return prompt;
      return [
        commandLink('baton.checkpointSession', vscode.l10n.t('Checkpoint'), { folder: target.folder }),
        commandLink('baton.verifySession', vscode.l10n.t('Verify'), { folder: target.folder }),
        commandLink('baton.completeSession', vscode.l10n.t('Complete'), { folder: target.folder }),
        commandLink('baton.showChanges', vscode.l10n.t('Show Changes'), target),
        ...prompt,
      ];
    case 'ready':
      return [...ifFree(commandLink('baton.startSession', vscode.l10n.t('Start'), target)), ...prompt];
    case 'paused':
      return [...ifFree(commandLink('baton.resumeSession', vscode.l10n.t('Resume'), target)), ...prompt];
    case 'failed':
    case 'retry':
      return [
        ...ifFree(commandLink('baton.startSession', vscode.l10n.t('Start Again'), target)),
        ...changes,
        ...prompt,
      ];
    case 'done':
      return [...changes, ...prompt];
    default:
      return prompt;
  }
}

function planLenses(host: ProjectHost, document: vscode.TextDocument, path: string): vscode.CodeLens[] {
  if (!readSetting('baton.codeLens.planHeadings', document.uri)) return [];
  const text = document.getText();
  const lines = createLineIndex(text);
  return parsePlan(text, path).value.sessions.flatMap((session) => {
    const entry = findEntry(host, session.id, (one) => one.planPath === path);
    const { line } = lines.positionAt(session.headingRange.start);
    const range = new vscode.Range(line, 0, line, 0);
    const target = { folder: host.id, id: session.id, ...(entry === undefined ? {} : { project: entry.project }) };
    const row = entry?.row === undefined ? [] : [commandLink('baton.openProgress', vscode.l10n.t('Show Row'), target)];
    const state = rowState(undefined, entry);
    // The prompt is right below the heading: no lens for that.
    const commands = rowCommands(host, state, target, entry).filter(({ command }) => command !== 'baton.openPrompt');
    return [...commands, ...row].map((command) => new vscode.CodeLens(range, command));
  });
}

function findEntry(host: ProjectHost, id: string, fits: (entry: SessionEntry) => boolean): SessionEntry | undefined {
  const same = host.workspace?.sessions.filter((entry) => entry.id === id) ?? [];
  return same.find(fits) ?? (same.length === 1 ? same[0] : undefined);
}
