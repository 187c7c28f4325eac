import * as vscode from 'vscode';
import type { FileProblems, Workspace } from '../../core/model/workspace.ts';
import type { Logger } from '../../core/ports/logger.ts';
import type { ProblemList } from '../commands/problemList.ts';
import { onDidChangeSetting, readSetting } from '../registration.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import type { Projects } from '../workspace/projects.ts';
import { trustGate } from '../workspace/trustGate.ts';
import { CommitLook } from './commitLook.ts';
import type { StateDocuments } from './stateDocuments.ts';

/** How long nothing must be typed before the files are checked. */
const quietMs = 300;

export interface LiveProblemsParts {
  readonly projects: Projects;
  readonly documents: StateDocuments;
  readonly problems: ProblemList;
  readonly logger: Logger;
}

/** Checks the state files of each folder as people type, on the unsaved texts of its editors, and shows the problems: those of closed files too. */
export class LiveProblems implements vscode.Disposable {
  readonly #parts: LiveProblemsParts;
  readonly #owned: { dispose(): void }[];
  /** What waits to be checked, by the ID of the folder or the URI of the untitled document. */
  readonly #waiting = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #commits = new WeakMap<ProjectHost, CommitLook>();
  readonly #untitled = new Set<string>();
  /** Folders of which problems are shown. */
  readonly #hosts = new Set<ProjectHost>();

  constructor(parts: LiveProblemsParts) {
    this.#parts = parts;
    const { projects } = parts;
    this.#owned = [
      projects.onDidChange((change) => {
        if (change === undefined) return this.#checkAll();
        // HEAD moved: what git did not know it may know now.
        if (change.change === undefined) this.#lookOf(change.host).forget();
        this.#checkHost(change.host);
        this.#checkUntitled();
      }),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.#documentChanged(document);
      }),
      vscode.workspace.onDidOpenTextDocument((document) => this.#documentChanged(document)),
      vscode.workspace.onDidCloseTextDocument((document) => this.#documentClosed(document)),
      trustGate.onDidGrant(() => this.#checkAll()),
      onDidChangeSetting(['baton.diagnostics.enabled'], () => this.#checkAll()),
    ];
    this.#checkAll();
  }

  dispose(): void {
    for (const one of this.#owned) one.dispose();
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
  }

  #checkAll(): void {
    // A folder that was taken out of the window takes its problems with it.
    const { projects, problems } = this.#parts;
    for (const host of this.#hosts) {
      if (projects.all.includes(host)) continue;
      this.#hosts.delete(host);
      problems.clear(host);
    }
    for (const host of this.#parts.projects.all) this.#checkHost(host);
    this.#checkUntitled();
  }

  #checkUntitled(): void {
    for (const document of vscode.workspace.textDocuments) if (document.isUntitled) this.#documentChanged(document);
  }

  #documentChanged(document: vscode.TextDocument): void {
    if (document.isUntitled) {
      if (document.languageId !== 'markdown') return;
      this.#schedule(document.uri.toString(), () => this.#showUntitled(document));
      return;
    }
    const host = this.#parts.projects.find(document.uri);
    const path = host?.pathOf(document.uri);
    if (host === undefined || path === undefined) return;
    if (host.store.rolesOf(path).length > 0 || mayHoldWaves(document, path)) this.#checkHost(host);
  }

  #documentClosed(document: vscode.TextDocument): void {
    if (document.isUntitled) {
      this.#untitled.delete(document.uri.toString());
      this.#parts.problems.clearUntitled(document.uri);
    } else this.#documentChanged(document);
  }

  #checkHost(host: ProjectHost): void {
    this.#schedule(host.id, () => this.#showHost(host));
  }

  /** Runs when nothing was asked for a while, one run of a kind at a time. */
  #schedule(key: string, run: () => Promise<void>): void {
    clearTimeout(this.#waiting.get(key));
    const start = (): void => {
      if (this.#running.has(key)) {
        this.#waiting.set(key, setTimeout(start, quietMs));
        return;
      }
      this.#waiting.delete(key);
      const running = run()
        .catch((error: unknown) => this.#parts.logger.error('Checking the state files failed.', error))
        .finally(() => this.#running.delete(key));
      this.#running.set(key, running);
    };
    this.#waiting.set(key, setTimeout(start, quietMs));
  }

  async #showHost(host: ProjectHost): Promise<void> {
    const { documents, problems, projects } = this.#parts;
    if (!projects.all.includes(host)) return problems.clear(host);
    if (!readSetting('baton.diagnostics.enabled', host.folder.uri)) return problems.clear(host);
    const workspace = await documents.overlayOf(host);
    if (workspace === undefined) return;
    const texts = new Map(textsOf(workspace));
    const textOf = (path: string) => texts.get(path) ?? host.ports.files.readText(path).catch(() => undefined);
    this.#hosts.add(host);
    const inWavePlans = await problemsOfWavePlans(host, texts);
    await problems.show(host, [...documents.problemsOf(host, workspace), ...inWavePlans], textOf);
    const look = this.#lookOf(host);
    if (!(await look.look(workspace))) return;
    documents.setUnknownCommits(host, look.unknown);
    this.#checkHost(host);
  }

  async #showUntitled(document: vscode.TextDocument): Promise<void> {
    const { documents, problems } = this.#parts;
    const key = document.uri.toString();
    const isOn = readSetting('baton.diagnostics.enabled', document.uri);
    const file = isOn && !document.isClosed ? await documents.find(document) : undefined;
    if (file !== undefined && !document.isClosed) {
      this.#untitled.add(key);
      problems.showUntitled(document, file.text, file.problems());
    } else if (this.#untitled.delete(key)) problems.clearUntitled(document.uri);
  }

  #lookOf(host: ProjectHost): CommitLook {
    const look = this.#commits.get(host) ?? new CommitLook(host);
    this.#commits.set(host, look);
    return look;
  }
}

/** The texts in which the ranges of a snapshot's problems are. */
function textsOf(workspace: Workspace): ReadonlyMap<string, string> {
  const { plans, progress, paused, sessionFile, taskLists, waveStates = [] } = workspace;
  const own = sessionFile === undefined ? [] : [sessionFile];
  const lists = taskLists.map(({ list }) => list);
  return new Map(
    [...plans, ...progress, ...paused, ...own, ...lists, ...waveStates].map(({ path, text }) => [path, text]),
  );
}

/** Where the command makes them; elsewhere a heading of a wave tells one. */
function mayHoldWaves(document: vscode.TextDocument, path: string): boolean {
  if (document.languageId !== 'markdown') return false;
  return path.startsWith('docs/waves/') || /^#{2,4}[ \t]+(?:\*\*)?wave[ \t]/im.test(document.getText());
}

/** Checks the folder's documents with wave plans, those that are open with their unsaved texts, which are added to `texts`. */
async function problemsOfWavePlans(host: ProjectHost, texts: Map<string, string>): Promise<readonly FileProblems[]> {
  const open = new Map<string, string>();
  for (const document of vscode.workspace.textDocuments) {
    const path = host.pathOf(document.uri);
    if (path !== undefined && mayHoldWaves(document, path)) open.set(path, document.getText());
  }
  const { checkWavePlans } = await import('../../core/actions/waves/checkWavePlans.ts');
  const found = await checkWavePlans(host, {
    also: [...open.keys()],
    textOf: (path) => open.get(path),
    isOther: (path) => host.store.isStateFile(path),
  });
  for (const { path } of found) {
    const text = open.get(path);
    if (text !== undefined) texts.set(path, text);
  }
  return found;
}
