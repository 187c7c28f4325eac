import type * as vscode from 'vscode';
import { workspace as window } from 'vscode';
import { checkWorkspace } from '../../core/checks/checkWorkspace.ts';
import { chooseRole, roleOfContent } from '../../core/language/fileRole.ts';
import { defaultConfig } from '../../core/model/config.ts';
import type { Diagnostic } from '../../core/model/diagnostic.ts';
import type { FileRole } from '../../core/model/fileRole.ts';
import type { FileProblems, Workspace } from '../../core/model/workspace.ts';
import { detachedWorkspace } from '../../core/store/detachedWorkspace.ts';
import type { OverlayText } from '../../core/store/parsedFiles.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import type { Projects } from '../workspace/projects.ts';

/** A document with state in it, as its editor has it, saved or not. */
export interface StateDocument {
  readonly document: vscode.TextDocument;
  /** The document's text; all offsets of `workspace` in this file are offsets in it. */
  readonly text: string;
  readonly role: FileRole;
  /** The folder that it belongs to; of an untitled document the one with state files. */
  readonly host: ProjectHost;
  /** Its path in `workspace`. */
  readonly path: string;
  /** The snapshot with the unsaved texts of all editors put in. Join by `path`: `workspace.plans.find((plan) => plan.path === path)`. */
  readonly workspace: Workspace;
  /** What `baton check` finds in it now. */
  readonly problems: () => readonly Diagnostic[];
}

/** A snapshot that was made from unsaved texts. */
interface Overlay {
  readonly base: Workspace;
  readonly key: string;
  readonly workspace: Promise<Workspace>;
}

/** Finds the state documents among the window's documents, and what the workspace is with their unsaved texts; each version is read once. */
export class StateDocuments {
  readonly #projects: Projects;
  readonly #overlays = new WeakMap<ProjectHost, Map<'files' | 'untitled', Overlay>>();
  readonly #roles = new WeakMap<
    vscode.TextDocument,
    { readonly version: number; readonly role: FileRole | undefined }
  >();

  readonly #unknownCommits = new WeakMap<ProjectHost, readonly string[]>();
  readonly #checked = new WeakMap<
    Workspace,
    { readonly unknownCommits: readonly string[]; readonly problems: readonly FileProblems[] }
  >();

  constructor(projects: Projects) {
    this.#projects = projects;
  }

  /** Undefined where the document has no state in it, or its folder was not read yet. */
  async find(document: vscode.TextDocument): Promise<StateDocument | undefined> {
    if (document.isClosed) return undefined;
    const place = this.#placeOf(document);
    const role = place && this.#roleOf(document, place.host, place.path);
    if (place === undefined || role === undefined) return undefined;
    const { host, path } = place;
    const text = document.getText();
    const workspace = await this.#workspaceFor(document, { host, path, role, text });
    const problems = () => this.problemsOf(host, workspace).find((file) => file.path === path)?.diagnostics ?? [];
    return { document, text, role, host, path, workspace, problems };
  }

  /** The snapshot of a folder with the unsaved texts of all its editors put in; undefined before its first scan has ended. */
  async overlayOf(host: ProjectHost): Promise<Workspace | undefined> {
    const base = host.workspace;
    return base && this.#overlay(host, base, undefined);
  }

  /** What `baton check` finds in a snapshot, with what git last said of the folder's commits; each snapshot is checked once. */
  problemsOf(host: ProjectHost, workspace: Workspace): readonly FileProblems[] {
    const unknownCommits = this.#unknownCommits.get(host) ?? noCommits;
    const known = this.#checked.get(workspace);
    if (known?.unknownCommits === unknownCommits) return known.problems;
    const problems = checkWorkspace(workspace, { unknownCommits, liveIsolated: [] });
    this.#checked.set(workspace, { unknownCommits, problems });
    return problems;
  }

  /** Says which of a folder's commits git does not know. */
  setUnknownCommits(host: ProjectHost, hashes: readonly string[]): void {
    this.#unknownCommits.set(host, hashes);
  }

  #placeOf(document: vscode.TextDocument): { readonly host: ProjectHost; readonly path: string } | undefined {
    const { uri } = document;
    if (document.isUntitled) {
      // `untitled:/…/docs/A_PROMPTS.md` has the path that it will be saved under.
      for (const host of this.#projects.all) {
        const path = host.pathOf(uri.with({ scheme: host.folder.uri.scheme, authority: host.folder.uri.authority }));
        if (path !== undefined) return { host, path };
      }
      const host = this.#projects.withFiles[0] ?? this.#projects.all[0];
      return host && { host, path: `untitled:${uri.path}` };
    }
    const host = this.#projects.find(uri);
    const path = host?.pathOf(uri);
    return host === undefined || path === undefined ? undefined : { host, path };
  }

  #roleOf(document: vscode.TextDocument, host: ProjectHost, path: string): FileRole | undefined {
    const known = this.#roles.get(document);
    const roles = host.store.rolesOf(path);
    if (known?.version === document.version && roles.length !== 1) return known.role;
    const role =
      chooseRole(roles, document.getText()) ??
      (document.isUntitled ? roleOfContent(document.getText(), host.ports.frontmatter) : undefined);
    this.#roles.set(document, { version: document.version, role });
    return role;
  }

  async #workspaceFor(
    document: vscode.TextDocument,
    { host, path, role, text }: Pick<StateDocument, 'host' | 'path' | 'role' | 'text'>,
  ): Promise<Workspace> {
    const base = host.workspace;
    const isLoose = path.startsWith('untitled:');
    // In a window of several projects nobody knows to which of them a document without a path belongs.
    if (base === undefined || (isLoose && this.#projects.withFiles.length > 1)) {
      return detachedWorkspace({ path, text, role }, base?.config ?? defaultConfig, host.ports);
    }
    return this.#overlay(host, base, { document, text: isLoose ? { path, text, role } : { path, text } });
  }

  #overlay(
    host: ProjectHost,
    base: Workspace,
    own: { readonly document: vscode.TextDocument; readonly text: OverlayText } | undefined,
  ): Promise<Workspace> {
    const open = window.textDocuments.filter((document) => document !== own?.document && isToBeRead(host, document));
    const versions = [...open, ...(own ? [own.document] : [])].map(
      ({ uri, version }) => `${version} ${uri.toString()}`,
    );
    const key = versions.sort().join('\n');
    const slot = own?.document.isUntitled ? 'untitled' : 'files';
    const known = this.#overlays.get(host)?.get(slot);
    if (known?.base === base && known.key === key) return known.workspace;
    const texts = open.map((document) => ({ path: host.pathOf(document.uri) ?? '', text: document.getText() }));
    const workspace = host.store.overlay(own ? [...texts, own.text] : texts);
    const slots = this.#overlays.get(host) ?? new Map<'files' | 'untitled', Overlay>();
    this.#overlays.set(host, slots.set(slot, { base, key, workspace }));
    return workspace;
  }
}

const noCommits: readonly string[] = [];

/** A document that stands for its file: one that VS Code keeps although the file is gone does so only while it is unsaved. */
function isToBeRead(host: ProjectHost, document: vscode.TextDocument): boolean {
  if (document.isUntitled || document.isClosed) return false;
  const path = host.pathOf(document.uri);
  if (path === undefined || host.store.rolesOf(path).length === 0) return false;
  return document.isDirty || host.store.hasFile(path);
}
