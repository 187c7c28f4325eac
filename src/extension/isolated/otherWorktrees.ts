import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { findOtherWorktrees } from '../../core/actions/isolated/adopt.ts';
import { readIsolatedSessions } from '../../core/actions/isolated/records.ts';
import type { Logger } from '../../core/ports/logger.ts';
import type { WorktreeInfo } from '../../core/ports/worktrees.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import { trustGate } from '../workspace/trustGate.ts';
import { openIsolated } from './openIsolated.ts';

/** Finds worktrees of a folder's clone that Baton did not make; git is asked only where something may be other. */
export class OtherWorktrees {
  readonly #logger: Logger;
  readonly #onFound: (folder: string, others: readonly WorktreeInfo[]) => void;
  /** By folder: what was there when git was asked. */
  readonly #seen = new Map<string, string>();

  constructor(logger: Logger, onFound: (folder: string, others: readonly WorktreeInfo[]) => void) {
    this.#logger = logger;
    this.#onFound = onFound;
  }

  /** Looks again. Called often: it reads one folder. */
  async look(host: ProjectHost): Promise<void> {
    if (!trustGate.isTrusted) return;
    try {
      const { localState } = host.ports;
      // Beside Baton's own folder git keeps one for each linked worktree.
      const folder = join(dirname(dirname(localState.locate('worktrees'))), 'worktrees');
      const found = await Promise.resolve(vscode.workspace.fs.readDirectory(vscode.Uri.file(folder))).catch(() => []);
      const names = found.map(([name]) => name);
      const sessions = names.length === 0 ? [] : await readIsolatedSessions(localState);
      const seen = JSON.stringify([names.sort(), sessions.map(({ worktree }) => worktree).sort()]);
      if ((this.#seen.get(host.id) ?? '[[],[]]') === seen) return;
      this.#seen.set(host.id, seen);
      const others = names.length === 0 ? [] : await findOtherWorktrees(await openIsolated(host, host.createContext()));
      this.#onFound(host.id, others);
    } catch (error) {
      this.#logger.info(`The worktrees of ${host.folder.name} cannot be listed: ${String(error)}`);
    }
  }
}
