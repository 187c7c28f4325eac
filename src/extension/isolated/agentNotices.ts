import * as vscode from 'vscode';
import type { IsolatedEntry } from '../../core/actions/isolated/listIsolated.ts';
import type { InboxItem } from '../../core/model/inbox.ts';
import type { WaveRun } from '../../core/model/waves/waveRun.ts';
import { announce } from '../commands/runVerb.ts';
import type { SettingId } from '../contributions.ts';
import { views } from '../contributions.ts';
import { readSetting, runCommand } from '../registration.ts';
import { agentWord, lastLine } from '../views/agents/agentText.ts';
import { shownAgent } from '../views/agents/model.ts';
import { marksOf, type WaveMarks, waveNotices } from '../waves/waveNotices.ts';
import type { AgentSnapshot } from './agentRecords.ts';

/** Several agents end and ask together: what comes within this time is told together. */
const collectMs = 600;

/** From so many on they are one notification. */
const groupFrom = 4;

/** Something for which a person is needed. */
interface Notice {
  readonly message: string;
  readonly button: string;
  readonly act: () => Thenable<unknown>;
}

/** How a folder stood when it was last looked at. */
interface Known {
  readonly items: ReadonlySet<string>;
  readonly states: ReadonlyMap<string, string>;
  readonly waves: WaveMarks;
}

/** Tells the person of what needs one: questions, verdicts, failures. What was so before the window opened is in the view and its badge. */
export class AgentNotices implements vscode.Disposable {
  readonly #known = new Map<string, Known>();
  readonly #waiting: Notice[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sent = 0;

  /** How many notifications were shown, for tests that cannot see them. */
  get sent(): number {
    return this.#sent;
  }

  /** Compares with what was so before. */
  follow(folder: string, { entries, items, waves }: AgentSnapshot): void {
    const before = this.#known.get(folder);
    this.#known.set(folder, {
      items: new Set([...(before?.items ?? []), ...items.map(({ id }) => id)]),
      states: new Map(entries.map((entry) => [entry.session.id, stateOf(entry)])),
      waves: marksOf(waves),
    });
    if (before === undefined) {
      const count = entries.filter(({ interrupted }) => interrupted).length;
      if (count > 0) void offerResume(folder, count);
      for (const { run, interrupted } of waves) if (interrupted) void offerResumeOfRun(folder, run);
      return;
    }
    for (const item of items) if (!before.items.has(item.id)) this.#add(this.#asked(folder, item));
    for (const entry of entries) {
      const was = before.states.get(entry.session.id);
      if (was !== undefined && was !== stateOf(entry)) this.#add(this.#changed(folder, entry));
    }
    for (const notice of waveNotices(folder, before.waves, waves)) {
      if (isOn(`baton.notifications.${notice.kind}`, notice.message)) this.#add(notice);
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #asked(folder: string, { id, question, kind, wave }: InboxItem): Notice | undefined {
    if (kind !== 'question' || !isOn('baton.notifications.questions', question)) return undefined;
    return {
      message:
        wave === undefined
          ? vscode.l10n.t('An agent asks: {0}', question)
          : vscode.l10n.t('A wave run asks: {0}', question),
      button: vscode.l10n.t('Answer'),
      act: () => runCommand('baton.answerQuestion', { folder, id }),
    };
  }

  #changed(folder: string, entry: IsolatedEntry): Notice | undefined {
    const { id, item } = entry.session;
    const said = [item.id, agentWord(entry), lastLine(entry)].filter(Boolean).join(': ');
    const show = { message: said, button: vscode.l10n.t('Show'), act: showView };
    const argument = { folder, id };
    switch (shownAgent(entry)) {
      case 'approved':
        if (!isOn('baton.notifications.verdicts', said) || isByPerson(entry)) return undefined;
        return {
          ...show,
          button: vscode.l10n.t('Show Changes'),
          act: () => runCommand('baton.showIsolatedChanges', argument),
        };
      case 'rejected':
        return isByPerson(entry) || !isOn('baton.notifications.verdicts', said) ? undefined : show;
      case 'interrupted':
        if (!isOn('baton.notifications.failures', said)) return undefined;
        return {
          ...show,
          button: vscode.l10n.t('Resume'),
          act: () => runCommand('baton.retryIsolated', argument),
        };
      case 'failed':
      case 'paused':
        return isOn('baton.notifications.failures', said) ? show : undefined;
      default:
        return undefined;
    }
  }

  #add(notice: Notice | undefined): void {
    if (notice === undefined) return;
    this.#waiting.push(notice);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tell(), collectMs);
  }

  #tell(): void {
    const notices = this.#waiting.splice(0);
    const grouped: Notice = {
      message: vscode.l10n.t('{0} agents need you', notices.length),
      button: vscode.l10n.t('Show'),
      act: showView,
    };
    for (const notice of notices.length >= groupFrom ? [grouped] : notices) {
      this.#sent += 1;
      void vscode.window.showInformationMessage(notice.message, notice.button).then((chosen) => {
        if (chosen === notice.button) return notice.act();
        return undefined;
      });
    }
  }
}

/** What the person decided is no news. */
function isByPerson({ session }: IsolatedEntry): boolean {
  return session.review?.byPerson !== undefined;
}

function stateOf(entry: IsolatedEntry): string {
  return shownAgent(entry);
}

/** Where the person switched the kind off, the status bar says it for a moment. */
function isOn(setting: Extract<SettingId, `baton.notifications.${string}`>, message: string): boolean {
  if (readSetting(setting)) return true;
  announce(message);
  return false;
}

function showView(): Thenable<unknown> {
  return vscode.commands.executeCommand(`${views.agents}.focus`);
}

async function offerResume(folder: string, count: number): Promise<void> {
  const message =
    count === 1 ? vscode.l10n.t('1 session was interrupted') : vscode.l10n.t('{0} sessions were interrupted', count);
  const resume = vscode.l10n.t('Resume All');
  const show = vscode.l10n.t('Show');
  const fail = vscode.l10n.t('Mark as Failed');
  const chosen = await vscode.window.showWarningMessage(message, resume, show, fail);
  if (chosen === resume) await runCommand('baton.resumeInterrupted', { folder });
  else if (chosen === fail) await runCommand('baton.resumeInterrupted', { folder, markFailed: true });
  else if (chosen === show) await showView();
}

async function offerResumeOfRun(folder: string, { id, plan }: WaveRun): Promise<void> {
  const message = vscode.l10n.t('The wave run “{0}” was interrupted', plan.title);
  const resume = vscode.l10n.t('Resume Run');
  const chosen = await vscode.window.showWarningMessage(message, resume, vscode.l10n.t('Show'));
  if (chosen === resume) await runCommand('baton.resumeWaveRun', { folder, id });
  else if (chosen !== undefined) await vscode.commands.executeCommand(`${views.currentSession}.focus`);
}
