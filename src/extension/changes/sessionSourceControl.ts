import * as vscode from 'vscode';
import { type SessionRange, sessionRange } from '../../core/actions/sessionRange.ts';
import { isStateInWork, isTemporary } from '../../core/actions/workRepository.ts';
import { BatonError } from '../../core/errors.ts';
import type { FileDifference } from '../../core/ports/git.ts';
import type { Log } from '../log.ts';
import { onDidChangeSetting, readSetting } from '../registration.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import type { Projects } from '../workspace/projects.ts';
import { trustGate } from '../workspace/trustGate.ts';
import { sidesOf } from './showChanges.ts';

/** After a file's event, so that a burst (a build, a checkout) is asked about once. */
const quietMs = 400;

/** Git is asked no more often than this while files keep changing. */
const leastBetweenMs = 1_500;

/** A file of the group. */
export interface ChangedFileState extends vscode.SourceControlResourceState {
  readonly kind: FileDifference['kind'];
}

/** Shows for each folder with an active session which files it has changed, in the Source Control view. */
export class SessionSourceControls implements vscode.Disposable {
  readonly #projects: Projects;
  readonly #log: Log;
  readonly #shown = new Map<string, SessionSourceControl>();
  readonly #owned: vscode.Disposable[];

  constructor(projects: Projects, log: Log) {
    this.#projects = projects;
    this.#log = log;
    this.#owned = [
      projects.onDidChange((change) => this.#update(change?.host)),
      trustGate.onDidGrant(() => this.#update(undefined)),
      onDidChangeSetting(['baton.scm.shown'], () => this.#update(undefined)),
    ];
    this.#update(undefined);
  }

  /** The groups that are shown, for tests: label and files of each. */
  get groups(): readonly { readonly label: string; readonly files: readonly ChangedFileState[] }[] {
    return [...this.#shown.values()].flatMap((one) => one.group ?? []);
  }

  dispose(): void {
    for (const one of [...this.#owned, ...this.#shown.values()]) one.dispose();
    this.#shown.clear();
  }

  #update(changed: ProjectHost | undefined): void {
    const hosts = this.#projects.all.filter(
      (host) => isShown(host) && trustGate.isTrusted && readSetting('baton.scm.shown', host.folder.uri),
    );
    for (const [id, control] of this.#shown) {
      if (hosts.some((host) => host.id === id)) continue;
      control.dispose();
      this.#shown.delete(id);
    }
    for (const host of hosts) {
      const known = this.#shown.get(host.id);
      if (known === undefined) this.#shown.set(host.id, new SessionSourceControl(host, this.#log));
      else if (changed === undefined || changed === host) known.refreshSoon();
    }
  }
}

function isShown({ workspace, isLocal }: ProjectHost): boolean {
  return isLocal && workspace?.sessionFile?.kind === 'session' && workspace.sessionFile.id !== undefined;
}

/** The group of one folder. It is made when git has answered first, so that a folder without git shows none. */
class SessionSourceControl implements vscode.Disposable {
  readonly #host: ProjectHost;
  readonly #log: Log;
  readonly #watchers = new Map<string, vscode.Disposable>();
  #control: vscode.SourceControl | undefined;
  #group: vscode.SourceControlResourceGroup | undefined;
  #range: { readonly key: string; readonly range: SessionRange } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = false;
  #again = false;
  #lastAt = 0;
  #isDisposed = false;

  constructor(host: ProjectHost, log: Log) {
    this.#host = host;
    this.#log = log;
    this.refreshSoon(0);
  }

  get group(): { readonly label: string; readonly files: readonly ChangedFileState[] } | undefined {
    const group = this.#group;
    return group && { label: group.label, files: group.resourceStates as ChangedFileState[] };
  }

  refreshSoon(delayMs = quietMs): void {
    if (this.#isDisposed) return;
    clearTimeout(this.#timer);
    const wait = Math.max(delayMs, this.#lastAt + leastBetweenMs - Date.now());
    this.#timer = setTimeout(() => void this.#refresh(), wait);
  }

  dispose(): void {
    this.#isDisposed = true;
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers.values()) watcher.dispose();
    this.#watchers.clear();
    this.#hide();
  }

  /** One question at a time; what changes meanwhile asks once more. */
  async #refresh(): Promise<void> {
    if (this.#running) {
      this.#again = true;
      return;
    }
    this.#running = true;
    try {
      await this.#ask();
    } catch (error) {
      this.#hide();
      // No repository, or a start that is not known: the group has nothing to say, the log does.
      const message = error instanceof Error ? error.message : String(error);
      if (BatonError.is(error)) this.#log.info(`No changes of the session are shown: ${message}`);
      else this.#log.error('The files of the session could not be listed.', error);
    } finally {
      this.#lastAt = Date.now();
      this.#running = false;
    }
    if (this.#again) {
      this.#again = false;
      this.refreshSoon();
    }
  }

  async #ask(): Promise<void> {
    const range = await this.#findRange();
    if (range === undefined) return;
    const found = await range.place.work.compareWorkingTree(range.from);
    if (this.#control === undefined) await waitForGit();
    if (this.#isDisposed) return;
    this.#watch(range.place.work.topLevel);
    const files = found.filter(({ path }) => !isTemporary(path) && !isStateInWork(range.workspace, range.place, path));
    this.#show(range, files);
  }

  /** Where the session began does not change while its SESSION.md names the same start; then git need not be asked again. */
  async #findRange(): Promise<SessionRange | undefined> {
    const file = this.#host.workspace?.sessionFile;
    if (file?.id === undefined) return undefined;
    const key = JSON.stringify([
      file.id,
      file.startRef,
      file.startedAt,
      file.startRef === undefined && file.checkpoints,
    ]);
    if (this.#range?.key === key) return this.#range.range;
    const range = await sessionRange(this.#host.createContext());
    this.#range = { key, range };
    return range;
  }

  #show(range: SessionRange, files: readonly FileDifference[]): void {
    const several = (vscode.workspace.workspaceFolders?.length ?? 0) > 1;
    // Without a root: with that of git's own provider it could take over git's items in the status bar.
    this.#control ??= vscode.scm.createSourceControl(
      'baton',
      several ? vscode.l10n.t('Baton ({0})', this.#host.folder.name) : 'Baton',
    );
    this.#control.inputBox.visible = false;
    // Git counts these files already.
    this.#control.count = 0;
    const label = vscode.l10n.t('Changes of {0}', range.target.id);
    this.#group ??= this.#control.createResourceGroup('changes', label);
    this.#group.label = label;
    this.#group.hideWhenEmpty = false;
    this.#group.resourceStates = files.map((file) => this.#stateOf(range, file));
  }

  #stateOf(range: SessionRange, file: FileDifference): ChangedFileState {
    const [resourceUri, before, after] = sidesOf(this.#host, range, file);
    const name = file.path.split('/').at(-1) ?? file.path;
    const word = kindWord(file);
    return {
      resourceUri,
      kind: file.kind,
      contextValue: file.kind,
      command:
        before !== undefined && after !== undefined
          ? {
              command: 'vscode.diff',
              title: vscode.l10n.t('Show Changes'),
              arguments: [before, after, vscode.l10n.t('{0} (since {1} started)', name, range.target.id)],
            }
          : { command: 'vscode.open', title: vscode.l10n.t('Open File'), arguments: [after ?? before] },
      decorations: {
        strikeThrough: file.kind === 'deleted',
        tooltip: file.from === undefined ? word : vscode.l10n.t('{0}, was {1}', word, file.from),
        iconPath: new vscode.ThemeIcon(icons[file.kind], new vscode.ThemeColor(colours[file.kind])),
      },
    };
  }

  /** Every file below the repository, other than git's own: those that count are known by asking git. */
  #watch(topLevel: string): void {
    if (this.#watchers.has(topLevel)) return;
    const watcher = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(vscode.Uri.file(topLevel), '**/*'),
    );
    const seen = (uri: vscode.Uri) => {
      if (!/\/\.git(\/|$)/.test(uri.path)) this.refreshSoon();
    };
    watcher.onDidChange(seen);
    watcher.onDidCreate(seen);
    watcher.onDidDelete(seen);
    this.#watchers.set(topLevel, watcher);
  }

  #hide(): void {
    this.#group?.dispose();
    this.#control?.dispose();
    this.#group = undefined;
    this.#control = undefined;
  }
}

/** So long the built-in git extension has to find its repositories. */
const gitWaitMs = 10_000;

/** VS Code takes the first source control for the active one, whose graph and branch it shows: that is git's, where there is one. */
async function waitForGit(): Promise<void> {
  const git = vscode.extensions.getExtension<{ getAPI(version: 1): { readonly state: string } }>('vscode.git');
  if (git === undefined || !vscode.workspace.getConfiguration('git').get('enabled', true)) return;
  const until = Date.now() + gitWaitMs;
  while (Date.now() < until) {
    try {
      if (git.isActive && git.exports.getAPI(1).state === 'initialized') return;
    } catch {
      // It has found no git and will show nothing.
      return;
    }
    await new Promise((done) => setTimeout(done, 100));
  }
}

const icons: Readonly<Record<FileDifference['kind'], string>> = {
  added: 'diff-added',
  modified: 'diff-modified',
  deleted: 'diff-removed',
  renamed: 'diff-renamed',
  'type-changed': 'diff-modified',
};

const colours: Readonly<Record<FileDifference['kind'], string>> = {
  added: 'gitDecoration.addedResourceForeground',
  modified: 'gitDecoration.modifiedResourceForeground',
  deleted: 'gitDecoration.deletedResourceForeground',
  renamed: 'gitDecoration.renamedResourceForeground',
  'type-changed': 'gitDecoration.modifiedResourceForeground',
};

function kindWord({ kind }: FileDifference): string {
  switch (kind) {
    case 'added':
      return vscode.l10n.t('Added');
    case 'modified':
      return vscode.l10n.t('Modified');
    case 'deleted':
      return vscode.l10n.t('Deleted');
    case 'renamed':
      return vscode.l10n.t('Renamed');
    case 'type-changed':
      return vscode.l10n.t('Type changed');
  }
}
