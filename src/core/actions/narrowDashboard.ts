import { phrase } from '../base/phrase.ts';
import { BatonError } from '../errors.ts';
import type { DashboardSnapshot } from '../model/dashboard.ts';

/**
 * The snapshot of one project alone: its sessions, and the task lists and questions that belong to them.
 *
 * @throws BatonError `no-project` where there is none of that name
 */
export function narrowToProject(snapshot: DashboardSnapshot, name: string): DashboardSnapshot {
  const projects = snapshot.projects.filter((project) => project.name === name);
  if (projects.length === 0) {
    const known = [...new Set(snapshot.projects.map((project) => project.name))];
    throw new BatonError('no-project', phrase`There is no project ${name}`, {
      ...(known.length > 0 && { hint: phrase`Known are ${known.join(', ')}.` }),
      data: { known },
    });
  }
  const sessions = snapshot.sessions.filter(({ project }) => project === name);
  const keys = new Set(sessions.map(({ key }) => key));
  const ids = new Set(sessions.map(({ id }) => id));
  const lists = new Set(sessions.map(({ taskList }) => taskList));
  const { active, ...rest } = snapshot;
  return {
    ...rest,
    projects,
    sessions,
    ...(active?.key !== undefined && keys.has(active.key) && { active }),
    next: snapshot.next.filter((key) => keys.has(key)),
    taskLists: snapshot.taskLists.filter(({ id }) => lists.has(id)),
    inbox: snapshot.inbox.filter(({ session }) => session !== undefined && ids.has(session)),
  };
}
