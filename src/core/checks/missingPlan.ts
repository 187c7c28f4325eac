import { resolveLink } from '../base/links.ts';
import { phrase } from '../base/phrase.ts';
import { canBePlan } from '../model/planPath.ts';
import type { Progress } from '../model/progress.ts';
import type { Workspace } from '../model/workspace.ts';
import { placeInSessionFile } from './locate.ts';
import type { Finding, Rule } from './rule.ts';

/** SESSION.md or a progress file names a plan that is not there. */
export const findMissingPlans: Rule = (workspace) => [
  ...checkSessionFile(workspace),
  ...workspace.progress.flatMap((progress) => checkProgress(workspace, progress)),
];

function checkSessionFile(workspace: Workspace): readonly Finding[] {
  const file = workspace.sessionFile;
  if (file?.kind !== 'session' || file.plan === undefined) return [];
  // The reference script writes the path that it was called with, which may be an absolute one of another machine.
  if (/^(?:[/~\\]|[A-Za-z]:)/.test(file.plan) || isThere(workspace, '', file.plan)) return [];
  const message = phrase`${file.plan}, the plan of ${file.id ?? phrase`this session`}, is not there. Restore the file, or name the plan that the session is from.`;
  const { path, range } = placeInSessionFile(file, file.plan);
  return [{ path, diagnostic: { code: 'missing-plan', severity: 'warning', message, range } }];
}

function checkProgress(workspace: Workspace, { path, text, planLink }: Progress): readonly Finding[] {
  if (planLink === undefined || isThere(workspace, path, planLink)) return [];
  const at = Math.max(text.indexOf(planLink), 0);
  const range = { start: at, end: Math.min(at + planLink.length, text.length) };
  const message = phrase`The plan ${planLink} is not there. Correct the link (it counts from this file's folder) or remove it.`;
  return [{ path, diagnostic: { code: 'missing-plan', severity: 'warning', message, range } }];
}

/** True also for what cannot be looked up: web addresses and what is no plan by its name. */
function isThere(workspace: Workspace, from: string, link: string): boolean {
  const candidates = resolveLink(from, link).filter(canBePlan);
  const known = (path: string): boolean =>
    [...workspace.plans, ...workspace.progress, ...workspace.unreadable].some((file) => file.path === path);
  return candidates.length === 0 || candidates.some(known);
}
