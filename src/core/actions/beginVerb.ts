import { phrase } from '../base/phrase.ts';
import { recoverIfDead } from '../effects/recover.ts';
import { BatonError } from '../errors.ts';
import type { Workspace } from '../model/workspace.ts';
import { configPath } from '../store/loadConfig.ts';
import type { ActionContext } from './context.ts';

/**
 * Begins a verb that changes something: finishes or undoes what a dead process left half done, then reads the state files afresh.
 *
 * @throws BatonError `interrupted` while another verb is in the middle of its work here, `invalid-config` where .baton.yaml says what cannot
 *   be followed: with the defaults in its place, files and commits would go elsewhere
 */
export async function beginVerb(
  context: ActionContext,
  options: { /** Goes on with the defaults where the configuration is broken. */ readonly anyConfig?: boolean } = {},
): Promise<{ workspace: Workspace; warnings: string[] }> {
  const recovery = await recoverIfDead(context);
  const workspace = await readWorkspace(context);
  if (!options.anyConfig) assertConfig(workspace);
  if (!recovery) return { workspace, warnings: [] };
  const what = recovery.session === undefined ? recovery.verb : phrase`${recovery.verb} of ${recovery.session}`;
  return {
    workspace,
    warnings: [phrase`${what} was half done and has been ${recovery.outcome} first`, ...recovery.warnings],
  };
}

function assertConfig({ problems }: Workspace): void {
  const broken = problems
    .filter(({ path }) => path === configPath)
    .flatMap(({ diagnostics }) => diagnostics.filter(({ severity }) => severity === 'error'));
  const [first] = broken;
  if (!first) return;
  throw new BatonError('invalid-config', phrase`${configPath} cannot be followed: ${first.message}`, {
    hint: 'Mend it; `baton check` names the line.',
    data: { path: configPath, messages: broken.map(({ message }) => message) },
  });
}

/** Reads the state files as they are now. */
export function readWorkspace(context: Pick<ActionContext, 'store'>): Promise<Workspace> {
  return context.store.workspace ? context.store.refresh() : context.store.load();
}
