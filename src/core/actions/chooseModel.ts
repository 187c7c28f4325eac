import { phrase } from '../base/phrase.ts';
import { BatonError } from '../errors.ts';
import { type ModelFacts, recommendModel } from '../formats/modelChoice.ts';
import type { PlanSession } from '../model/plan.ts';
import type { SessionModel } from './start.ts';

/** What a model's name may be: it is passed to an agent's command line. */
const modelName = /^[A-Za-z0-9][\w.:@/-]*$/;

/**
 * Chooses the model of a session: the caller's, else the plan's, else the recommended family.
 *
 * @throws BatonError `invalid-argument` for a name of the caller's that none can be; such a name in a plan is a warning
 */
export function chooseModel(
  session: ModelFacts & Partial<Pick<PlanSession, 'modelSettings'>>,
  wanted: string | undefined,
): { model: SessionModel; warnings: readonly string[] } {
  if (wanted !== undefined && !modelName.test(wanted)) {
    throw new BatonError('invalid-argument', phrase`"${wanted}" is no model's name`, {
      hint: 'A name has letters, digits and . _ : @ / -, for example "sonnet" or "claude-sonnet-4-5".',
      data: { model: wanted },
    });
  }
  const { model: planned, thinkingMode } = session.modelSettings ?? {};
  const isUsable = planned !== undefined && modelName.test(planned);
  const named = wanted ?? (isUsable ? planned : undefined);
  const recommendation = recommendModel(session);
  const thinking = thinkingMode ?? (recommendation.thinking ? 'ultrathink' : 'standard');
  if (named !== undefined) {
    return {
      model: { model: named, ...(thinkingMode !== undefined && { thinking: thinkingMode }), recommended: false },
      warnings: [],
    };
  }
  const warning = phrase`The plan's model "${planned}" is no model's name; ${recommendation.family} is recommended instead`;
  return {
    model: { model: recommendation.family, thinking, reason: recommendation.reason, recommended: true },
    warnings: planned === undefined ? [] : [warning],
  };
}
