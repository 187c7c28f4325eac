import { phrase } from '../../base/phrase.ts';
import { BatonError } from '../../errors.ts';
import { withMissions } from '../../formats/waves/sessionWaves.ts';
import { wavePlanText } from '../../formats/waves/wavePlanText.ts';
import type { ActionContext } from '../context.ts';
import { type PlannedWaves, type PlanWavesOptions, planWaves } from './planWaves.ts';

export interface InitWavePlanOptions extends PlanWavesOptions {
  /** Where the document is written, relative to the root; it must not be there. Else it is only given back. */
  readonly out?: string;
}

export interface InitializedWavePlan extends PlannedWaves {
  readonly text: string;
  /** Where it was written. */
  readonly path?: string;
}

/**
 * Makes a wave plan document of a session, to be edited before it is run; a document that has waves already is read, checked and given in the
 * documented form.
 *
 * @throws BatonError `already-exists` for a file that is there; as `planWaves`
 */
export async function initWavePlan(context: ActionContext, options: InitWavePlanOptions): Promise<InitializedWavePlan> {
  const { plan: said, out } = options;
  const source = said === undefined ? undefined : await context.ports.files.readText(said);
  // A file that is not there yet is where the plan of a session goes.
  const target = out ?? (said !== undefined && source === undefined ? said : undefined);
  const { plan: _, ...others } = options;
  const planned = await planWaves(context, source === undefined ? others : options);
  const text = wavePlanText(withMissions(planned.plan), planned.config);
  if (target === undefined) return { ...planned, text };
  await context.ports.stateFiles.update(
    target,
    (before) => {
      if (before !== undefined) throw alreadyThere(target);
      return [{ start: 0, end: 0, newText: text }];
    },
    { create: true },
  );
  return { ...planned, text, path: target };
}

function alreadyThere(path: string): BatonError {
  return new BatonError('already-exists', phrase`${path} is there already`, {
    hint: 'Name another file, or remove it first.',
    data: { path },
  });
}
