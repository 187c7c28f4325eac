import type { GateResult } from '../../model/waves/gate.ts';

/** One agent in the summary of a wave. */
export interface ProgressAgent {
  readonly name: string;
  readonly status: string;
  readonly note: string;
}

/** What the summary of a finished wave says. */
export interface WaveSummary {
  readonly wave: number;
  readonly role: string;
  readonly agents: readonly ProgressAgent[];
  /** From the first dispatch to the last end. */
  readonly durationMs: number;
  readonly gate?: GateResult;
  readonly scaling?: {
    readonly change: 'unchanged' | 'reduced' | 'increased';
    readonly agents: number;
    readonly reason: string;
  };
  /** What is done otherwise in the next wave than planned. */
  readonly adaptations: readonly string[];
  /** Absent behind the last wave. */
  readonly next?: { readonly wave: number; readonly role: string };
}

/** The summary of a finished wave as seed 3 gives it (formats.md §1.3): `## Wave 2 (Impl-Core) Complete ✓` and its lines. */
export function waveProgressText(summary: WaveSummary): string {
  const { wave, role, agents, durationMs, gate, scaling, adaptations, next } = summary;
  const lines = [
    `## Wave ${wave} (${role}) Complete ✓`,
    ...agents.map(
      ({ name, status, note }) => `- ${oneLine(name)}: ${status}${note === '' ? '' : ` — ${oneLine(note)}`}`,
    ),
    `- Duration: ${durationText(durationMs)}`,
    `- Tests: ${testsText(gate)} | TypeScript: ${typesText(gate)}`,
    '- Design: N/A',
    `- Scaling: ${scalingText(scaling)}`,
    ...(next === undefined
      ? []
      : [
          `- Adaptations for Wave ${next.wave} (${next.role}): ${adaptations.length === 0 ? 'none' : adaptations.map(oneLine).join('; ')}`,
        ]),
  ];
  return `${lines.join('\n')}\n`;
}

/** `4m 12s` */
function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor(seconds / 60) % 60;
  return `${hours > 0 ? `${hours}h ` : ''}${minutes}m ${seconds % 60}s`;
}

function testsText(gate: GateResult | undefined): string {
  const test = gate?.attempts.at(-1)?.find(({ step }) => step === 'test');
  if (gate === undefined || test === undefined) return 'not run';
  const counts = gate.tests === undefined ? '' : ` (${gate.tests.passed} passed, ${gate.tests.failed} failed)`;
  return `${test.exitCode === 0 ? 'passing' : 'failing'}${counts}${gate.flaky ? ', flaky' : ''}`;
}

/** How many errors the compiler said, where it says them one by one. */
function typesText(gate: GateResult | undefined): string {
  const check = gate?.attempts.at(-1)?.find(({ step }) => step === 'typecheck');
  if (check === undefined) return 'not run';
  if (check.exitCode === 0) return '0 errors';
  const errors = check.tail.split('\n').filter((line) => /\berror TS\d+/.test(line)).length;
  return errors === 0 ? 'errors' : `${errors} errors`;
}

function scalingText(scaling: WaveSummary['scaling']): string {
  if (scaling === undefined) return 'unchanged';
  const { change, agents, reason } = scaling;
  return `${change === 'unchanged' ? 'unchanged' : `${change} to ${agents}`} — ${reason}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
