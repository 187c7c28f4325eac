import type { Command } from 'commander';
import { BatonError } from '../../core/errors.ts';
import type { Cli } from '../cli.ts';
import { declareVerb } from '../declareVerb.ts';
import type { Output } from '../output.ts';
import { countOf, plainText } from '../text.ts';
import type { ProblemView } from '../views.ts';

/** `baton check [FILE…]` */
export function declareCheck(program: Command, cli: Cli): void {
  declareVerb(program, {
    name: 'check',
    summary: 'Find problems in plans, progress files and SESSION.md',
    details:
      'Errors and warnings: exit code 1. --json: {ok: true, data: {files, fixed, problems}} where there are none (but infos), else error code ' +
      'problems-found with error.data {files, fixed, problems[{file, line, column, endLine, endColumn, severity, code, message, ' +
      'fix {title, safe}}]}; lines and columns count from 1.',
    examples: [
      ['baton check', 'all state files'],
      ['baton check docs/SHOP_PROMPTS.md', 'one of them'],
      ['baton check --fix', 'mend first what can be mended without a choice'],
    ],
  })
    .argument('[files...]', 'only problems of these files')
    .option('--fix', 'apply the safe fixes first')
    .action((files: readonly string[], { fix = false }: { readonly fix?: boolean }, command: Command) =>
      cli.run(command, async ({ context, toPath }) => {
        const { check } = await import('../../core/actions/check.ts');
        const chosen = files.length === 0 ? {} : { files: files.map(toPath) };
        const result = await check(context, { fix, ...chosen });
        const { locateProblems } = await import('../locateProblems.ts');
        const problems = await locateProblems(context.ports.files, result.problems);
        const data = { files: result.files, fixed: result.fixed, problems };
        const failure = problemsFound(problems, data);
        return {
          data,
          warnings: result.warnings,
          ...(failure === undefined ? {} : { failure }),
          print: (out) => printProblems(out, problems, result.files, result.fixed),
        };
      }),
    );
}

/** The failure of a check; infos are shown but are nothing to mend. */
function problemsFound(all: readonly ProblemView[], data: Readonly<Record<string, unknown>>): BatonError | undefined {
  const problems = all.filter(({ severity }) => severity !== 'info');
  if (problems.length === 0) return undefined;
  const paths = [...new Set(problems.map(({ file }) => file))];
  const more = paths.length > 3 ? ` and ${countOf(paths.length - 3, 'other file')}` : '';
  const fixable = problems.filter((problem) => problem.fix?.safe === true).length;
  const hint =
    fixable > 0
      ? `"baton check --fix" mends ${fixable === problems.length ? 'all of them' : `${fixable} of them`} without a choice.`
      : 'Mend them in the files; each message says what would help.';
  return new BatonError(
    'problems-found',
    `${countOf(problems.length, 'problem')} in ${paths.slice(0, 3).join(', ')}${more}`,
    {
      hint,
      data,
    },
  );
}

function printProblems(out: Output, problems: readonly ProblemView[], files: number, fixed: number): void {
  for (const { file, line, column, severity, code, message, fix } of problems) {
    const tone = severity === 'error' ? 'bad' : severity === 'warning' ? 'warn' : 'quiet';
    out.line(`${plainText(file)}:${line}:${column} ${out.paint(tone, severity)} ${code} ${plainText(message)}`);
    if (fix !== null) out.line(`  fix: ${plainText(fix.title)}${fix.safe ? ' (--fix)' : ''}`);
  }
  if (fixed > 0) out.line(`${out.paint('good', 'Fixed')} ${countOf(fixed, 'problem')}.`);
  if (problems.every(({ severity }) => severity === 'info'))
    out.line(`${out.paint('good', 'No problems')} in ${countOf(files, 'file')}.`);
}
