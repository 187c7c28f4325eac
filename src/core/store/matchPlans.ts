import { resolveLink } from '../base/links.ts';
import type { Plan } from '../model/plan.ts';
import type { Progress } from '../model/progress.ts';
import { stemOf } from './projectStem.ts';

/** The files that make up one project. */
export interface ProjectSources {
  readonly progress?: Progress;
  readonly plans: readonly Plan[];
}

/**
 * Finds which plan belongs to which progress file. In this order: the progress file's own link, the same `{PROJECT}` in both names,
 * session IDs that occur in both, and the only one of each. What stays alone is a project by itself; where two fit equally well,
 * neither is taken.
 */
export function matchPlans(plans: readonly Plan[], progress: readonly Progress[]): readonly ProjectSources[] {
  const plansOf = new Map<Progress, Plan[]>(progress.map((one) => [one, []]));
  const taken = new Set<Plan>();
  const take = (owner: Progress, plan: Plan): void => {
    plansOf.get(owner)?.push(plan);
    taken.add(plan);
  };
  const openPlans = () => plans.filter((plan) => !taken.has(plan) && plan.sessions.length > 0);
  const openProgress = () => progress.filter((one) => plansOf.get(one)?.length === 0);

  const byPath = new Map(plans.map((plan) => [plan.path, plan]));
  for (const one of progress) {
    const plan = linkedPlan(one, byPath);
    if (plan) take(one, plan);
  }
  const unlinked = openProgress().filter((one) => stemOf(one.path) !== '');
  for (const plan of openPlans()) {
    const owner = onlyOne(unlinked.filter((one) => stemOf(one.path) === stemOf(plan.path)));
    if (owner) take(owner, plan);
  }
  const withRows = openProgress().filter(({ tables }) => tables.length > 0);
  for (const [plan, owner] of overlaps(openPlans(), withRows)) take(owner, plan);
  const lastPlan = onlyOne(openPlans());
  const lastProgress = onlyOne(openProgress().filter(({ tables }) => tables.length > 0));
  if (lastPlan && lastProgress) take(lastProgress, lastPlan);

  return [
    ...progress
      .filter((one) => one.tables.length > 0 || (plansOf.get(one)?.length ?? 0) > 0)
      .map((one) => ({ progress: one, plans: plansOf.get(one) ?? [] })),
    ...openPlans().map((plan) => ({ plans: [plan] })),
  ];
}

/** The plan that a progress file links to; people write the link relative to the file or to the project's root. */
function linkedPlan(progress: Progress, plans: ReadonlyMap<string, Plan>): Plan | undefined {
  if (progress.planLink === undefined) return undefined;
  for (const path of resolveLink(progress.path, progress.planLink)) {
    const plan = plans.get(path);
    if (plan) return plan;
  }
  return undefined;
}

/** For each plan the progress file that has most of its sessions, where exactly one has most. */
function overlaps(plans: readonly Plan[], progress: readonly Progress[]): readonly (readonly [Plan, Progress])[] {
  const idsOf = progress.map(
    (one) => [one, new Set(one.tables.flatMap(({ rows }) => rows.map(({ id }) => id)))] as const,
  );
  const pairs: [Plan, Progress][] = [];
  for (const plan of plans) {
    const counts = idsOf.map(([one, ids]) => ({ one, count: plan.sessions.filter(({ id }) => ids.has(id)).length }));
    const most = Math.max(0, ...counts.map(({ count }) => count));
    const owner = most > 0 ? onlyOne(counts.filter(({ count }) => count === most)) : undefined;
    if (owner) pairs.push([plan, owner.one]);
  }
  return pairs;
}

function onlyOne<T>(items: readonly T[]): T | undefined {
  return items.length === 1 ? items[0] : undefined;
}
