import type { Command } from 'commander';
import type { WaveRequest } from '../../../core/model/waves/waveRun.ts';
import { openIsolated } from '../../../platform/openIsolated.ts';
import type { Cli, VerbRun } from '../../cli.ts';
import { declareVerb } from '../../declareVerb.ts';
import { plainText } from '../../text.ts';
import { toRunView } from '../../waveViews.ts';

/** `baton wave pause [RUN]` */
export function declareWavePause(wave: Command, cli: Cli): void {
  declareVerb(wave, {
    name: 'pause',
    summary: 'Start no further agents; those at work go on to their end',
    details: '--json: run.',
    examples: [['baton wave pause', 'the latest run']],
  })
    .argument('[run]', 'the run; else the latest')
    .option('-m, --message <why>', 'why, for STATE.md')
    .action((id: string | undefined, { message }: { readonly message?: string }, command: Command) =>
      cli.run(command, (run) => control(run, { kind: 'pause', id, text: message, done: 'pauses' })),
    );
}

/** `baton wave resume [RUN]` */
export function declareWaveResume(wave: Command, cli: Cli): void {
  declareVerb(wave, {
    name: 'resume',
    summary: 'Go on with a run that was paused, has failed, or was interrupted',
    details: 'It goes on from the last step that was done; finished work is not done again. --json: run.',
    examples: [['baton wave resume', 'the latest run']],
  })
    .argument('[run]', 'the run; else the latest')
    .action((id: string | undefined, _options: object, command: Command) =>
      cli.run(command, (run) => control(run, { kind: 'resume', id, text: undefined, done: 'goes on' })),
    );
}

/** `baton wave abort [RUN]` */
export function declareWaveAbort(wave: Command, cli: Cli): void {
  declareVerb(wave, {
    name: 'abort',
    summary: 'End a run: its agents are stopped, what they changed stays',
    details: 'It cannot be resumed. "baton wave close" then puts it down as abandoned. --json: run.',
    examples: [['baton wave abort -m "wrong plan"', 'the latest run']],
  })
    .argument('[run]', 'the run; else the latest')
    .option('-m, --message <why>', 'why, for STATE.md')
    .action((id: string | undefined, { message }: { readonly message?: string }, command: Command) =>
      cli.run(command, (run) => control(run, { kind: 'abort', id, text: message, done: 'ends' })),
    );
}

/** `baton wave stop AGENT` */
export function declareWaveStop(wave: Command, cli: Cli): void {
  declareVerb(wave, {
    name: 'stop',
    summary: 'Stop one agent of a run',
    details: 'What depends on it does not begin; the rest goes on. --json: run.',
    examples: [['baton wave stop w2-a1', 'of the latest run']],
  })
    .argument('<agent>', 'its key, as "baton wave status" has it')
    .option('--run <run>', 'the run; else the latest')
    .option('-m, --message <why>', 'why, for STATE.md')
    .action((agent: string, { run: id, message }: StopFlags, command: Command) =>
      cli.run(command, (run) => control(run, { kind: 'stop-agent', id, agent, text: message, done: 'stops' })),
    );
}

interface StopFlags {
  readonly run?: string;
  readonly message?: string;
}

interface Asked {
  readonly kind: WaveRequest['kind'];
  readonly id: string | undefined;
  readonly agent?: string;
  readonly text: string | undefined;
  readonly done: string;
}

async function control({ context, root }: VerbRun, { kind, id, agent, text, done }: Asked) {
  const { controlWaveRun } = await import('../../../core/actions/waves/controlWaveRun.ts');
  const run = await controlWaveRun(await openIsolated(context, root), {
    kind,
    ...(id !== undefined && { id }),
    ...(agent !== undefined && { agent }),
    ...(text !== undefined && { text }),
  });
  return {
    data: { run: toRunView(run) },
    print: (out: VerbRun['err']) => out.wrapped(`${plainText(agent ?? run.plan.title)} ${done}.`),
  };
}
