import { phrase } from '../base/phrase.ts';
import type { PlanSession } from '../model/plan.ts';

/** A model family; which model it means today is a setting. */
export type ModelFamily = 'haiku' | 'sonnet' | 'opus';

/** What a session should be worked on with, and why. */
export interface ModelRecommendation {
  readonly family: ModelFamily;
  /** Extended thinking (`ultrathink`). */
  readonly thinking: boolean;
  /** One or two sentences for the person, with the words that decided. */
  readonly reason: string;
}

/** Sessions above this estimate think, whatever they are about (formats.md §2.4a). */
const longSessionMinutes = 60;

const light =
  /\b(documentation|docs?|readme|changelog|docstrings?|styling|css|config(?:uration)?|progress updates?|commit messages?)\b/i;
const implementation =
  /\b(implement\w*|build(?:ing)?|parser|loader|server|endpoints?|tests?|testing|review|refactor\w*)\b/i;
const analysis =
  /\b(cross[- ]system(?: analysis)?|system[- ]wide analysis|analysis across (?:\w+ )?(?:systems|repositories|services))\b/i;
const hardTitle =
  /\b(schema|migrations?|algorithms?|business logic|refactor(?:ing)?|cross[- ]module|debug(?:ging)?|root cause|architecture|api contracts?|complex|state management|ci\/cd|pipelines?|tuning|optimi[sz](?:ation|e|ing)|security|hardening|design)\b/i;
const hardPrompt =
  /\b(schema design|migration strategy|algorithms?|complex business logic|cross[- ]module|root cause|architect(?:ure|ural)|api contracts?|interacting components|multiple components|edge cases?|performance|security hardening|race conditions?|concurren(?:cy|t)|ultrathink|design(?:s|ed|ing)?)\b/i;
const simpleTitle =
  /\b(crud|endpoints?|background (?:tasks?|jobs?)|scaffold(?:ing)?|boilerplate|(?:add(?:ing)?|unit|plain) tests?|documentation|docs?|readme|config(?:uration)?)\b/i;

/** What of a session a recommendation rests on; without a plan that is little more than its title. */
export type ModelFacts = Pick<PlanSession, 'title' | 'prompt' | 'execution' | 'estimateMinutes'>;

/** Recommends a model for a session whose plan names none (the table of formats.md §2.4a). Title words weigh more than prompt words. */
export function recommendModel(session: ModelFacts): ModelRecommendation {
  const prompt = session.prompt?.text ?? '';
  const family = chooseFamily(session.title, prompt);
  const thinking = chooseThinking(session, prompt);
  return { family: family.family, thinking: thinking.on, reason: phrase`${family.reason} ${thinking.reason}` };
}

function chooseFamily(title: string, prompt: string): { family: ModelFamily; reason: string } {
  const across = wordOf(analysis, title) ?? wordOf(analysis, prompt);
  if (across) return { family: 'opus', reason: phrase`Opus, because it speaks of "${across}".` };
  const easy = wordOf(light, title);
  if (easy && !hardTitle.test(title) && !implementation.test(title))
    return { family: 'haiku', reason: phrase`Haiku, because the title says "${easy}".` };
  return { family: 'sonnet', reason: phrase`Sonnet, as for all implementation, tests and reviews.` };
}

function chooseThinking(session: ModelFacts, prompt: string): { on: boolean; reason: string } {
  if (session.execution.includes('ultrathink'))
    return { on: true, reason: phrase`Thinking on: the plan marks it Ultrathink.` };
  const minutes = session.estimateMinutes;
  if (minutes !== undefined && minutes > longSessionMinutes) {
    return { on: true, reason: phrase`Thinking on: estimated at ${minutes} minutes.` };
  }
  const hard = wordOf(hardTitle, session.title);
  if (hard) return { on: true, reason: phrase`Thinking on: the title says "${hard}".` };
  const simple = wordOf(simpleTitle, session.title);
  if (simple) return { on: false, reason: phrase`Thinking off: the title says "${simple}".` };
  const deep = wordOf(hardPrompt, prompt);
  if (deep) return { on: true, reason: phrase`Thinking on: the prompt says "${deep}".` };
  return { on: false, reason: phrase`Thinking off: nothing in it asks for more.` };
}

function wordOf(pattern: RegExp, text: string): string | undefined {
  return pattern.exec(text)?.[0];
}
