import { phrase } from '../../base/phrase.ts';
import { BatonError } from '../../errors.ts';
import type { ActionContext } from '../context.ts';

/** Says that a repository has been set up for runs by waves: once for all, and committed (formats.md §1.1). */
export const bootstrapPath = '.orchestrator/bootstrap.lock';

/** `open`; `missing`: no run has ever been set up here; `invalid`: it is there without what it has to say. */
export type BootstrapState = 'open' | 'missing' | 'invalid';

/**
 * Looks at the gate that every run goes through once: a `bootstrap.lock` with a version and a tier. A Session Config is not asked for, unlike in
 * the reference: Baton's own configuration and its defaults hold without one.
 */
export async function readBootstrapGate({ ports }: Pick<ActionContext, 'ports'>): Promise<BootstrapState> {
  const text = await ports.files.readText(bootstrapPath);
  if (text === undefined) return 'missing';
  return /^version:[ \t]*\S/m.test(text) && /^tier:[ \t]*\S/m.test(text) ? 'open' : 'invalid';
}

/** Sets the repository up: Baton brings no files of its own, so that the marker is all that there is to do. */
export async function writeBootstrapLock({ ports }: Pick<ActionContext, 'ports'>): Promise<void> {
  const at = new Date(ports.clock.now().epochMs).toISOString().replace(/\.\d{3}Z$/, 'Z');
  const text = [
    `# ${bootstrapPath}`,
    'version: 1',
    'tier: fast',
    'archetype: null',
    `timestamp: ${at}`,
    'source: baton',
    `bootstrapped-at: ${at}`,
    '',
  ].join('\n');
  await ports.stateFiles.update(
    bootstrapPath,
    (before) => (before === undefined ? [{ start: 0, end: 0, newText: text }] : []),
    {},
  );
}

/** The refusal at a gate that is closed. */
export function gateClosedError(state: Exclude<BootstrapState, 'open'>): BatonError {
  if (state === 'invalid') {
    return new BatonError('bootstrap-missing', phrase`${bootstrapPath} names no version or no tier`, {
      hint: 'Mend it, or remove it and run this again to have it made.',
      data: { path: bootstrapPath },
    });
  }
  return new BatonError(
    'bootstrap-missing',
    phrase`This repository is not set up for wave runs: there is no ${bootstrapPath}`,
    {
      hint: 'Run it in a terminal and agree to set it up, or pass --bootstrap.',
      data: { path: bootstrapPath },
    },
  );
}
