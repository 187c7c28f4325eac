import { phrase } from '../base/phrase.ts';
import type { Workspace } from '../model/workspace.ts';
import { placeInSessionFile } from './locate.ts';
import type { Finding, Rule } from './rule.ts';

/** A session of SESSION.md, or of a plan that a progress file follows, has no row: its state cannot be recorded. */
export const findMissingRows: Rule = (workspace) => [...checkSessionFile(workspace), ...checkPlans(workspace)];

function checkSessionFile(workspace: Workspace): readonly Finding[] {
  const file = workspace.sessionFile;
  if (file?.kind !== 'session' || file.id === undefined || workspace.progress.length === 0) return [];
  const entries = workspace.sessions.filter(({ id }) => id === file.id);
  if (entries.some(({ row }) => row !== undefined)) return [];
  const [entry] = entries;
  const where = entry?.progressPath ?? (entry ? undefined : phrase`any progress table`);
  // A project that keeps no progress file has no row to miss.
  if (where === undefined) return [];
  const table = workspace.progress.length === 1 ? workspace.progress[0]?.path : undefined;
  const message = phrase`${file.id} is active in ${file.path}, but has no row in ${entry?.progressPath ?? table ?? where}. Add one with the ID "${file.id}", so that its state is recorded.`;
  const { path, range } = placeInSessionFile(file, file.id);
  return [{ path, diagnostic: { code: 'missing-row', severity: 'warning', message, range } }];
}

function checkPlans(workspace: Workspace): readonly Finding[] {
  return workspace.sessions.flatMap((entry) => {
    if (entry.row || !entry.plan || entry.planPath === undefined || entry.progressPath === undefined) return [];
    const message = phrase`${entry.id} has no row in ${entry.progressPath}. Starting it adds one.`;
    return [
      {
        path: entry.planPath,
        diagnostic: { code: 'missing-row', severity: 'info', message, range: entry.plan.idRange } as const,
      },
    ];
  });
}
