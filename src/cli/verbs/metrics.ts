import { type Command, InvalidArgumentError } from 'commander';
import type { PastRun } from '../../core/model/waves/metrics.ts';
import type { Cli } from '../cli.ts';
import { declareVerb } from '../declareVerb.ts';
import type { Output } from '../output.ts';
import { countOf, formatDuration, plainText } from '../text.ts';

/** `baton metrics` */
export function declareMetrics(program: Command, cli: Cli): void {
  declareVerb(program, {
    name: 'metrics',
    summary: 'Show past wave runs: duration, retries, spirals, cost, effectiveness',
    details:
      'Read from .orchestrator/metrics, records of other tools and older versions too; lines that are none are counted.\n\n' +
      '--json: runs[] (oldest first), totals {runs, durationSeconds, agents, retries, spirals, costUsd, completionRate}, learnings[], brokenLines.',
    examples: [
      ['baton metrics', 'the last ten'],
      ['baton metrics --last 50 --json', 'for a chart'],
    ],
  })
    .option('--last <n>', 'so many of the latest', count, 10)
    .action(({ last }: { readonly last: number }, command: Command) =>
      cli.run(command, async ({ context }) => {
        const { readMetrics } = await import('../../core/actions/waves/metrics.ts');
        const { runs: all, learnings, brokenLines, expiredLearnings, stagnations } = await readMetrics(context);
        const runs = all.slice(-last);
        const totals = sumUp(runs);
        const warnings = brokenLines === 0 ? [] : [`${countOf(brokenLines, 'line')} of the metrics are no records`];
        return {
          data: { runs: runs.map(toView), totals, learnings, expiredLearnings, stagnations, brokenLines },
          warnings,
          print: (out) => printMetrics(out, runs, totals),
        };
      }),
    );
}

interface Totals {
  readonly runs: number;
  readonly durationSeconds: number;
  readonly agents: number;
  readonly retries: number;
  readonly spirals: number;
  readonly costUsd: number;
  readonly completionRate: number | null;
}

function sumUp(runs: readonly PastRun[]): Totals {
  const sum = (value: (run: PastRun) => number | undefined): number =>
    runs.reduce((all, run) => all + (value(run) ?? 0), 0);
  const rates = runs.flatMap((run) => run.completionRate ?? []);
  return {
    runs: runs.length,
    durationSeconds: sum((run) => run.durationSeconds),
    agents: sum((run) => run.totalAgents),
    retries: sum((run) => run.retries),
    spirals: sum((run) => run.agents.spiral),
    costUsd: Number(sum((run) => run.costUsd).toFixed(6)),
    completionRate:
      rates.length === 0 ? null : Number((rates.reduce((all, one) => all + one, 0) / rates.length).toFixed(2)),
  };
}

function toView(run: PastRun) {
  const entries = Object.entries(run).map(([key, value]) => [key, value ?? null]);
  return Object.fromEntries(entries);
}

function printMetrics(out: Output, runs: readonly PastRun[], totals: Totals): void {
  if (runs.length === 0) {
    out.line('No wave run is recorded yet.');
    return;
  }
  const columns = ['Run', 'Type', 'Duration', 'Agents', 'Retries', 'Spirals', 'Cost', 'Done'];
  out.table(
    columns.map((_, index) => ({ grows: index === 0 })),
    [
      columns.map((text) => ({ text, paint: (cell: string) => out.paint('title', cell) })),
      ...runs.map((run) => [
        { text: plainText(run.id) },
        { text: plainText(run.type) },
        { text: run.durationSeconds === undefined ? '?' : formatDuration(run.durationSeconds * 1000) },
        { text: String(run.totalAgents ?? '?') },
        { text: String(run.retries ?? '?') },
        { text: String(run.agents.spiral) },
        { text: run.costUsd === undefined ? '?' : `$${run.costUsd.toFixed(2)}` },
        { text: run.completionRate === undefined ? '?' : `${Math.round(run.completionRate * 100)} %` },
      ]),
    ],
  );
  const cost = totals.costUsd === 0 ? '' : `, $${totals.costUsd.toFixed(2)}`;
  out.line(`${countOf(totals.runs, 'run')}, ${formatDuration(totals.durationSeconds * 1000)}${cost}.`);
}

function count(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a whole number.');
}
