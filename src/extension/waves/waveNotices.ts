import * as vscode from 'vscode';
import type { WaveRunEntry } from '../../core/actions/waves/listWaveRuns.ts';
import type { Finding } from '../../core/model/waves/finding.ts';
import type { WaveAgentRun } from '../../core/model/waves/waveRun.ts';
import { localized } from '../localized.ts';
import { runCommand } from '../registration.ts';
import { findingText, runWord } from '../views/waves/waveText.ts';

/** Something about a run for which a person is needed, or which they wait for. */
export interface WaveNotice {
  /** `breaker`: an agent went in circles; `waves`: a run ended or rests. */
  readonly kind: 'breaker' | 'waves';
  readonly message: string;
  readonly button: string;
  readonly act: () => Thenable<unknown>;
}

/** How the runs of a folder stand, by what is told of them. */
export type WaveMarks = ReadonlyMap<string, string>;

/** What of the runs is told when it changes. */
export function marksOf(waves: readonly WaveRunEntry[]): WaveMarks {
  return new Map(
    waves.flatMap(({ run, interrupted }) => [
      [run.id, interrupted ? 'interrupted' : run.status] as const,
      ...run.agents.flatMap((agent) => {
        const stops = stopsOf(agent).length;
        return stops === 0 ? [] : [[`${run.id} ${agent.key}`, String(stops)] as const];
      }),
    ]),
  );
}

/** What has come to pass since `before`. A question of the coordinator is told as every question is. */
export function waveNotices(folder: string, before: WaveMarks, waves: readonly WaveRunEntry[]): readonly WaveNotice[] {
  const now = marksOf(waves);
  return waves.flatMap((entry) => {
    const { run } = entry;
    const stopped = run.agents.filter((agent) => {
      const key = `${run.id} ${agent.key}`;
      return now.get(key) !== undefined && now.get(key) !== before.get(key);
    });
    const changed = before.get(run.id) !== undefined && before.get(run.id) !== now.get(run.id);
    return [
      ...stopped.map((agent) => stopNotice(folder, entry, agent)),
      ...(changed ? (runNotice(folder, entry) ?? []) : []),
    ];
  });
}

function stopsOf({ findings }: WaveAgentRun): readonly Finding[] {
  return findings.filter(({ severity }) => severity === 'stop');
}

function stopNotice(folder: string, { run }: WaveRunEntry, agent: WaveAgentRun): WaveNotice {
  const finding = stopsOf(agent).at(-1);
  return {
    kind: 'breaker',
    message: [agent.key, finding && findingText(finding)].filter(Boolean).join(': '),
    button: vscode.l10n.t('Show Log'),
    act: () => runCommand('baton.showWaveAgentLog', { folder, id: run.id, agent: agent.key }),
  };
}

function runNotice(folder: string, { run, interrupted }: WaveRunEntry): WaveNotice[] | undefined {
  const { plan, why, status } = run;
  const shown = interrupted ? 'interrupted' : status;
  const argument = { folder, id: run.id };
  const message = [plan.title, runWord(shown), why && localized(why).split('\n')[0]].filter(Boolean).join(': ');
  switch (shown) {
    case 'completed':
      return [
        {
          kind: 'waves',
          message,
          button: vscode.l10n.t('Close Run'),
          act: () => runCommand('baton.closeWaveRun', argument),
        },
      ];
    case 'interrupted':
    case 'failed':
      return [
        {
          kind: 'waves',
          message,
          button: vscode.l10n.t('Resume Run'),
          act: () => runCommand('baton.resumeWaveRun', argument),
        },
      ];
    case 'paused':
      // One that waits for an answer is told by its question.
      if (run.questions.length > 0) return undefined;
      return [
        {
          kind: 'waves',
          message,
          button: vscode.l10n.t('Resume Run'),
          act: () => runCommand('baton.resumeWaveRun', argument),
        },
      ];
    default:
      return undefined;
  }
}
