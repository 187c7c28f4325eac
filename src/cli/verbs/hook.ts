import process from 'node:process';
import { Argument, type Command } from 'commander';
import type { ActionContext } from '../../core/actions/context.ts';
import { BatonError } from '../../core/errors.ts';
import type { Cli } from '../cli.ts';
import { declareVerb } from '../declareVerb.ts';

type HookEvent = 'session-start' | 'stop' | 'pre-compact';

/** What an agent's hook says on stdin, as far as we need it. */
interface HookInput {
  readonly sessionId?: string;
  readonly isStopHookActive: boolean;
}

/** What a hook answers on stdout: the form of Claude Code, which the others read too. Undefined: nothing to say. */
type HookAnswer = Readonly<Record<string, unknown>> | undefined;

/** `baton hook EVENT` */
export function declareHook(program: Command, cli: Cli): void {
  declareVerb(program, {
    name: 'hook',
    summary: 'Answer a hook of an agent',
    details:
      '`baton connect --hooks` sets these up. session-start tells the agent where things stand, stop reminds it once of what ' +
      'is still open, pre-compact commits a checkpoint where files have changed.\n\n--json: answer (or null).',
    examples: [['baton hook session-start', "reads the hook's JSON on stdin"]],
  })
    .addArgument(new Argument('<event>', 'which hook').choices(['session-start', 'stop', 'pre-compact']))
    .action((event: HookEvent, _options: object, command: Command) =>
      cli.run(command, async ({ context }) => {
        const answer = await answers[event](context, readHook(await readStdin()));
        return {
          data: { answer: answer ?? null },
          print: (out) => {
            if (answer !== undefined) out.line(JSON.stringify(answer));
          },
        };
      }),
    );
}

const answers: Readonly<Record<HookEvent, (context: ActionContext, input: HookInput) => Promise<HookAnswer>>> = {
  async 'session-start'(context) {
    const { briefAgent } = await import('../../core/actions/agentBrief.ts');
    const { text } = await briefAgent(context);
    if (text === undefined) return undefined;
    return { hookSpecificOutput: { hookEventName: 'SessionStart', additionalContext: text } };
  },
  async stop(context, { sessionId, isStopHookActive }) {
    if (isStopHookActive) return undefined;
    const { briefAgent } = await import('../../core/actions/agentBrief.ts');
    const { session, openList } = await briefAgent(context);
    const reminders = [
      ...(session === undefined ? [] : [remindSession(session)]),
      ...(openList === undefined ? [] : [remindList(openList)]),
    ];
    if (reminders.length === 0) return undefined;
    const { localState, clock } = context.ports;
    const key = `hooks/stop/${localState.keyPart(`${sessionId ?? ''} ${session ?? ''} ${openList ?? ''}`)}`;
    // Once for each conversation and session: whoever talks with an agent does not want it at every turn.
    if (sessionId !== undefined && !(await localState.create(key, { at: clock.now().epochMs }))) return undefined;
    return {
      decision: 'block',
      reason: `${reminders.join(' ')} If you wait for the person, just say so and stop.`,
    };
  },
  async 'pre-compact'(context) {
    const { checkpoint } = await import('../../core/actions/checkpoint.ts');
    try {
      const { session, number } = await checkpoint(context, { message: 'before the conversation was compacted' });
      return { systemMessage: `Baton made checkpoint ${number} of ${session}.` };
    } catch (error) {
      // Nothing to save is no failure, and neither is a repository that cannot take a commit now.
      if (BatonError.is(error, 'no-active-session', 'foreign-session-file', 'nothing-to-commit')) return undefined;
      if (BatonError.is(error)) return { systemMessage: `Baton made no checkpoint: ${error.message}` };
      throw error;
    }
  },
};

function remindSession(session: string): string {
  return (
    `Baton session ${session} is still active: if its work is done, complete it; if not, make a checkpoint with what is done and what ` +
    'remains, so that the next session can go on.'
  );
}

function remindList(list: string): string {
  return `The session of task list ${list} is still open: see that the states are right, and hand it off with end.`;
}

/** What is no JSON is as if nothing was said: a hook must not fail because an agent says something new. */
function readHook(text: string): HookInput {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const said: Readonly<Record<string, unknown>> =
    typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
  const sessionId = said['session_id'];
  return {
    ...(typeof sessionId === 'string' && { sessionId }),
    isStopHookActive: said['stop_hook_active'] === true,
  };
}

async function readStdin(): Promise<string> {
  if (process.stdin.isTTY) return '';
  let text = '';
  process.stdin.setEncoding('utf8');
  for await (const chunk of process.stdin) text += chunk;
  return text;
}
