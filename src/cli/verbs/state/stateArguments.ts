import type { Command } from 'commander';
import type { StateChange, StateTarget } from '../../../core/actions/waves/stateVerbs.ts';
import type { VerbResult, VerbRun } from '../../cli.ts';

/** Adds `--file`. */
export function addFileOption(command: Command): Command {
  return command.option('--file <file>', 'another one than the STATE.md of .claude, .codex, .cursor or .pi');
}

/** The file that is meant; the option may stand before the verb too. */
export function targetOf({ toPath }: VerbRun, command: Command): StateTarget {
  const { file }: { readonly file?: string } = command.optsWithGlobals();
  return file === undefined ? {} : { file: toPath(file) };
}

/** What a change prints. */
export function toResult({ path, revision, changed, warnings }: StateChange, done: string): VerbResult {
  return {
    data: { path, changed, revision },
    warnings,
    print: (out) => out.line(changed ? `${out.paint('good', done)} in ${path}` : `${path} says so already.`),
  };
}
