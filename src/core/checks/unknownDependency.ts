import { phrase } from '../base/phrase.ts';
import type { DiagnosticFix } from '../model/diagnostic.ts';
import { nearestIds } from '../model/sessionId.ts';
import type { Workspace } from '../model/workspace.ts';
import { type Place, placeOfDependency } from './locate.ts';
import type { Finding, Rule } from './rule.ts';

/** Names for which the nearest IDs are looked for; a file of nothing but unknown names must not take minutes. */
const mostSuggestions = 50;

/** A dependency that no plan or table of the project has: the session could never be started. */
export const findUnknownDependencies: Rule = (workspace) => {
  const suggestions = new Map<string, readonly string[]>();
  const findings: Finding[] = [];
  for (const { name, sessions } of workspace.projects) {
    for (const entry of sessions) {
      for (const { id, status } of entry.dependencies) {
        const place = status === 'unknown' ? placeOfDependency(workspace, entry, id) : undefined;
        if (!place) continue;
        const key = JSON.stringify([name, id]);
        const nearest =
          suggestions.get(key) ??
          (suggestions.size < mostSuggestions
            ? nearestIds(
                id,
                sessions.map((one) => one.id),
              )
            : []);
        suggestions.set(key, nearest);
        const help =
          nearest.length > 0
            ? phrase`Did you mean ${nearest.join(' or ')}?`
            : phrase`Correct the ID, remove it, or add the session to the plan or the progress table.`;
        findings.push({
          path: place.path,
          diagnostic: {
            code: 'unknown-dependency',
            severity: 'error',
            message: phrase`${entry.id} depends on ${id}, which ${name} does not have. ${help}`,
            range: place.range,
            fix: replacement(workspace, place, { id, nearest }),
          },
        });
      }
    }
  }
  return findings;
};

/** Only one near ID can be offered, and which session was meant is for a person to say. */
function replacement(
  workspace: Workspace,
  { path, range }: Place,
  { id, nearest }: { readonly id: string; readonly nearest: readonly string[] },
): DiagnosticFix | undefined {
  const [only, second] = nearest;
  const text = [...workspace.plans, ...workspace.progress].find((file) => file.path === path)?.text;
  if (only === undefined || second !== undefined || text?.slice(range.start, range.end) !== id) return undefined;
  return { title: phrase`Replace ${id} by ${only}`, edits: [{ ...range, newText: only }], safe: false };
}
