import type { Command } from 'commander';
import { collect, parseText } from '../arguments.ts';
import type { Cli } from '../cli.ts';
import { declareVerb } from '../declareVerb.ts';
import { printNextStep } from '../sessionTable.ts';

interface InitOptions {
  readonly repo?: readonly string[];
  readonly plan?: string;
}

/** `baton init <project>` */
export function declareInit(program: Command, cli: Cli): void {
  declareVerb(program, {
    name: 'init',
    summary: 'Make a progress file for a project',
    details:
      'With --plan its table has a row for each session of the plan. Nothing that is there is overwritten.\n\n' +
      '--json: path (of the progress file), created[] (files made or changed).',
    examples: [
      ['baton init Shop --plan docs/SHOP_PROMPTS.md', 'a row for each session of the plan'],
      ['baton init Shop --repo backend --repo frontend', 'empty tables, one per repository'],
    ],
  })
    .argument('<project>', 'name of the project', parseText)
    .option('--repo <name>', 'a repository of the project; again for each', collect)
    .option('--plan <file>', 'the plan that defines its sessions')
    .action((project: string, { repo = [], plan }: InitOptions, command: Command) =>
      cli.run(command, async ({ context, toPath }) => {
        const { init } = await import('../../core/actions/init.ts');
        const chosen = plan === undefined ? {} : { plan: toPath(plan) };
        const { path, created, warnings } = await init(context, { project, repositories: repo, ...chosen });
        return {
          data: { path, created },
          warnings,
          print: (out) => {
            out.line(`${out.paint('good', 'Made')} ${path}`);
            for (const other of created) if (other !== path) out.line(`Changed ${other}`);
            printNextStep(out, 'baton sessions --ready');
          },
        };
      }),
    );
}
