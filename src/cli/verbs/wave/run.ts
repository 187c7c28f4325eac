import { type Command, Option } from 'commander';
import type { StartWaveRunOptions } from '../../../core/actions/waves/startWaveRun.ts';
import { openIsolated } from '../../../platform/openIsolated.ts';
import type { Cli } from '../../cli.ts';
import { addYesOption, declareVerb } from '../../declareVerb.ts';
import { printNextStep } from '../../sessionTable.ts';
import { countOf, plainText } from '../../text.ts';
import { toRunView } from '../../waveViews.ts';

interface RunFlags {
  readonly plan?: string;
  readonly session?: string;
  readonly project?: string;
  readonly focus?: string;
  readonly agent?: string;
  readonly model?: string;
  readonly sequential?: boolean;
  readonly dirty?: StartWaveRunOptions['dirty'];
  readonly conflict?: 'wait' | 'worktree' | 'go-on' | 'stop';
  readonly fresh?: boolean;
  readonly bootstrap?: boolean;
}

/** `baton wave run` */
export function declareWaveRun(wave: Command, cli: Cli): void {
  const verb = declareVerb(wave, {
    name: 'run',
    summary: 'Begin a wave run of a plan, or of a session',
    details:
      'Before the first wave: the plan is checked, the repository is set up once, the tree is clean or you say what becomes of its changes, no ' +
      'other session is in the way, and the commands of the gate are approved. In a terminal you are asked; elsewhere the options say it. ' +
      '--yes approves the commands, and answers nothing else.\n\n' +
      '--json: run.',
    examples: [
      ['baton wave run --plan docs/PAY_WAVES.md', 'a document with waves'],
      ['baton wave run --session BE-04 --focus "the API first"', 'a session of a plan'],
      ['baton wave run --plan p.md --dirty commit --yes', 'without a question'],
    ],
  });
  addYesOption(verb)
    .option('--plan <file>', 'the document with the waves')
    .option('--session <id>', 'the session; without both the active one')
    .option('--project <name>', 'where the ID is in several projects')
    .option('--focus <text>', 'what has priority, told to each agent')
    .option('--agent <name>', 'the agent; else the one of your agents.yaml')
    .option('--model <model>', 'the model, where the plan names none')
    .option('--sequential', 'one agent after another')
    .addOption(new Option('--dirty <what>', 'uncommitted changes').choices(['commit', 'stash', 'continue']))
    .addOption(
      new Option('--conflict <what>', 'another session in the way').choices(['wait', 'worktree', 'go-on', 'stop']),
    )
    .option('--fresh', 'begin though STATE.md says that a session is active')
    .option('--bootstrap', 'set the repository up where it is not')
    .action((flags: RunFlags, command: Command) =>
      cli.run(command, async ({ context, root, toPath, choose }) => {
        const { startWaveRun } = await import('../../../core/actions/waves/startWaveRun.ts');
        const { plan, ...others } = flags;
        const { run, warnings } = await startWaveRun(await openIsolated(context, root), {
          ...pick(others),
          ...(plan !== undefined && { plan: toPath(plan) }),
          ...(choose !== undefined && { choose }),
        });
        return {
          data: { run: toRunView(run) },
          warnings,
          print: (out) => {
            const agents = run.plan.waves.reduce((sum, one) => sum + one.agents.length, 0);
            const size = `${countOf(run.plan.waves.length, 'wave')}, ${countOf(agents, 'agent')}`;
            out.wrapped(`${out.paint('good', 'begun')} ${plainText(run.plan.title)}: ${size}, by ${run.agent}`);
            out.line(`Run:  ${run.id}`);
            if (run.stateFile !== undefined) out.line(`State: ${run.stateFile}`);
            printNextStep(out, 'baton wave status');
          },
        };
      }),
    );
}

/** What was said on the command line, under the names of the action. */
function pick({ sequential, ...flags }: Omit<RunFlags, 'plan'>): StartWaveRunOptions {
  const { session, project, focus, agent, model, dirty, conflict, fresh, bootstrap } = flags;
  return {
    ...(session !== undefined && { session }),
    ...(project !== undefined && { project }),
    ...(focus !== undefined && { focus }),
    ...(agent !== undefined && { agent }),
    ...(model !== undefined && { model }),
    ...(sequential === true && { sequential }),
    ...(dirty !== undefined && { dirty }),
    ...(conflict !== undefined && { conflict }),
    ...(fresh === true && { fresh }),
    ...(bootstrap === true && { bootstrap }),
  };
}
