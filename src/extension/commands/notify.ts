import * as vscode from 'vscode';
import type { SettingId } from '../contributions.ts';
import { readSetting } from '../registration.ts';
import { announce } from './runVerb.ts';

/** What a notification is for; each kind has a setting. Questions, refusals and conflicts are none of these: they always come. */
export type NotificationKind = 'nextStep' | 'undo';

const settings = {
  nextStep: 'baton.notifications.nextStep',
  undo: 'baton.notifications.undo',
} as const satisfies Readonly<Record<NotificationKind, SettingId>>;

/**
 * Tells what was done and offers what comes next. Where the person switched the kind off, the status bar says it for a moment.
 *
 * @returns the button that was pressed
 */
export async function notify(
  kind: NotificationKind,
  message: string,
  ...buttons: readonly string[]
): Promise<string | undefined> {
  if (readSetting(settings[kind])) return vscode.window.showInformationMessage(message, ...buttons);
  announce(message);
  return undefined;
}
