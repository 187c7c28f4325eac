import type { InputRequiredResult, ServerContext } from '@modelcontextprotocol/server';
import type { Project } from './projects.ts';

/** The project of a call; or what the handler has to return first. */
export type Located = Project | InputRequiredResult;

/** Finds the project of a call. */
export type Locate = (context: ServerContext) => Promise<Located>;

/** Tells the project from a result that asks the client for something. */
export function isProject(located: Located): located is Project {
  return 'inTurn' in located;
}
