import { delimiter } from 'node:path';
import * as vscode from 'vscode';
import type { Logger } from '../../core/ports/logger.ts';
import { onDidChangeSetting, readSetting } from '../registration.ts';
import { trustGate } from '../workspace/trustGate.ts';

/** Puts `baton` on the PATH of integrated terminals: a folder of the extension's own storage with a launcher for the command line. */
export class TerminalPath implements vscode.Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #logger: Logger;
  readonly #owned: vscode.Disposable[];

  constructor(context: vscode.ExtensionContext, logger: Logger) {
    this.#context = context;
    this.#logger = logger;
    this.#owned = [
      onDidChangeSetting(['baton.agents.terminalPath'], () => void this.update()),
      trustGate.onDidGrant(() => void this.update()),
    ];
  }

  /** The folder with the launchers. */
  get folder(): vscode.Uri {
    return vscode.Uri.joinPath(this.#context.globalStorageUri, 'bin');
  }

  /** Makes PATH as setting and trust want it; a folder that cannot be written leaves it as it was. */
  async update(): Promise<void> {
    const collection = this.#context.environmentVariableCollection;
    if (!trustGate.isTrusted || !readSetting('baton.agents.terminalPath')) {
      collection.clear();
      return;
    }
    try {
      await this.#writeLaunchers();
    } catch (error) {
      this.#logger.warn(`No baton in terminals: ${error instanceof Error ? error.message : String(error)}`);
      return;
    }
    collection.description = vscode.l10n.t('Puts the command `baton` on the PATH');
    // Shells that set PATH anew when they start would lose it, so it is applied after that as well.
    const options = { applyAtProcessCreation: true, applyAtShellIntegration: true };
    collection.prepend('PATH', `${this.folder.fsPath}${delimiter}`, options);
  }

  dispose(): void {
    for (const one of this.#owned) one.dispose();
  }

  async #writeLaunchers(): Promise<void> {
    const cli = this.#context.asAbsolutePath('dist/cli.cjs');
    const { terminalLauncher } = await import('../../platform/connect/launcher.ts');
    const options = { cli, node: process.execPath, isElectron: process.versions['electron'] !== undefined };
    const launchers: readonly (readonly [string, string])[] = [
      ['baton', terminalLauncher(options, 'posix')],
      ['baton.cmd', terminalLauncher(options, 'windows')],
    ];
    for (const [name, text] of launchers) await writeLauncher(vscode.Uri.joinPath(this.folder, name).fsPath, text);
  }
}

/** Whole files only: another window may be starting the launcher, or writing the same one. */
async function writeLauncher(path: string, after: string): Promise<void> {
  const { readUserFile, writeUserFile } = await import('../../platform/connect/userFile.ts');
  const before = await readUserFile(path);
  if (before === after) return;
  try {
    await writeUserFile({ path, before, after, diff: '', executable: true });
  } catch (error) {
    if ((await readUserFile(path)) !== after) throw error;
  }
}
