import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, InvalidArgumentError } from 'commander';
import type { ActionContext } from '../../core/actions/context.ts';
import { BatonError } from '../../core/errors.ts';
import type { AutopilotCandidate, AutopilotRecord } from '../../core/model/waves/autopilot.ts';
import type { AutopilotConfig } from '../../core/model/waves/waveConfig.ts';
import { openIsolated } from '../../platform/openIsolated.ts';
import type { Cli } from '../cli.ts';
import { addYesOption, declareVerb } from '../declareVerb.ts';
import type { Output } from '../output.ts';
import { printNextStep } from '../sessionTable.ts';
import { countOf, plainText } from '../text.ts';

const pollMs = 1_000;

/** `baton autopilot …` */
export function declareAutopilot(program: Command, cli: Cli): void {
  const autopilot = program
    .command('autopilot')
    .summary('Run ready sessions one after another, until a switch says stop')
    .description(
      'Run ready sessions one after another, until a switch says stop.\n\n' +
        'Each is started, carried out by a wave run, closed and, where all its work is done, verified and completed. Nothing is decided for ' +
        'you: questions wait in the inbox, and commands run only where they are approved.',
    );
  declareRun(autopilot, cli);
  declareStatus(autopilot, cli);
  declareStop(autopilot, cli);
}

interface RunFlags {
  readonly enable?: boolean;
  readonly dryRun?: boolean;
  readonly maxSessions?: number;
  readonly maxHours?: number;
  readonly maxTokens?: number;
  readonly confidence?: number;
  readonly stall?: number;
  readonly carryover?: number;
  readonly agent?: string;
  readonly model?: string;
}

function declareRun(autopilot: Command, cli: Cli): void {
  const verb = declareVerb(autopilot, {
    name: 'run',
    summary: 'Run ready sessions until nothing is ready or a switch says stop',
    details:
      'Off unless the project switches it on ("autopilot" of its Session Config or .baton.yaml) or --enable is given. It runs as long as this ' +
      'command; Ctrl-C, or "stop" from elsewhere, lets the wave run pause. One that was killed goes on where it was.\n\n' +
      'It stops at: max-sessions-reached, max-hours-exceeded, token-budget-exceeded, resource-overload, low-confidence-fallback, user-abort, ' +
      'stall-timeout, spiral, failed-wave, carryover-too-high.\n\n' +
      '--json: autopilot {id, status, startedAt, endedAt, sessions[], tried[], outputTokens, killSwitch, detail, fallback}, candidate.',
    examples: [
      ['baton autopilot run --enable --dry-run', 'what would be next, and how sure that is'],
      ['baton autopilot run --enable --max-sessions 3 --max-hours 2', ''],
    ],
  });
  addYesOption(verb)
    .option('--enable', 'run though the project does not switch it on')
    .option('--dry-run', 'only say what would be next')
    .option('--max-sessions <n>', '1 to 50', numberIn(1, 50))
    .option('--max-hours <n>', '0.5 to 24', numberIn(0.5, 24))
    .option('--max-tokens <n>', 'output tokens of all sessions; 0: no limit', numberIn(0, 10_000_000))
    .option('--confidence <n>', 'least confidence of a session, 0 to 1', numberIn(0, 1))
    .option('--stall <seconds>', 'so long nothing may move', numberIn(1, 86_400))
    .option('--carryover <n>', 'part of the planned items that may be left, 0 to 1', numberIn(0, 1))
    .option('--agent <name>', 'the agent; else the configured one')
    .option('--model <name>', 'the model')
    .action((flags: RunFlags, command: Command) =>
      cli.run(command, async ({ context, root, err }) => {
        const [{ runAutopilot }, { createAutopilotSteps, nextCandidate }, { boundsOf }, { loadWaveConfig }] =
          await Promise.all([
            import('../../core/actions/waves/autopilot.ts'),
            import('../../core/actions/waves/autopilotSession.ts'),
            import('../../core/actions/waves/killSwitches.ts'),
            import('../../core/actions/waves/waveConfig.ts'),
          ]);
        const { readMachinePressure } = await import('../../platform/machinePressure.ts');
        const { config } = await loadWaveConfig(context);
        const isolated = await openIsolated(
          unattended(context, (message) => err.line(plainText(message))),
          root,
        );
        if (flags.dryRun === true) {
          const candidate = await nextCandidate(isolated, [], flags.agent);
          return { data: { candidate: candidate ?? null }, print: (out) => printCandidate(out, candidate) };
        }
        if (!config.autopilot.enabled && flags.enable !== true) {
          throw new BatonError('wrong-state', 'The autopilot is off in this project.', {
            hint: 'Switch it on ("autopilot" of the Session Config or .baton.yaml), or pass --enable.',
          });
        }
        const bounds = boundsOf(withFlags(config.autopilot, flags));
        const files = await context.ports.orchestrator();
        const steps = createAutopilotSteps(isolated, {
          bounds,
          pause: () => sleep(pollMs),
          pressure: () => readMachinePressure(files),
          ...(flags.agent !== undefined && { agent: flags.agent }),
          ...(flags.model !== undefined && { model: flags.model }),
        });
        const record = await runAutopilot(isolated, bounds, steps);
        return { data: { autopilot: toView(record) }, print: (out) => printRecord(out, record, false) };
      }),
    );
}

/** Nobody sits before it: who is asked answers nothing, and what it does is said. */
function unattended(context: ActionContext, report: (message: string) => void): ActionContext {
  const none = async (): Promise<undefined> => undefined;
  const prompt = { approveCommands: none, chooseFiles: none, confirm: none };
  return { ...context, report, ports: { ...context.ports, prompt } };
}

function withFlags(config: AutopilotConfig, flags: RunFlags): AutopilotConfig {
  return {
    ...config,
    ...(flags.maxSessions !== undefined && { maxSessions: flags.maxSessions }),
    ...(flags.maxHours !== undefined && { maxHours: flags.maxHours }),
    ...(flags.maxTokens !== undefined && { tokenBudget: flags.maxTokens }),
    ...(flags.confidence !== undefined && { confidenceThreshold: flags.confidence }),
    ...(flags.stall !== undefined && { stallTimeoutSeconds: flags.stall }),
    ...(flags.carryover !== undefined && { carryoverThreshold: flags.carryover }),
  };
}

function declareStatus(autopilot: Command, cli: Cli): void {
  declareVerb(autopilot, {
    name: 'status',
    summary: 'Show the autopilot that runs here, or how the last one ended',
    details: '--json: autopilot (or null), alive.',
    examples: [['baton autopilot status', '']],
  }).action((_options: object, command: Command) =>
    cli.run(command, async ({ context }) => {
      const { isAutopilotAlive, readAutopilot } = await import('../../core/actions/waves/autopilot.ts');
      const record = await readAutopilot(context);
      const isAlive = record !== undefined && (await isAutopilotAlive(context, record));
      return {
        data: { autopilot: record === undefined ? null : toView(record), alive: isAlive },
        print: (out) => {
          if (record === undefined) out.line('No autopilot has run here.');
          else printRecord(out, record, record.status === 'running' && !isAlive);
        },
      };
    }),
  );
}

function declareStop(autopilot: Command, cli: Cli): void {
  declareVerb(autopilot, {
    name: 'stop',
    summary: 'Stop the autopilot: the wave run pauses at the next safe point',
    details: '--json: autopilot.',
    examples: [
      ['baton autopilot stop', 'agents that work go on to their end'],
      ['baton autopilot stop --now', 'the wave run is aborted'],
    ],
  })
    .option('--now', 'end the wave run too')
    .action(({ now }: { readonly now?: boolean }, command: Command) =>
      cli.run(command, async ({ context }) => {
        const { stopAutopilot } = await import('../../core/actions/waves/autopilot.ts');
        const record = await stopAutopilot(context, { now: now === true });
        return {
          data: { autopilot: toView(record) },
          print: (out) =>
            out.line(record.status === 'ended' ? 'It had been killed; its record is ended.' : 'It was told to stop.'),
        };
      }),
    );
}

function toView(record: AutopilotRecord) {
  return {
    id: record.id,
    status: record.status,
    startedAt: record.startedAt,
    endedAt: record.endedAt ?? null,
    sessions: record.labels,
    tried: record.tried,
    current: record.current ?? null,
    stopping: record.stop !== undefined && record.status === 'running',
    outputTokens: record.outputTokens,
    killSwitch: record.end?.kill ?? null,
    detail: record.end?.detail ?? null,
    fallback: record.end?.fallback ?? false,
    bounds: record.bounds,
  };
}

function printRecord(out: Output, record: AutopilotRecord, isInterrupted: boolean): void {
  const { id, labels, end, current, stop } = record;
  if (end !== undefined) {
    out.line(`${plainText(id)} ended after ${countOf(labels.length, 'session')}: ${end.kill ?? 'nothing more to do'}.`);
    out.wrapped(plainText(end.detail), { label: '  ' });
    if (end.fallback) out.line('Nothing was begun; go on by hand.');
    return;
  }
  const state = isInterrupted ? 'was killed' : stop === undefined ? 'runs' : 'is about to stop';
  out.line(`${plainText(id)} ${state}; ${countOf(labels.length, 'session')} done.`);
  if (current !== undefined) out.line(`  at: ${plainText(current.session)}`);
  printNextStep(out, isInterrupted ? 'baton autopilot run' : 'baton autopilot stop');
}

function printCandidate(out: Output, candidate: AutopilotCandidate | undefined): void {
  if (candidate === undefined) {
    out.line('No session is ready.');
    return;
  }
  out.line(`${plainText(candidate.session)} would be next, with a confidence of ${candidate.confidence}.`);
  for (const doubt of candidate.doubts) out.wrapped(plainText(doubt), { label: '  - ' });
}

function numberIn(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a number from ${least} to ${most}.`);
  };
}
