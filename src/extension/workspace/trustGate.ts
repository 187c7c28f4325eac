import * as vscode from 'vscode';
import { BatonError } from '../../core/errors.ts';
import type { GitFinder } from '../../core/ports/git.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { CommandRunner } from '../../core/ports/process.ts';

/**
 * Decides whether anything may be run. VS Code itself stops neither processes nor terminals in Restricted Mode, so that everything
 * that starts one passes here.
 */
export class TrustGate {
  get isTrusted(): boolean {
    return vscode.workspace.isTrusted;
  }

  /**
   * Refuses in Restricted Mode.
   *
   * @param purpose what would be run, to be read after "needs": `git`, `the verification commands`
   * @throws BatonError `untrusted`
   */
  require(purpose: string): void {
    if (this.isTrusted) return;
    throw new BatonError(
      'untrusted',
      vscode.l10n.t('In Restricted Mode Baton runs nothing, and this needs {0}.', purpose),
      {
        hint: vscode.l10n.t('Trust the folder first. Reading and editing the files works without.'),
      },
    );
  }

  /** Ports of which git and the command runner refuse while the folder is not trusted. */
  guard(ports: Ports): Ports {
    const git: GitFinder = async (folder) => {
      this.require('git');
      return ports.git(folder);
    };
    const commands: CommandRunner = {
      run: async (options) => {
        this.require(vscode.l10n.t('a command'));
        return ports.commands.run(options);
      },
    };
    return { ...ports, git, commands };
  }

  /** Calls `listener` when the person trusts the folder. */
  onDidGrant(listener: () => void): vscode.Disposable {
    return vscode.workspace.onDidGrantWorkspaceTrust(listener);
  }
}

/** The one gate of this window. */
export const trustGate = new TrustGate();
