import * as vscode from 'vscode';
import type { ActionContext } from '../../core/actions/context.ts';
import type { IsolatedContext } from '../../core/actions/isolated/context.ts';
import { openIsolated as openPorts } from '../../platform/openIsolated.ts';
import { runVerb, type VerbOptions } from '../commands/runVerb.ts';
import type { Services } from '../commands/services.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import { trustGate } from '../workspace/trustGate.ts';

/**
 * Wires what actions on isolated sessions need besides, guarded as all that starts processes.
 *
 * @throws BatonError `untrusted` in Restricted Mode, `not-a-repository`
 */
export async function openIsolated(host: ProjectHost, context: ActionContext): Promise<IsolatedContext> {
  trustGate.require(vscode.l10n.t('an agent'));
  return await openPorts(context, host.folder.uri.fsPath, (own) => trustGate.guard(own));
}

/** Runs an action on isolated sessions with progress, shows its warnings, and brings the views up to date, also when it fails. */
export async function runIsolated<T>(
  services: Services,
  host: ProjectHost,
  options: Omit<VerbOptions, 'needs'>,
  act: (context: IsolatedContext) => Promise<T>,
): Promise<T> {
  const needs = vscode.l10n.t('an agent');
  const { value } = await runVerb(services, host, { ...options, needs }, async (context) => {
    const result = await act(await openIsolated(host, context));
    return { value: result, warnings: warningsOf(result) };
  });
  return value;
}

function warningsOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((one) => warningsOf(one));
  if (typeof value !== 'object' || value === null || !('warnings' in value)) return [];
  const { warnings } = value;
  return Array.isArray(warnings) ? warnings.filter((one) => typeof one === 'string') : [];
}
