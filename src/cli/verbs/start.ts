import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { declareVerb } from '../declareVerb.ts';
import { printNextStep } from '../sessionTable.ts';
import { plainText } from '../text.ts';
import { toSessionView } from '../views.ts';

interface StartOptions {
  readonly plan?: string;
  readonly project?: string;
  readonly model?: string;
  readonly force?: boolean;
}

/** `baton start <ID>` */
export function declareStart(program: Command, cli: Cli): void {
  declareVerb(program, {
    name: 'start',
    summary: 'Start a session: write SESSION.md, mark its row active',
    details:
      'It refuses when another session is active here, when dependencies are not done or when an agent has it. --force starts all the same ' +
      'and keeps a SESSION.md that Baton did not write under another name.\n\n' +
      '--json: session, path (of SESSION.md), model {model, thinking, reason, recommended}, forced[], keptAs, taskList (or null) {id, session, rejoined}.',
    examples: [
      ['baton start BE-04', 'start what the plan calls BE-04'],
      ['baton start BE-04 --plan docs/SHOP_PROMPTS.md', 'where two plans have a BE-04'],
    ],
  })
    .argument('<id>', 'ID of the session')
    .option('--plan <file>', 'the plan that defines it')
    .option('--project <name>', 'the project that it belongs to')
    .option('--model <name>', 'work on it with this model')
    .option(
      '--force',
      'start in spite of unmet dependencies, a done state, an agent that has it or a foreign SESSION.md',
    )
    .action((id: string, options: StartOptions, command: Command) =>
      cli.run(command, async ({ context, toPath }) => {
        const { start } = await import('../../core/actions/start.ts');
        const { plan, ...rest } = options;
        const result = await start(context, { id, ...rest, ...(plan === undefined ? {} : { plan: toPath(plan) }) });
        const { session, path, model, forced, keptAs } = result;
        return {
          data: {
            session: toSessionView(session),
            path,
            model: {
              model: model.model,
              thinking: model.thinking ?? null,
              reason: model.reason ?? null,
              recommended: model.recommended,
            },
            forced,
            keptAs: keptAs ?? null,
            taskList: result.taskList ?? null,
          },
          warnings: result.warnings,
          print: (out) => {
            out.line(`${out.paint('good', 'Started')} ${plainText(session.id)}: ${plainText(session.title)}`);
            out.line(`Read   ${path}`);
            const thinking = model.thinking === undefined ? '' : `, thinking ${plainText(model.thinking)}`;
            out.line(`Model  ${plainText(model.model)}${thinking}`);
            if (model.reason !== undefined) out.wrapped(plainText(model.reason), { label: '       ', tone: 'quiet' });
            for (const text of forced) out.wrapped(plainText(text), { label: 'Forced ', tone: 'warn' });
            if (keptAs !== undefined) out.line(`Kept   the SESSION.md that was there: ${keptAs}`);
            if (result.taskList !== undefined) {
              out.line(`Tasks  ${plainText(result.taskList.id)}, session ${result.taskList.session}`);
            }
            printNextStep(out, 'baton checkpoint -m "what is done"', 'or: baton verify, baton complete -m …');
          },
        };
      }),
    );
}
