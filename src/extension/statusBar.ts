import * as vscode from 'vscode';
import { commandLink, onDidChangeSetting, readSetting } from './registration.ts';
import { formatMinutes, minutesBetween } from './views/times.ts';
import type { ProjectHost } from './workspace/projectHost.ts';
import type { Projects } from './workspace/projects.ts';

/** What the status bar says of wave runs. */
export interface WaveStatus {
  /** Empty: nothing. */
  readonly text: string;
  readonly label: string;
  /** Further lines of the tooltip: the lock, other sessions. */
  readonly details: readonly string[];
}

/** The status bar item: the active session, its progress and its time. */
export class StatusBar implements vscode.Disposable {
  readonly #item: vscode.StatusBarItem;
  readonly #projects: Projects;
  readonly #owned: vscode.Disposable[];
  #isShown = false;
  #needs = 0;
  #waves: WaveStatus = { text: '', label: '', details: [] };

  constructor(projects: Projects) {
    this.#projects = projects;
    this.#item = vscode.window.createStatusBarItem('baton.activeSession', vscode.StatusBarAlignment.Left, 20);
    this.#item.name = vscode.l10n.t('Baton: Active Session');
    this.#owned = [
      this.#item,
      projects.onDidChange(() => this.update()),
      vscode.window.onDidChangeActiveTextEditor(() => this.update()),
      onDidChangeSetting(['baton.statusBar.shown'], () => this.update()),
    ];
  }

  /** What is shown; undefined while hidden. */
  get text(): string | undefined {
    return this.#isShown ? this.#item.text : undefined;
  }

  /** Says how many questions, verdicts and failures of agents wait for a person. */
  setNeeds(count: number): void {
    if (this.#needs === count) return;
    this.#needs = count;
    this.update();
  }

  /** Says how the wave run stands, and who else is at work. */
  setWaves(status: WaveStatus): void {
    if (JSON.stringify(this.#waves) === JSON.stringify(status)) return;
    this.#waves = status;
    this.update();
  }

  /** What the tooltip says. */
  get tooltip(): string {
    return String(this.#item.tooltip);
  }

  /** Says what holds now; also called each minute for the elapsed time. */
  update(): void {
    const host = this.#hostInFront();
    this.#isShown = host !== undefined && hasSomethingToSay(host) && readSetting('baton.statusBar.shown');
    if (host === undefined || !this.#isShown) {
      this.#item.hide();
      return;
    }
    const { text, label: about } = describe(host);
    const waves = this.#waves;
    const isNeeded = this.#needs > 0;
    const label = [about, waves.label, isNeeded ? needsText(this.#needs) : ''].filter(Boolean).join(', ');
    this.#item.text = [text, waves.text, isNeeded ? `$(bell-dot) ${this.#needs}` : ''].filter(Boolean).join(' ');
    this.#item.accessibilityInformation = { label, role: 'button' };
    this.#item.tooltip = [label, ...waves.details].join('\n');
    this.#item.command = commandLink('baton.showActions', vscode.l10n.t('What Can Be Done Now'), { folder: host.id });
    this.#item.show();
  }

  dispose(): void {
    for (const one of this.#owned) one.dispose();
  }

  /** The folder of the file in front, else the one with an active session, else the first with state files. */
  #hostInFront(): ProjectHost | undefined {
    const hosts = this.#projects.withFiles;
    const inFront = this.#projects.find(vscode.window.activeTextEditor?.document.uri);
    if (inFront?.hasStateFiles === true) return inFront;
    return hosts.find((host) => host.workspace?.sessionFile?.kind === 'session') ?? hosts[0];
  }
}

/** Says how many things wait for a person. */
export function needsText(count: number): string {
  return count === 1 ? vscode.l10n.t('1 thing needs you') : vscode.l10n.t('{0} things need you', count);
}

/** A project without sessions would only say 0 of 0. */
function hasSomethingToSay({ workspace }: ProjectHost): boolean {
  return workspace?.sessionFile?.kind === 'session' || (workspace?.sessions.length ?? 0) > 0;
}

function describe(host: ProjectHost): { readonly text: string; readonly label: string } {
  const file = host.workspace?.sessionFile;
  if (file?.kind !== 'session' || file.id === undefined) {
    const sessions = host.workspace?.sessions ?? [];
    const done = sessions.filter(({ status }) => status === 'done').length;
    const ready = sessions.filter((session) => session.ready).length;
    return {
      text: `$(checklist) ${done}/${sessions.length}`,
      label: vscode.l10n.t('No session is active: {0} of {1} done, {2} ready', done, sessions.length, ready),
    };
  }
  const done = file.checklist.filter((item) => item.checked).length;
  const total = file.checklist.length;
  const minutes = minutesBetween(file.startedAt);
  const elapsed = minutes === undefined ? undefined : formatMinutes(minutes);
  const id = file.id.replace(/\$\(/g, '$\u200B(');
  const text = [`$(checklist) ${id}`, total === 0 ? undefined : `${done}/${total}`, elapsed]
    .filter((part) => part !== undefined)
    .join(' ');
  const label = [
    vscode.l10n.t('{0} is active', file.id),
    total === 0 ? undefined : vscode.l10n.t('{0} of {1} items done', done, total),
    elapsed === undefined ? undefined : vscode.l10n.t('for {0}', elapsed),
  ];
  return { text, label: label.filter((part) => part !== undefined).join(', ') };
}
