import type { Command } from 'commander';
import type { StateChange, StateTarget } from '../../../core/actions/waves/stateVerbs.ts';
import type { VerbResult, VerbRun } from '../../cli.ts';

/** Which STATE.md is meant. */
export interface FileFlag {
  readonly file?: string;
}

/** Adds `--file`. */
export function addFileOption(command: Command): Command {
  return command.option('--file <file>', 'another one than the STATE.md of .claude, .codex, .cursor or .pi');
}

/** The file that is meant. */
export function targetOf({ toPath }: VerbRun, { file }: FileFlag): StateTarget {
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
