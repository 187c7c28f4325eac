import type { Command } from 'commander';
import type { NewSession } from '../../../core/formats/planDraft.ts';
import type { DraftUnit } from '../../../core/formats/planFromMarkdown.ts';
import { readCallerFile } from '../../../platform/callerFile.ts';
import { collect, parseText } from '../../arguments.ts';
import type { Cli } from '../../cli.ts';
import { declareVerb } from '../../declareVerb.ts';
import { printNextStep } from '../../sessionTable.ts';
import { harmlessText, plainText } from '../../text.ts';

interface CreateOptions {
  readonly session?: readonly string[];
  readonly repo?: readonly string[];
  readonly from?: string;
  readonly headings?: boolean;
  readonly dryRun?: boolean;
}

/** `baton plan create [PROJECT]` */
export function declarePlanCreate(plan: Command, cli: Cli): void {
  declareVerb(plan, {
    name: 'create',
    summary: 'Make a plan and its progress file',
    details:
      'A session is written "ID: TITLE @REPOSITORY after A, B"; all but the title may be left out, and "# NAME" begins a phase. With --from the ' +
      'open items of a markdown list (or its headings) become sessions, with what stands below them as checklist and what they say ' +
      'of dependencies ("after", "depends on", "blocked by #12"). Nothing is overwritten.\n\n' +
      '--json: project, path, progress, sessions[] (id, title, dependencies, phase), done[] (left out), created[]; with --dry-run text.',
    examples: [
      ['baton plan create Shop --session Models --session "API after Models"', 'two sessions'],
      ['baton plan create --from TODO.md --dry-run', 'the plan that a list of things to do would give'],
      ['baton plan create Shop --from issues.md --headings', 'a session for each heading'],
    ],
  })
    .argument('[project]', 'name of the project; else the first heading of the file', parseText)
    .option('--session <session>', 'a session; again for each', collect)
    .option('--repo <name>', 'a repository of the project; again for each', collect)
    .option('--from <file>', 'a markdown file of things to do; "-" reads the standard input')
    .option('--headings', 'headings become sessions, not list items')
    .option('--dry-run', 'write nothing, print the plan')
    .action((project: string | undefined, options: CreateOptions, command: Command) =>
      cli.run(command, async ({ context }) => {
        const { createPlan } = await import('../../../core/actions/createPlan.ts');
        const { from, session = [], repo = [], headings = false, dryRun = false } = options;
        const unit: DraftUnit | undefined = headings ? 'headings' : undefined;
        const source =
          from === undefined ? undefined : { name: from, text: await readCallerFile(from), ...(unit && { unit }) };
        const result = await createPlan(context, {
          sessions: session,
          repositories: repo,
          dryRun,
          ...(project !== undefined && { project }),
          ...(source && { source }),
        });
        const { path, progress, created, done, text } = result;
        return {
          data: {
            project: result.project,
            path,
            progress,
            sessions: result.sessions.map(toView),
            done,
            created,
            ...(dryRun && { text }),
          },
          warnings: result.warnings,
          print: (out) => {
            if (dryRun) {
              for (const line of text.split('\n')) out.line(harmlessText(line));
              return;
            }
            out.line(`${out.paint('good', 'Made')} ${path} with ${result.sessions.length} sessions`);
            for (const other of created) if (other !== path) out.line(`Changed ${other}`);
            if (done.length > 0) out.line(`Left out what is done: ${plainText(done.join(', '))}`);
            printNextStep(out, 'baton sessions --ready');
          },
        };
      }),
    );
}

function toView({ id, title, dependencies, phase }: NewSession) {
  return { id, title, dependencies, phase: phase ?? null };
}
