import type { TaskSync } from '../agents/taskSync.ts';
import type { Dashboards } from '../dashboard/dashboards.ts';
import type { Log } from '../log.ts';
import type { CurrentSessionView } from '../views/currentSession/view.ts';
import type { SessionsView } from '../views/sessions/view.ts';
import type { TaskListsView } from '../views/taskLists/view.ts';
import type { Projects } from '../workspace/projects.ts';
import type { ReplaceablePrompt } from '../workspace/prompts.ts';
import type { ProblemList } from './problemList.ts';
import type { TaskUndo } from './tasksUndo.ts';

/** What commands work with. */
export interface Services {
  readonly projects: Projects;
  readonly prompt: ReplaceablePrompt;
  readonly log: Log;
  readonly sessions: SessionsView;
  readonly current: CurrentSessionView;
  readonly problems: ProblemList;
  readonly taskLists: TaskListsView;
  readonly taskUndo: TaskUndo;
  readonly taskSync: TaskSync;
  readonly dashboards: Dashboards;
}
