import type { Command } from 'commander';
import { parseItem } from '../arguments.ts';
import type { Cli } from '../cli.ts';
import { declareVerb } from '../declareVerb.ts';
import { completeCommand, printNextStep } from '../sessionTable.ts';
import { plainText } from '../text.ts';

/** `baton tick <item>` */
export function declareTick(program: Command, cli: Cli): void {
  declareVerb(program, {
    name: 'tick',
    summary: "Tick an item of the active session's checklist",
    details: '--json: session, text, checked, checklist {done, total}.',
    examples: [
      ['baton tick 2', 'the second item, as "baton status" numbers them'],
      ['baton tick "API documented"', 'the item with this text'],
      ['baton tick 2 --undo', 'open again'],
    ],
  })
    .argument('<item>', 'number of the item, or its text', parseItem)
    .option('--undo', 'open it again')
    .action((item: number | string, { undo = false }: { readonly undo?: boolean }, command: Command) =>
      cli.run(command, async ({ context }) => {
        const { tick } = await import('../../core/actions/tick.ts');
        // People count from 1, the action from 0.
        const result = await tick(context, { item: typeof item === 'number' ? item - 1 : item, checked: !undo });
        const { session, text, checked, checklist, warnings } = result;
        return {
          data: { session, text, checked, checklist },
          warnings,
          print: (out) => {
            out.line(`[${checked ? 'x' : ' '}] ${plainText(text)}  (${checklist.done}/${checklist.total})`);
            if (checklist.done === checklist.total)
              printNextStep(out, completeCommand(context.store.workspace?.active));
          },
        };
      }),
    );
}
