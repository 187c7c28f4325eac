import * as vscode from 'vscode';
import type { Services } from '../commands/services.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import { type DashboardTarget, dashboardViewType } from './dashboardTarget.ts';
import type { DashboardPanel } from './panel.ts';

/** The dashboards of this window: one for each folder. What they are made of is loaded with the first. */
export class Dashboards implements vscode.Disposable {
  readonly #extension: vscode.Uri;
  readonly #panels = new Map<string, DashboardPanel>();
  readonly #serializer: vscode.Disposable;
  readonly #services: () => Services;

  /** @param services what commands work with; the dashboards are one of them themselves */
  constructor(extension: vscode.Uri, services: () => Services) {
    this.#extension = extension;
    this.#services = services;
    this.#serializer = vscode.window.registerWebviewPanelSerializer(dashboardViewType, {
      deserializeWebviewPanel: (panel, state: unknown) => this.#restore(panel, state),
    });
  }

  /** The open dashboard of a folder, for tests. */
  get(folder: string): DashboardPanel | undefined {
    return this.#panels.get(folder);
  }

  /** Opens a folder's dashboard beside the editor, or brings the one that is open to the front. */
  async open(host: ProjectHost, target: DashboardTarget = {}): Promise<DashboardPanel> {
    const known = this.#panels.get(host.id);
    if (known !== undefined) {
      known.reveal(target);
      return known;
    }
    const { createDashboardPanel } = await import('./panel.ts');
    const panel = createDashboardPanel(host, this.#extension);
    return this.#attach(host, panel, target);
  }

  /** Told each minute: what waits for the person lies outside the files that are watched. */
  tickMinute(): void {
    for (const panel of this.#panels.values()) panel.update();
  }

  /** Told when isolated sessions or the inbox of a folder changed. */
  update(folder: string): void {
    this.#panels.get(folder)?.update();
  }

  dispose(): void {
    this.#serializer.dispose();
    for (const panel of [...this.#panels.values()]) panel.dispose();
  }

  /** After a reload of the window VS Code brings the panel back, with the state that its page kept. One of a folder that is gone is closed. */
  async #restore(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const { projects } = this.#services();
    const folder =
      typeof state === 'object' && state !== null && 'folder' in state && typeof state.folder === 'string'
        ? state.folder
        : undefined;
    await projects.load();
    const hosts = projects.all;
    const host =
      hosts.find(({ id }) => id === folder) ?? (folder === undefined && hosts.length === 1 ? hosts[0] : undefined);
    if (host === undefined || this.#panels.has(host.id)) {
      panel.dispose();
      return;
    }
    await this.#attach(host, panel, {});
  }

  async #attach(
    host: ProjectHost,
    webviewPanel: vscode.WebviewPanel,
    target: DashboardTarget,
  ): Promise<DashboardPanel> {
    const services = this.#services();
    const { DashboardPanel } = await import('./panel.ts');
    const panel = new DashboardPanel({ host, panel: webviewPanel, services, extension: this.#extension, target });
    this.#panels.set(host.id, panel);
    panel.onDidDispose(() => {
      if (this.#panels.get(host.id) === panel) this.#panels.delete(host.id);
    });
    return panel;
  }
}
