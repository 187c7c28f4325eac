import { resolveLink } from '../base/links.ts';
import { BatonError } from '../errors.ts';
import type { FileRole } from '../model/fileRole.ts';
import { canBePlan } from '../model/planPath.ts';
import type { ProjectPath } from '../ports/fileSystem.ts';
import type { Ports } from '../ports/ports.ts';
import { type FileState, type ParsedSnapshot, parseFileState, rolesOf, snapshotFiles } from './fileState.ts';
import type { StateFileRoles } from './stateFileRoles.ts';

/** A text that stands for a file's: what an editor has and has not saved. */
export interface OverlayText {
  readonly path: ProjectPath;
  readonly text: string;
  /** The role of a document that is no file of the project yet; absent, its path tells. */
  readonly role?: FileRole;
}

/** Files that are read at the same time, so that a folder of thousands does not exhaust the descriptors. */
const readsAtOnce = 24;

/** The state files as last read, each parsed only when its text has changed. */
export class ParsedFiles {
  readonly #ports: Pick<Ports, 'files' | 'frontmatter' | 'logger'>;
  #files: ReadonlyMap<ProjectPath, FileState> = new Map();
  /** Plans that only a link names, there or not. */
  #linked: ReadonlySet<ProjectPath> = new Set();
  #roles: StateFileRoles | undefined;
  /** What was last parsed of texts that stand for files. */
  #overlaid: ReadonlyMap<ProjectPath, FileState> = new Map();

  constructor(ports: Pick<Ports, 'files' | 'frontmatter' | 'logger'>) {
    this.#ports = ports;
  }

  has(path: ProjectPath): boolean {
    return this.#files.has(path) || this.#linked.has(path);
  }

  /** Not for plans that are linked and not there. */
  hasFile(path: ProjectPath): boolean {
    return this.#files.has(path);
  }

  rolesOf(path: ProjectPath, roles: StateFileRoles): readonly FileRole[] {
    return rolesOf(path, roles, this.#linked.has(path));
  }

  /** The known files in the folder `path`. */
  below(path: ProjectPath): readonly ProjectPath[] {
    const prefix = path === '' ? '' : `${path}/`;
    return [...this.#files.keys()].filter((known) => known !== path && known.startsWith(prefix));
  }

  /** Reads exactly `paths` and the plans that they link to; other files are forgotten. Answers the paths whose text changed. */
  async readAll(roles: StateFileRoles, paths: readonly ProjectPath[]): Promise<readonly ProjectPath[]> {
    const before = this.#files;
    const files = new Map<ProjectPath, FileState>();
    await this.#readInto(files, roles, new Set(paths));
    this.#linked = await this.#followLinks(files, roles, () => true);
    return this.#adopt(files, before, roles);
  }

  /** Reads `paths` again, and plans that they link to anew. Answers the paths whose text changed. */
  async read(roles: StateFileRoles, paths: ReadonlySet<ProjectPath>): Promise<readonly ProjectPath[]> {
    const before = this.#files;
    const files = new Map(before);
    await this.#readInto(files, roles, paths);
    this.#linked = await this.#followLinks(files, roles, (path) => !before.has(path) && !paths.has(path));
    return this.#adopt(files, before, roles);
  }

  /** Everything that is parsed, ordered by path. */
  snapshot(): ParsedSnapshot {
    return snapshotFiles(this.#files, this.#roles);
  }

  /**
   * What all files would say if these texts were theirs, and the plans that they then link to; undefined where that changes nothing.
   * Nothing is kept but the parsed texts, for the next call.
   */
  async overlay(roles: StateFileRoles, texts: readonly OverlayText[]): Promise<ParsedSnapshot | undefined> {
    const before = this.#overlaid;
    const overlaid = new Map<ProjectPath, FileState>();
    const files = new Map(this.#files);
    for (const { path, text, role } of texts) {
      const wanted = role === undefined ? rolesOf(path, roles, this.#linked.has(path)) : [role];
      if (wanted.length === 0) continue;
      const known = [files.get(path), before.get(path)].find(
        (one) => one?.text === text && hasSameRoles(one.roles, wanted),
      );
      const state = known ?? parseFileState(path, text, wanted, this.#ports);
      overlaid.set(path, state);
      files.set(path, state);
    }
    this.#overlaid = overlaid;
    if ([...overlaid].every(([path, state]) => this.#files.get(path) === state)) return undefined;
    await this.#followLinks(files, roles, (path) => !this.#files.has(path) && !overlaid.has(path));
    return snapshotFiles(files, roles);
  }

  async #readInto(
    files: Map<ProjectPath, FileState>,
    roles: StateFileRoles,
    paths: ReadonlySet<ProjectPath>,
  ): Promise<void> {
    const queue = [...paths];
    const work = async (): Promise<void> => {
      for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
        const state = await this.#readOne(path, roles);
        if (state) files.set(path, state);
        else files.delete(path);
      }
    };
    await Promise.all(Array.from({ length: readsAtOnce }, work));
  }

  /** Undefined where there is no such file. The state that is known is kept where the text is the same. */
  async #readOne(
    path: ProjectPath,
    roles: StateFileRoles,
    isLinkedPlan = this.#linked.has(path),
  ): Promise<FileState | undefined> {
    const known = this.#files.get(path);
    const wanted = rolesOf(path, roles, isLinkedPlan);
    try {
      const text = await this.#ports.files.readText(path);
      if (text === undefined) return undefined;
      if (known?.text === text && hasSameRoles(known.roles, wanted)) return known;
      return parseFileState(path, text, wanted, this.#ports);
    } catch (error) {
      if (!BatonError.is(error)) throw error;
      return known?.failure === error.message ? known : { failure: error.message, roles: wanted };
    }
  }

  /**
   * Reads plans that no glob finds but a progress file or SESSION.md names, and forgets those that none names any more. Answers the former.
   */
  async #followLinks(
    files: Map<ProjectPath, FileState>,
    roles: StateFileRoles,
    isToBeRead: (path: ProjectPath) => boolean,
  ): Promise<ReadonlySet<ProjectPath>> {
    const linked = new Set<ProjectPath>();
    for (const [path, { progress, session }] of files) {
      const link = progress?.value.planLink ?? session?.value.plan;
      if (link === undefined) continue;
      for (const target of resolveLink(session ? '' : path, link)) {
        if (canBePlan(target) && !rolesOf(target, roles, false).includes('session')) linked.add(target);
      }
    }
    for (const path of this.#linked)
      if (!linked.has(path) && rolesOf(path, roles, false).length === 0) files.delete(path);
    for (const path of linked) {
      if (rolesOf(path, roles, false).includes('plan')) linked.delete(path);
      else if (isToBeRead(path) || files.get(path)?.plan === undefined) {
        const state = await this.#readOne(path, roles, true);
        if (state) files.set(path, state);
        else files.delete(path);
      }
    }
    return linked;
  }

  #adopt(
    files: ReadonlyMap<ProjectPath, FileState>,
    before: ReadonlyMap<ProjectPath, FileState>,
    roles: StateFileRoles,
  ): readonly ProjectPath[] {
    this.#files = files;
    this.#roles = roles;
    const touched = [...files].filter(([path, state]) => before.get(path) !== state).map(([path]) => path);
    return [...touched, ...[...before.keys()].filter((path) => !files.has(path))].sort();
  }
}

function hasSameRoles(a: readonly FileRole[], b: readonly FileRole[]): boolean {
  return a.length === b.length && a.every((role, index) => role === b[index]);
}
