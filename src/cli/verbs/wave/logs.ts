import { join } from 'node:path';
import type { Command } from 'commander';
import { BatonError } from '../../../core/errors.ts';
import { endedAgentStatuses } from '../../../core/model/waves/waveRun.ts';
import type { Cli } from '../../cli.ts';
import { declareVerb } from '../../declareVerb.ts';
import { plainText } from '../../text.ts';

interface LogsFlags {
  readonly run?: string;
  readonly follow?: boolean;
  readonly raw?: boolean;
}

/** `baton wave logs AGENT` */
export function declareWaveLogs(wave: Command, cli: Cli): void {
  declareVerb(wave, {
    name: 'logs',
    summary: 'Print what an agent of a run says and does, for people',
    details: '--raw prints the lines of the agent as they came. --json: run, agent, path, lines[].',
    examples: [
      ['baton wave logs w2-a1 --follow', 'until it has ended, or Ctrl-C'],
      ['baton wave logs w2-a1 --raw | tail -n 50', ''],
    ],
  })
    .argument('<agent>', 'its key, as "baton wave status" has it')
    .option('--run <run>', 'the run; else the latest')
    .option('-f, --follow', 'go on as it grows')
    .option('--raw', 'the lines as the agent wrote them')
    .action((key: string, flags: LogsFlags, command: Command) =>
      cli.run(command, async ({ context, err }) => {
        const [{ requireWaveRun, waveAgentFolder }, { openAgentLog }] = await Promise.all([
          import('../../../core/actions/waves/records.ts'),
          import('../../../platform/agents/agentLog.ts'),
        ]);
        const find = async () => {
          const run = await requireWaveRun(context, flags.run);
          const agent = run.agents.find((one) => one.key === key);
          if (agent !== undefined) return { run, agent };
          const known = run.agents.map((one) => one.key);
          throw new BatonError('unknown-item', `${run.id} has no agent ${key}`, {
            hint: known.length > 0 ? `It has: ${known.join(', ')}.` : 'None of its agents has begun yet.',
            data: { run: run.id, agents: known },
          });
        };
        const { run } = await find();
        const path = join(context.ports.localState.locate(waveAgentFolder(run.id, key)), 'output.log');
        const log = openAgentLog(path, { agent: run.agent, raw: flags.raw === true });
        const lines = await log.read();
        const data = { run: run.id, agent: key, path };
        if (flags.follow === true && !cli.json) {
          for (const line of lines) cli.out.line(plainText(line));
          err.line(err.paint('quiet', 'Following. Ctrl-C ends it; the agent goes on.'));
          await log.follow({
            onLines: (more) => {
              for (const line of more) cli.out.line(plainText(line));
            },
            isOver: async () => {
              const now = await find();
              return endedAgentStatuses.includes(now.agent.status) || ['aborted', 'closed'].includes(now.run.status);
            },
            isCancelled: () => cli.interruption.isCancelled,
          });
          return { data, print: () => undefined };
        }
        return {
          data: { ...data, lines },
          print: (out) => {
            if (lines.length === 0) out.line('It has said nothing yet.');
            for (const line of lines) out.line(plainText(line));
          },
        };
      }),
    );
}
