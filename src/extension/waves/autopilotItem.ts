import * as vscode from 'vscode';
import type { AutopilotRecord } from '../../core/model/waves/autopilot.ts';
import { commandLink, setContext } from '../registration.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import type { Projects } from '../workspace/projects.ts';

/** The item of the status bar that shows a running autopilot: a click stops it. */
export class AutopilotItem implements vscode.Disposable {
  readonly #projects: Projects;
  readonly #item: vscode.StatusBarItem;
  #isLooking = false;
  #isDisposed = false;

  constructor(projects: Projects) {
    this.#projects = projects;
    this.#item = vscode.window.createStatusBarItem('baton.autopilot', vscode.StatusBarAlignment.Left, 49);
    this.#item.name = vscode.l10n.t('Baton: Autopilot');
  }

  /** What the item says; undefined while none runs. */
  get text(): string | undefined {
    return this.#item.text === '' ? undefined : this.#item.text;
  }

  /** Looks again whether one runs in one of the folders. */
  async refresh(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      this.#show(await findRunning(this.#projects));
    } finally {
      this.#isLooking = false;
    }
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#item.dispose();
  }

  #show(found: { readonly host: ProjectHost; readonly record: AutopilotRecord } | undefined): void {
    if (this.#isDisposed) return;
    setContext('baton.autopilotRuns', found !== undefined);
    if (found === undefined) {
      this.#item.text = '';
      this.#item.hide();
      return;
    }
    const { host, record } = found;
    const session = record.current?.session;
    const isStopping = record.stop !== undefined;
    const label = isStopping
      ? vscode.l10n.t('The autopilot is about to stop')
      : vscode.l10n.t('The autopilot runs: {0} sessions are done', record.labels.length);
    this.#item.text = `$(rocket) ${session ?? vscode.l10n.t('Autopilot')} ${isStopping ? '$(loading~spin)' : '$(debug-stop)'}`;
    this.#item.tooltip = isStopping ? label : `${label}\n${vscode.l10n.t('Click to stop it at the next safe point')}`;
    this.#item.accessibilityInformation = { label, role: 'button' };
    this.#item.command = commandLink('baton.stopAutopilot', vscode.l10n.t('Stop Autopilot'), { folder: host.id });
    this.#item.show();
  }
}

/** The first folder in which an autopilot runs. */
export async function findRunning(
  projects: Projects,
): Promise<{ readonly host: ProjectHost; readonly record: AutopilotRecord } | undefined> {
  const { isAutopilotAlive, readAutopilot } = await import('../../core/actions/waves/autopilot.ts');
  for (const host of projects.all.filter(({ isLocal }) => isLocal)) {
    const context = { ports: host.ports };
    const record = await readAutopilot(context).catch(() => undefined);
    if (record !== undefined && (await isAutopilotAlive(context, record))) return { host, record };
  }
  return undefined;
}
