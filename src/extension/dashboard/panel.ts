import * as vscode from 'vscode';
import { describeWorkspace, readWaves } from '../../core/actions/dashboard.ts';
import { describeAgent } from '../../core/actions/dashboardAgents.ts';
import { listInbox } from '../../core/actions/inbox/listInbox.ts';
import { type IsolatedEntry, listIsolated } from '../../core/actions/isolated/listIsolated.ts';
import type { DashboardAgentVerb, DashboardSnapshot } from '../../core/model/dashboard.ts';
import type { HostMessage } from '../../webview/protocol.ts';
import type { Services } from '../commands/services.ts';
import { report } from '../errors.ts';
import { localized } from '../localized.ts';
import { abilitiesOf } from '../views/agents/model.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import { trustGate } from '../workspace/trustGate.ts';
import { actOnMessage } from './actOnMessage.ts';
import { type DashboardTarget, dashboardViewType } from './dashboardTarget.ts';
import { dashboardHtml, webviewFolder } from './html.ts';
import { readWebviewMessage } from './readWebviewMessage.ts';
import { findChanges } from './snapshotChanges.ts';

/** Changes of the files come in bursts: what follows within this time goes to the page together. */
const coalesceMs = 100;

/** Makes the panel in which VS Code shows the page. */
export function createDashboardPanel(host: ProjectHost, extension: vscode.Uri): vscode.WebviewPanel {
  const title = vscode.l10n.t('Dashboard: {0}', host.folder.name);
  const panel = vscode.window.createWebviewPanel(
    dashboardViewType,
    title,
    vscode.ViewColumn.Beside,
    optionsOf(extension),
  );
  return panel;
}

function optionsOf(extension: vscode.Uri): vscode.WebviewOptions & vscode.WebviewPanelOptions {
  return {
    enableScripts: true,
    enableCommandUris: false,
    enableForms: false,
    localResourceRoots: [webviewFolder(extension)],
    enableFindWidget: true,
    // Costs memory for each hidden panel; the page keeps its state, and asks again when it is shown.
    retainContextWhenHidden: false,
  };
}

export interface PanelParts {
  readonly host: ProjectHost;
  readonly panel: vscode.WebviewPanel;
  readonly services: Services;
  /** Where the extension is installed. */
  readonly extension: vscode.Uri;
  readonly target: DashboardTarget;
}

/** A dashboard: tells its page what the state files say, and does what the page asks for. */
export class DashboardPanel implements vscode.Disposable {
  readonly #host: ProjectHost;
  readonly #panel: vscode.WebviewPanel;
  readonly #services: Services;
  readonly #owned: vscode.Disposable[] = [];
  readonly #posted = new vscode.EventEmitter<HostMessage>();
  #target: DashboardTarget;
  /** What the page knows; undefined before it has asked, and while it is hidden and so is no more. */
  #sent: DashboardSnapshot | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #updating: Promise<void> = Promise.resolve();

  /** Fires with each message that the page gets. */
  readonly onDidPost = this.#posted.event;
  readonly onDidDispose: vscode.Event<void>;

  constructor({ host, panel, services, extension, target }: PanelParts) {
    this.#host = host;
    this.#panel = panel;
    this.#services = services;
    this.#target = target;
    this.onDidDispose = panel.onDidDispose;
    const picture = (name: string) => vscode.Uri.joinPath(extension, 'media', name);
    panel.iconPath = { light: picture('baton-light.svg'), dark: picture('baton-dark.svg') };
    panel.webview.options = optionsOf(extension);
    this.#owned.push(
      panel.webview.onDidReceiveMessage((message: unknown) => this.receive(message)),
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.#sent = undefined;
      }),
      panel.onDidDispose(() => this.#release()),
      services.projects.onDidChange((change) => this.#follow(change?.host)),
      trustGate.onDidGrant(() => this.#post({ v: 1, kind: 'trusted' })),
    );
    panel.webview.html = dashboardHtml(panel.webview, extension, host.id);
  }

  /** Whether the page has asked for its data and is shown. */
  get isShown(): boolean {
    return this.#sent !== undefined && this.#panel.visible;
  }

  /** Brings the dashboard to the front, where it stands, and shows a session. */
  reveal(target: DashboardTarget): void {
    this.#panel.reveal();
    this.#target = target;
    if (this.#sent !== undefined) this.#showTarget();
  }

  /** Does what a message asks for; what is no message of the page is ignored. Never throws: a failure is shown to the person. */
  async receive(value: unknown): Promise<void> {
    const message = readWebviewMessage(value);
    if (message === undefined) return;
    try {
      if (message.kind === 'ready') await this.#inTurn(() => this.#sendAll());
      else
        await actOnMessage(
          { services: this.#services, host: this.#host, post: (answer) => this.#post(answer) },
          message,
        );
    } catch (error) {
      await report(error);
    }
  }

  /** Tells the page what changed, soon. */
  update(): void {
    if (this.#sent === undefined) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#inTurn(() => this.#sendChanges());
    }, coalesceMs);
  }

  dispose(): void {
    this.#panel.dispose();
  }

  #release(): void {
    clearTimeout(this.#timer);
    this.#sent = undefined;
    for (const one of this.#owned) one.dispose();
    this.#posted.dispose();
  }

  /** Undefined: folders came or went. */
  #follow(changed: ProjectHost | undefined): void {
    if (changed === undefined && !this.#services.projects.all.includes(this.#host)) this.dispose();
    else if (changed === undefined || changed === this.#host) this.update();
  }

  #inTurn(act: () => Promise<void>): Promise<void> {
    this.#updating = this.#updating.then(act).catch((error: unknown) => {
      this.#services.log.error('The dashboard could not be brought up to date.', error);
    });
    return this.#updating;
  }

  async #sendAll(): Promise<void> {
    await this.#host.load();
    const snapshot = await this.#read();
    if (snapshot === undefined) return;
    this.#sent = snapshot;
    this.#post({
      v: 1,
      kind: 'snapshot',
      snapshot,
      texts: vscode.l10n.bundle ?? {},
      locale: vscode.env.language,
      trusted: trustGate.isTrusted,
    });
    this.#showTarget();
  }

  async #sendChanges(): Promise<void> {
    const after = await this.#read();
    const before = this.#sent;
    if (before === undefined || after === undefined) return;
    const changes = findChanges(before, after);
    if (changes === undefined) return;
    this.#sent = after;
    this.#post(changes);
  }

  #showTarget(): void {
    const { key } = this.#target;
    this.#target = {};
    if (key !== undefined) this.#post({ v: 1, kind: 'show', section: 'sessions', key });
  }

  async #read(): Promise<DashboardSnapshot | undefined> {
    const { workspace, ports, folder } = this.#host;
    if (workspace === undefined) return undefined;
    const [{ items }, entries, waves] = await Promise.all([
      listInbox({ ports }),
      // Outside of git there are no records.
      listIsolated({ ports }).catch(() => []),
      readWaves({ ports }, workspace),
    ]);
    const snapshot = describeWorkspace(workspace, { name: folder.name, inbox: items, now: ports.clock.now() });
    return {
      ...snapshot,
      ...waves,
      agents: entries.map((entry) => describeAgent(entry, agentVerbs(entry))),
      problems: snapshot.problems.map(({ path, message }) => ({ path, message: localized(message) })),
    };
  }

  #post(message: HostMessage): void {
    void this.#panel.webview.postMessage(message);
    this.#posted.fire(message);
  }
}

/** What can be done with an isolated session now. */
function agentVerbs(entry: IsolatedEntry): readonly DashboardAgentVerb[] {
  const abilities = abilitiesOf(entry);
  const began = entry.session.status !== 'queued';
  return [
    ...(began ? (['changes', 'log'] as const) : []),
    ...(['merge', 'stop', 'retry'] as const).filter((verb) => abilities.includes(verb)),
  ];
}
