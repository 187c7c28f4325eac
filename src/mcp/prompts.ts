import type { GetPromptResult, McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { briefAgent } from '../core/actions/agentBrief.ts';
import { status } from '../core/actions/status.ts';
import { showTaskList } from '../core/actions/tasks/showTaskList.ts';
import { isProject, type Locate } from './locate.ts';
import type { Project } from './projects.ts';

const argsSchema = z.object({ list: z.string().describe('ID of a task list').optional() });

/** What a person can pick to begin or to end with. */
export function registerPrompts(server: McpServer, locate: Locate): void {
  server.registerPrompt(
    'resume',
    { title: 'Resume', description: 'Go on where the last session stopped', argsSchema },
    async ({ list }, context) => {
      const located = await locate(context);
      if (!isProject(located)) return located;
      return say(list === undefined ? await resumeSession(located) : await resumeList(located, list));
    },
  );
  server.registerPrompt(
    'handoff',
    { title: 'Hand off', description: 'Write down what the next session needs', argsSchema },
    async ({ list }, context) => {
      const located = await locate(context);
      if (!isProject(located)) return located;
      return say(list === undefined ? await handOffSession(located) : await handOffList(located, list));
    },
  );
}

async function resumeSession({ context }: Project): Promise<string> {
  const { text, session } = await briefAgent(context);
  const state = text ?? 'Baton knows of nothing that is open here.';
  if (session === undefined) return `${state}\n\nTell me what could be done next, and wait until I have chosen.`;
  return `${state}\n\nCall get_session, compare what it says with the working tree, tell me in a few lines where it stands, and go on with the next open item.`;
}

async function resumeList({ context }: Project, name: string): Promise<string> {
  const { list } = await showTaskList(context, { list: name });
  return `Go on with the task list ${list.list.id} (${list.list.title}). Call resume_task_list with that ID; do not make a new list. Read the handoff, compare it with the working tree, and work on what is next; keep the states current, and hand the list off before you end.`;
}

async function handOffSession({ context }: Project): Promise<string> {
  const { active } = await status(context);
  if (active === undefined) return 'No Baton session is active, so there is nothing to hand off; say so.';
  return `Hand Baton session ${active.id} off to the next one. Look at the working tree and the checklist, then call checkpoint_session with a message, what is done, what remains, and as notes everything that the next one could not find out from the files: decisions and why, dead ends, open questions.`;
}

async function handOffList({ context }: Project, name: string): Promise<string> {
  const { list } = await showTaskList(context, { list: name });
  return `Hand the task list ${list.list.id} off to the next session. Make sure that the state of every task is right, then call hand_off_task_list with end, with the open questions, and with a note on what the files do not show. Tell me the ID at the end.`;
}

function say(text: string): GetPromptResult {
  return { messages: [{ role: 'user', content: { type: 'text', text } }] };
}
