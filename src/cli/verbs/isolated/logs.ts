import { join } from 'node:path';
import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { declareVerb } from '../../declareVerb.ts';
import { plainText } from '../../text.ts';

/** `baton isolated logs ID` */
export function declareIsolatedLogs(isolated: Command, cli: Cli): void {
  declareVerb(isolated, {
    name: 'logs',
    summary: 'Print what a session says and does, for people',
    details: '--raw prints the lines of the agent as they came. --json: path, lines[].',
    examples: [
      ['baton isolated logs BE-04 --follow', 'until it rests, or Ctrl-C'],
      ['baton isolated logs BE-04 --raw | tail -n 50', ''],
    ],
  })
    .argument('<id>', 'the work item or the session')
    .option('-f, --follow', 'go on as it grows')
    .option('--raw', 'the lines as the agent wrote them')
    .action((id: string, flags: { readonly follow?: boolean; readonly raw?: boolean }, command: Command) =>
      cli.run(command, async ({ context, err }) => {
        const [{ showIsolated, recordsOf }, { openAgentLog }] = await Promise.all([
          import('../../../core/actions/isolated/listIsolated.ts'),
          import('../../../platform/agents/agentLog.ts'),
        ]);
        const { session, archived } = await showIsolated(context, id);
        const path = join(context.ports.localState.locate(recordsOf(session, archived)), 'output.log');
        const log = openAgentLog(path, { agent: session.agent, raw: flags.raw === true });
        const lines = await log.read();
        if (flags.follow === true && !cli.json) {
          for (const line of lines) cli.out.line(plainText(line));
          err.line(err.paint('quiet', 'Following. Ctrl-C ends it; the session goes on.'));
          await log.follow({
            onLines: (more) => {
              for (const line of more) cli.out.line(plainText(line));
            },
            isOver: async () =>
              !['queued', 'preparing', 'running', 'stale'].includes((await showIsolated(context, id)).session.status),
            isCancelled: () => cli.interruption.isCancelled,
          });
          return { data: { path }, print: () => undefined };
        }
        return {
          data: { path, lines },
          print: (out) => {
            if (lines.length === 0) out.line('It has said nothing yet.');
            for (const line of lines) out.line(plainText(line));
          },
        };
      }),
    );
}
