import type { Command } from 'commander';
import type { FileProblems } from '../../core/model/workspace.ts';
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
      'Problems: exit code 1. --json: {ok: true, data: {files, fixed, problems: []}} where there are none, else error code ' +
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
        return {
          data,
          warnings: result.warnings,
          ...(problems.length === 0 ? {} : { failure: await problemsFound(result.problems, problems, data) }),
          print: (out) => printProblems(out, problems, result.files, result.fixed),
        };
      }),
    );
}

async function problemsFound(
  byFile: readonly FileProblems[],
  problems: readonly ProblemView[],
  data: Readonly<Record<string, unknown>>,
) {
  const { BatonError } = await import('../../core/errors.ts');
  const paths = byFile.filter(({ diagnostics }) => diagnostics.length > 0).map(({ path }) => path);
  const named =
    paths.length > 3
      ? `${paths.slice(0, 3).join(', ')} and ${countOf(paths.length - 3, 'other file')}`
      : paths.join(', ');
  const fixable = problems.filter((problem) => problem.fix?.safe === true).length;
  const hint =
    fixable > 0
      ? `"baton check --fix" mends ${fixable === problems.length ? 'all of it' : `${fixable} of them`} without a choice.`
      : 'Mend them in the files; each line above says what is wrong.';
  return new BatonError('problems-found', `${countOf(problems.length, 'problem')} in ${named}`, { hint, data });
}

function printProblems(out: Output, problems: readonly ProblemView[], files: number, fixed: number): void {
  for (const { file, line, column, severity, code, message, fix } of problems) {
    const tone = severity === 'error' ? 'bad' : severity === 'warning' ? 'warn' : 'quiet';
    out.line(`${plainText(file)}:${line}:${column} ${out.paint(tone, severity)} ${code} ${plainText(message)}`);
    if (fix !== null) out.line(`  fix: ${plainText(fix.title)}${fix.safe ? ' (--fix)' : ''}`);
  }
  if (fixed > 0) out.line(`${out.paint('good', 'Fixed')} ${countOf(fixed, 'problem')}.`);
  if (problems.length === 0) out.line(`${out.paint('good', 'No problems')} in ${countOf(files, 'file')}.`);
}
