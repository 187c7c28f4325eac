import type { NewProgress, NewSection } from '../formats/progressTemplate.ts';
import type { PlanSession } from '../model/plan.ts';

type NewRepository = NewProgress['repositories'][number];

/** What the track prefixes of plans stand for (formats.md §2.3), and how repositories of that kind are called. */
const tracks: Readonly<Record<string, { readonly name: string; readonly like: RegExp }>> = {
  BE: { name: 'backend', like: /back|api|server|service/i },
  FE: { name: 'frontend', like: /front|web|ui|client|app/i },
  DB: { name: 'database', like: /data|db|sql/i },
  DO: { name: 'devops', like: /ops|infra|deploy|ci/i },
  TS: { name: 'testing', like: /test|qa/i },
  DC: { name: 'docs', like: /doc/i },
  INT: { name: 'integration', like: /integration/i },
  E2E: { name: 'e2e', like: /e2e|end.to.end/i },
};

/**
 * Groups a plan's sessions for a new progress file: by repository, else by the track that their IDs begin with; in each by week, else by
 * phase. Named repositories get a section each, also where no session belongs to them.
 */
export function groupSessions(
  project: string,
  named: readonly string[],
  sessions: readonly PlanSession[],
): readonly NewRepository[] {
  const prefixes = new Set(sessions.filter(({ repository }) => !repository).map(prefixOf));
  const groups = new Map<string, PlanSession[]>(named.map((name) => [name, []]));
  for (const session of sessions) {
    const name = repositoryOf(session, named, { project, isUniform: prefixes.size <= 1 });
    const group = groups.get(name) ?? [];
    groups.set(name, [...group, session]);
  }
  if (groups.size === 0) groups.set(project, []);
  return [...groups].map(([name, members]) => ({ name, sections: sectionsOf(members) }));
}

/** The project's name where nothing tells the sessions apart, and for those whose ID begins with nothing that could be a name. */
function repositoryOf(
  session: PlanSession,
  named: readonly string[],
  { project, isUniform }: { readonly project: string; readonly isUniform: boolean },
): string {
  const { repository } = session;
  if (repository) return named.find((name) => name.toLowerCase() === repository.toLowerCase()) ?? repository;
  const [single, second] = named;
  if (single !== undefined && second === undefined) return single;
  const prefix = prefixOf(session);
  const track = Object.hasOwn(tracks, prefix) ? tracks[prefix] : undefined;
  const like = named.find((name) => name.toUpperCase() === prefix || track?.like.test(name));
  return like ?? (isUniform || prefix === '' ? project : (track?.name ?? prefix));
}

function prefixOf({ id, track }: PlanSession): string {
  return track?.toUpperCase() ?? /^\p{L}+\d?\p{L}*(?=[-._\d])/u.exec(id)?.[0].toUpperCase() ?? '';
}

function sectionsOf(sessions: readonly PlanSession[]): readonly NewSection[] {
  const titles = new Map<string | undefined, PlanSession[]>();
  for (const session of sessions) {
    const title = titleOf(session);
    titles.set(title, [...(titles.get(title) ?? []), session]);
  }
  if (titles.size === 0) return [{ rows: [] }];
  return [...titles].map(([title, members]) => ({
    ...(title !== undefined && { title }),
    rows: members.map(({ id, title: name }) => ({ id, ...(name !== '' && name !== id && { title: name }) })),
  }));
}

function titleOf({ week, phase, phaseName }: PlanSession): string | undefined {
  if (week !== undefined) return /^\d/.test(week) ? `Week ${week}` : week;
  if (phase === undefined) return undefined;
  const name = /^\d/.test(phase) ? `Phase ${phase}` : phase;
  return phaseName === undefined || name.includes(phaseName) ? name : `${name}: ${phaseName}`;
}
