import { type Command, InvalidArgumentError } from 'commander';
import type { Cli } from '../../cli.ts';
import { declareVerb } from '../../declareVerb.ts';
import { addFileOption, targetOf, toResult } from './stateArguments.ts';

interface CreateFlags {
  readonly type: string;
  readonly waves: number;
  readonly issues: readonly number[];
  readonly branch?: string;
  readonly session?: string;
}

/** `baton state create` */
export function declareStateCreate(state: Command, cli: Cli): void {
  const verb = declareVerb(state, {
    name: 'create',
    summary: 'Make a STATE.md for a run that begins now',
    details: '--json: path, changed, revision.',
    examples: [['baton state create --type deep --waves 5 --issues 12,15', 'status active, wave 0 of 5']],
  })
    .option('--type <type>', 'feature, deep or housekeeping', 'feature')
    .option('--waves <count>', 'number of waves', wholeNumber, 5)
    .option('--issues <numbers>', 'numbers of issues, with commas', issueNumbers, [])
    .option('--branch <name>', 'the branch; the one that is checked out unless told')
    .option('--session <label>', 'label of the run: BRANCH-DATE-MODE-N');
  addFileOption(verb).action((flags: CreateFlags, command: Command) =>
    cli.run(command, async (run) => {
      const { createState } = await import('../../../core/actions/waves/stateVerbs.ts');
      const { type, waves, issues, branch, session } = flags;
      const options = {
        ...targetOf(run, command),
        sessionType: type,
        totalWaves: waves,
        issues,
        ...(branch !== undefined && { branch }),
        ...(session !== undefined && { session }),
      };
      return toResult(await createState(run.context, options), 'A new record');
    }),
  );
}

function wholeNumber(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a whole number.');
}

function issueNumbers(text: string): readonly number[] {
  const parts = text.split(',').map((part) => part.trim().replace(/^#/, ''));
  if (parts.every((part) => /^\d{1,9}$/.test(part))) return parts.map(Number);
  throw new InvalidArgumentError('Numbers of issues, with commas between them: 12,15.');
}
