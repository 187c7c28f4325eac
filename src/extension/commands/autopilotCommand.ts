import * as vscode from 'vscode';
import { stopAutopilot } from '../../core/actions/waves/autopilot.ts';
import { registerCommand } from '../registration.ts';
import { findRunning } from '../waves/autopilotItem.ts';
import { announce } from './runVerb.ts';
import { selectHost } from './selectHost.ts';
import type { Services } from './services.ts';

/** The command that stops the autopilot of a folder, the one that runs unless another is named. */
export function registerAutopilotCommand(services: Services): vscode.Disposable {
  return registerCommand('baton.stopAutopilot', async (argument) => {
    const { projects } = services;
    const named = argument?.folder === undefined ? (await findRunning(projects))?.host : undefined;
    const host = named ?? (await selectHost(projects, argument));
    if (host === undefined) return undefined;
    const record = await stopAutopilot({ ports: host.ports }, { now: argument?.now === true });
    announce(vscode.l10n.t('The autopilot stops at the next safe point'));
    return record;
  });
}
