import type { GetPromptResult, McpServer } from '@modelcontextprotocol/server';
import { status } from '../core/actions/status.ts';
import { isProject, type Locate } from './locate.ts';

/** What a person can pick to begin or to end with. */
export function registerPrompts(server: McpServer, locate: Locate): void {
  server.registerPrompt(
    'resume',
    { title: 'Resume', description: 'Go on where the last session stopped' },
    async (context) => {
      const located = await locate(context);
      if (!isProject(located)) return located;
      const { active, ready } = await status(located.context);
      if (active === undefined) {
        const next = ready.length > 0 ? `Ready are ${ready.join(', ')}.` : 'No session is ready.';
        return ask(`No Baton session is active here. ${next} Ask me which one to start, then call start_session.`);
      }
      return ask(
        `Go on with Baton session ${active.id}. Call get_session, read ${active.sessionFile.path}, check what is done against ` +
          'the working tree, and tell me in a few lines where it stands before you continue with the next open item.',
      );
    },
  );
  server.registerPrompt(
    'handoff',
    { title: 'Hand off', description: 'Write down what the next session needs' },
    async (context) => {
      const located = await locate(context);
      if (!isProject(located)) return located;
      const { active } = await status(located.context);
      return ask(
        active === undefined
          ? 'No Baton session is active, so there is nothing to hand off.'
          : `Hand Baton session ${active.id} off to the next one. Look at the working tree and the checklist, then call ` +
              'checkpoint_session with a message, what is done, what remains, and as notes everything that the next one could ' +
              'not find out from the files: decisions and why, dead ends, open questions.',
      );
    },
  );
}

function ask(text: string): GetPromptResult {
  return { messages: [{ role: 'user', content: { type: 'text', text } }] };
}
