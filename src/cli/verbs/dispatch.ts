import { type Command, InvalidArgumentError } from 'commander';
import type { IsolatedContext } from '../../core/actions/isolated/context.ts';
import { BatonError } from '../../core/errors.ts';
import type { Budget } from '../../core/model/isolated.ts';
import { openIsolated } from '../../platform/openIsolated.ts';
import type { Cli } from '../cli.ts';
import { addYesOption, declareVerb } from '../declareVerb.ts';
import { toIsolatedView, toItemView } from '../isolatedViews.ts';
import { printNextStep } from '../sessionTable.ts';
import { plainText } from '../text.ts';

interface DispatchFlags {
  readonly ready?: boolean;
  readonly max?: number;
  readonly agent?: string;
  readonly model?: string;
  readonly maxTokens?: number;
  readonly maxCost?: number;
  readonly maxMinutes?: number;
}

/** `baton dispatch [ITEM]…` */
export function declareDispatch(program: Command, cli: Cli): void {
  const verb = declareVerb(program, {
    name: 'dispatch',
    summary: 'Give ready work to agents, each in a git worktree of its own',
    details:
      'Ready are sessions of plans, tasks of lists, and Beads issues. The agents go on when this terminal or VS Code is closed. ' +
      'Unless .baton.yaml says "mode: agentic", you are asked first. --yes answers that, and approves the commands that make worktrees ' +
      'ready (set_up) for this project.\n\n' +
      '--json: dispatched[], held[{item, reason}].',
    examples: [
      ['baton dispatch BE-04 FE-02', 'these two, side by side'],
      ['baton dispatch --ready --max 3', 'what unblocks most first'],
      ['baton dispatch api/login --agent codex --max-minutes 60', 'a task, by another agent, one hour at most'],
    ],
  });
  addYesOption(verb)
    .argument('[items...]', 'IDs of sessions, of tasks (LIST/TASK), of issues')
    .option('--ready', 'everything that is ready')
    .option('--max <n>', 'at most so many', positive)
    .option('--agent <name>', 'the agent; else the one of your agents.yaml')
    .option('--model <model>', 'the model; else the one that the plan names')
    .option('--max-tokens <n>', 'pause the session when it has used so many tokens', positive)
    .option('--max-cost <usd>', 'pause it when the agent reports that cost', positive)
    .option('--max-minutes <n>', 'pause it after so long', positive)
    .action((items: readonly string[], flags: DispatchFlags, command: Command) =>
      cli.run(command, async ({ context, root }) => {
        const { dispatch } = await import('../../core/actions/isolated/dispatch.ts');
        const { ready, max, agent, model } = flags;
        const budget = toBudget(flags);
        const isolated = await openIsolated(context, root);
        const unapproved = await askSetUp(isolated);
        const { dispatched, held, warnings } = await dispatch(isolated, {
          items,
          ...(ready === true && { ready }),
          ...(max !== undefined && { max }),
          ...(agent !== undefined && { agent }),
          ...(model !== undefined && { model }),
          ...(budget !== undefined && { budget }),
        });
        return {
          data: {
            dispatched: dispatched.map(toIsolatedView),
            held: held.map(({ item, reason }) => ({ item: toItemView(item), reason })),
          },
          warnings: [...unapproved, ...warnings],
          print: (out) => {
            for (const { item, agent: name, branch } of dispatched) {
              out.line(`${out.paint('good', 'dispatched')} ${plainText(item.id)} to ${name} on ${branch}`);
            }
            for (const { item, reason } of held)
              out.wrapped(`${plainText(item.id)}: ${plainText(reason)}`, { label: 'held ' });
            printNextStep(out, 'baton isolated list');
          },
        };
      }),
    );
}

/** What makes worktrees ready is approved while the person is here; where nobody is, their sessions say it. */
async function askSetUp(context: IsolatedContext): Promise<readonly string[]> {
  const { approveSetUp } = await import('../../core/actions/isolated/control.ts');
  try {
    await approveSetUp(context);
    return [];
  } catch (error) {
    if (!BatonError.is(error, 'approval-required') || error.data?.['refused'] === true) throw error;
    return [`${error.message}. Until then sessions fail: "baton isolated retry ID --yes" approves them and goes on.`];
  }
}

function toBudget({ maxTokens, maxCost, maxMinutes }: DispatchFlags): Budget | undefined {
  if (maxTokens === undefined && maxCost === undefined && maxMinutes === undefined) return undefined;
  return {
    ...(maxTokens !== undefined && { tokens: maxTokens }),
    ...(maxCost !== undefined && { costUsd: maxCost }),
    ...(maxMinutes !== undefined && { minutes: maxMinutes }),
  };
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a number above 0.');
}
