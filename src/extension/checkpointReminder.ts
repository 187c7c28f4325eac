import * as vscode from 'vscode';
import { readSetting, runCommand } from './registration.ts';
import { minutesBetween } from './views/times.ts';
import type { ProjectHost } from './workspace/projectHost.ts';
import type { Projects } from './workspace/projects.ts';

/** Reminds of a checkpoint in Heavy sessions: once for each that is due. */
export class CheckpointReminder {
  readonly #projects: Projects;
  /** Per folder: how many checkpoints the session had when time began to count, and when that was. */
  readonly #since = new Map<string, { readonly key: string; readonly at: number; readonly reminded: boolean }>();

  constructor(projects: Projects) {
    this.#projects = projects;
  }

  /** Called each minute; answers for which sessions it reminded. */
  tickMinute(now = Date.now()): readonly string[] {
    return this.#projects.withFiles.flatMap((host) => this.#remind(host, now) ?? []);
  }

  #remind(host: ProjectHost, now: number): string | undefined {
    const file = host.workspace?.sessionFile;
    const limit = readSetting('baton.sessions.checkpointReminderMinutes', host.folder.uri);
    const isHeavy = host.workspace?.active?.plan?.execution.includes('heavy') === true;
    if (limit <= 0 || !isHeavy || file?.kind !== 'session' || file.id === undefined) return undefined;
    const key = `${file.id} ${file.checkpoints}`;
    const known = this.#since.get(host.id);
    if (known?.key !== key) {
      // Without a checkpoint the session's own start counts, which may be before this window's.
      const minutes = file.checkpoints === 0 ? (minutesBetween(file.startedAt) ?? 0) : 0;
      this.#since.set(host.id, { key, at: now - minutes * 60_000, reminded: false });
    }
    const since = this.#since.get(host.id);
    if (since === undefined || since.reminded || now - since.at < limit * 60_000) return undefined;
    this.#since.set(host.id, { ...since, reminded: true });
    void offerCheckpoint(host, file.id, Math.round((now - since.at) / 60_000));
    return file.id;
  }
}

async function offerCheckpoint(host: ProjectHost, id: string, minutes: number): Promise<void> {
  const checkpoint = vscode.l10n.t('Checkpoint');
  const message = vscode.l10n.t('{0} is a heavy session, and its last checkpoint was {1} minutes ago.', id, minutes);
  if ((await vscode.window.showInformationMessage(message, checkpoint)) !== checkpoint) return;
  await runCommand('baton.checkpointSession', { folder: host.id });
}
