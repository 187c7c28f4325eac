import { type Command, Option } from 'commander';
import { type QuestionPriority, questionPriorities } from '../../../core/model/waves/stateSections.ts';
import { callerName } from '../../callerName.ts';
import type { Cli } from '../../cli.ts';
import { declareVerb } from '../../declareVerb.ts';
import { addFileOption, targetOf, toResult } from './stateArguments.ts';

const details = '--json: path, changed, revision.';

/** `baton state set KEY VALUE` */
export function declareStateSet(state: Command, cli: Cli): void {
  const verb = declareVerb(state, {
    name: 'set',
    summary: 'Set a key of the frontmatter',
    details: `A value that is written as a number, true, false or a list is one; null removes the key.\n\n${details}`,
    examples: [
      ['baton state set status paused', ''],
      ['baton state set current-wave 2', 'a number'],
      ['baton state set issues "[12, 15]"', 'a list'],
    ],
  })
    .argument('<key>', 'name of the key')
    .argument('<value...>', 'what it is to say');
  addFileOption(verb).action((key: string, words: readonly string[], _options: object, command: Command) =>
    cli.run(command, async (run) => {
      const { setState } = await import('../../../core/actions/waves/stateVerbs.ts');
      return toResult(await setState(run.context, { ...targetOf(run, command), key, value: words.join(' ') }), 'Set');
    }),
  );
}

/** `baton state mission ID STATUS` */
export function declareStateMission(state: Command, cli: Cli): void {
  const verb = declareVerb(state, {
    name: 'mission',
    summary: 'Set the state of a mission, in the body and in the frontmatter',
    details,
    examples: [['baton state mission auth-login-1 in-dev', 'brainstormed, validated, in-dev, testing, completed']],
  })
    .argument('<id>', 'ID of the mission')
    .argument('<status...>', 'its state');
  addFileOption(verb).action((id: string, words: readonly string[], _options: object, command: Command) =>
    cli.run(command, async (run) => {
      const { setMission } = await import('../../../core/actions/waves/stateVerbs.ts');
      return toResult(await setMission(run.context, { ...targetOf(run, command), id, status: words.join(' ') }), 'Set');
    }),
  );
}

/** `baton state deviation TEXT` */
export function declareStateDeviation(state: Command, cli: Cli): void {
  const verb = declareVerb(state, {
    name: 'deviation',
    summary: 'Note that the run deviates from its plan',
    details,
    examples: [['baton state deviation "Wave 3 split in two: too many files"', 'with the time, in UTC']],
  }).argument('<text...>', 'what is otherwise, and why');
  addFileOption(verb).action((words: readonly string[], _options: object, command: Command) =>
    cli.run(command, async (run) => {
      const { deviate } = await import('../../../core/actions/waves/stateVerbs.ts');
      return toResult(await deviate(run.context, { ...targetOf(run, command), message: words.join(' ') }), 'Noted');
    }),
  );
}

interface QuestionFlags {
  readonly prio: QuestionPriority;
  readonly source?: string;
}

/** `baton state question TEXT --prio P` */
export function declareStateQuestion(state: Command, cli: Cli): void {
  const verb = declareVerb(state, {
    name: 'question',
    summary: 'Add an open question',
    details: `One with the same text is opened again. The newest twenty are kept.\n\n${details}`,
    examples: [['baton state question "Which port?" --prio high', '']],
  })
    .argument('<text...>', 'the question')
    .addOption(new Option('--prio <priority>', 'how urgent it is').choices(questionPriorities).default('medium'))
    .option('--source <who>', 'who asks; the caller unless told');
  addFileOption(verb).action((words: readonly string[], flags: QuestionFlags, command: Command) =>
    cli.run(command, async (run) => {
      const { askInState } = await import('../../../core/actions/waves/stateVerbs.ts');
      const asked = { question: words.join(' '), priority: flags.prio, source: callerName(flags.source) };
      return toResult(await askInState(run.context, { ...targetOf(run, command), ...asked }), 'Asked');
    }),
  );
}

/** `baton state answer Q TEXT` */
export function declareStateAnswer(state: Command, cli: Cli): void {
  const verb = declareVerb(state, {
    name: 'answer',
    summary: 'Write the answer to an open question',
    details,
    examples: [['baton state answer "Which port?" 8080', 'or a part of the question that no other has']],
  })
    .argument('<question>', 'the question')
    .argument('<text...>', 'the answer');
  addFileOption(verb).action((question: string, words: readonly string[], _options: object, command: Command) =>
    cli.run(command, async (run) => {
      const { answerInState } = await import('../../../core/actions/waves/stateVerbs.ts');
      const answered = { question, answer: words.join(' ') };
      return toResult(await answerInState(run.context, { ...targetOf(run, command), ...answered }), 'Answered');
    }),
  );
}

interface RetryFlags {
  readonly why: string;
  readonly session?: string;
}

/** `baton state not-to-retry TEXT --why W` */
export function declareStateNotToRetry(state: Command, cli: Cli): void {
  const verb = declareVerb(state, {
    name: 'not-to-retry',
    summary: 'Note an approach that failed',
    details: `The newest ten are kept.\n\n${details}`,
    examples: [
      ['baton state not-to-retry "Patch the mock" --why "FAILED — hides the bug (evidence: src/a.ts:12)"', ''],
    ],
  })
    .argument('<text...>', 'the approach')
    .requiredOption('--why <reason>', 'why it failed, with the file that shows it')
    .option('--session <label>', 'the session; the one of the file unless told');
  addFileOption(verb).action((words: readonly string[], flags: RetryFlags, command: Command) =>
    cli.run(command, async (run) => {
      const { warnOfRetry } = await import('../../../core/actions/waves/stateVerbs.ts');
      const { why, session } = flags;
      const failed = { approach: words.join(' '), why, ...(session !== undefined && { session }) };
      return toResult(await warnOfRetry(run.context, { ...targetOf(run, command), ...failed }), 'Noted');
    }),
  );
}
