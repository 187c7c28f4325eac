import { askGit } from '../../core/actions/askGit.ts';
import { groupCommits } from '../../core/actions/unknownCommits.ts';
import type { Workspace } from '../../core/model/workspace.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import { trustGate } from '../workspace/trustGate.ts';

/** What git says of the commits that a folder's tables name. Each is asked for once; only in a trusted folder on disk. */
export class CommitLook {
  readonly #host: ProjectHost;
  /** By folder and hash whether git knows it; undefined where it could not be asked. */
  readonly #answers = new Map<string, boolean | undefined>();
  #unknown: readonly string[] = [];
  #asking: Promise<void> | undefined;

  constructor(host: ProjectHost) {
    this.#host = host;
  }

  /** The hashes that git did not know when it was asked. The same list as long as nothing changed. */
  get unknown(): readonly string[] {
    return this.#unknown;
  }

  /** Forgets what git did not know: it may have been fetched or committed since. */
  forget(): void {
    for (const [key, isKnown] of this.#answers) if (isKnown !== true) this.#answers.delete(key);
  }

  /** Asks git for what was not asked yet; true where that changed `unknown`. */
  async look(workspace: Workspace): Promise<boolean> {
    if (!trustGate.isTrusted || !this.#host.isLocal) return false;
    await this.#asking;
    const wanted = [...groupCommits(workspace)].map(
      ([folder, hashes]) => [folder, [...hashes].filter((hash) => !this.#answers.has(keyOf(folder, hash)))] as const,
    );
    this.#asking = this.#ask(wanted.filter(([, hashes]) => hashes.length > 0));
    await this.#asking;
    const unknown = [...groupCommits(workspace)].flatMap(([folder, hashes]) =>
      [...hashes].filter((hash) => this.#answers.get(keyOf(folder, hash)) === false),
    );
    if (unknown.join() === this.#unknown.join()) return false;
    this.#unknown = unknown;
    return true;
  }

  async #ask(wanted: readonly (readonly [folder: string, hashes: readonly string[]])[]): Promise<void> {
    for (const [folder, hashes] of wanted) {
      const answer = await askGit(async () => {
        const git = await this.#host.ports.git(folder);
        return git === undefined ? [] : await git.unknownCommits(hashes);
      });
      const unknown = answer && new Set(answer);
      for (const hash of hashes) this.#answers.set(keyOf(folder, hash), unknown && !unknown.has(hash));
    }
  }
}

function keyOf(folder: string, hash: string): string {
  return `${hash} ${folder}`;
}
