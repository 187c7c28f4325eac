import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { declareVerb } from '../../declareVerb.ts';
import { plainText } from '../../text.ts';
import { printRun, printRuns, toShownView } from '../../waveViews.ts';

/** `baton wave status [RUN]` */
export function declareWaveStatus(wave: Command, cli: Cli): void {
  declareVerb(wave, {
    name: 'status',
    summary: 'Show a run: its waves, agents, gates, findings and questions',
    details:
      'Without an ID the latest run, and the sessions of other tools that STATE.md tells of. Nothing is changed.\n\n' +
      '--json: run (null: none yet), others[]; with --all runs[].',
    examples: [
      ['baton wave status', ''],
      ['baton wave status --all', 'a line for each run of this clone'],
    ],
  })
    .argument('[run]', 'the run, its label, or the beginning of its ID')
    .option('--all', 'all runs, a line each')
    .action((id: string | undefined, { all = false }: { readonly all?: boolean }, command: Command) =>
      cli.run(command, async ({ context }) => {
        const [{ listWaveRuns, showWaveRun }, { describeWaveRun, describeWaveState }] = await Promise.all([
          import('../../../core/actions/waves/listWaveRuns.ts'),
          import('../../../core/actions/waves/describeWaveRun.ts'),
        ]);
        const { listStateFiles, readStateFile } = await import('../../../core/actions/waves/stateFile.ts');
        const entries = await listWaveRuns(context);
        if (all) {
          const runs = entries.map((entry) => describeWaveRun(entry));
          return { data: { runs: runs.map(toShownView) }, print: (out) => printRuns(out, runs) };
        }
        const entry = id === undefined ? entries.at(-1) : await showWaveRun(context, id);
        const states = await Promise.all(
          (await listStateFiles(context)).map(async (path) => (await readStateFile(context, path))?.state),
        );
        const own = states.find((state) => state?.path === entry?.run.stateFile);
        const run =
          entry === undefined ? undefined : describeWaveRun({ ...entry, ...(own !== undefined && { state: own }) });
        const isTold = entry !== undefined && !['closed', 'aborted'].includes(entry.run.status);
        const others = states.flatMap((state) => {
          const isOther = state?.status === 'active' || state?.status === 'paused';
          return state === undefined || !isOther || (isTold && state === own) ? [] : [describeWaveState(state)];
        });
        return {
          data: {
            run: run === undefined ? null : toShownView(run),
            others: id === undefined ? others.map(toShownView) : [],
          },
          print: (out) => {
            if (run === undefined) out.line('No wave run yet. "baton wave run --plan FILE" begins one.');
            else printRun(out, run);
            if (id !== undefined) return;
            for (const { title, label, status } of others) {
              out.wrapped(plainText(`${title}: ${label}, ${status}`), { label: 'other session: ', tone: 'quiet' });
            }
          },
        };
      }),
    );
}
