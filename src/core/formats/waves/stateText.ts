import type { DocsTask, PlannedMission } from '../../model/waves/wavePlan.ts';
import { stateSections } from './stateBody.ts';
import { type StateScalar, writeStateScalar } from './stateScalar.ts';

/** What a new STATE.md says. */
export interface NewState {
  readonly sessionType: string;
  readonly branch: string;
  readonly issues: readonly number[];
  /** ISO 8601 with zone. */
  readonly startedAt: string;
  readonly totalWaves: number;
  /** `active` unless told. */
  readonly status?: string;
  /** Label of the run: `<branch>-<YYYY-MM-DD>-<mode>-<n>`. */
  readonly session?: string;
  /** The ID of the one who coordinates, as the session lock has it. */
  readonly sessionId?: string;
  /** The commit before the first wave. */
  readonly sessionStartRef?: string;
  readonly docsTasks?: readonly DocsTask[];
  readonly missions?: readonly PlannedMission[];
}

/** The text of a STATE.md before the first wave (formats.md §1.2), in the reference's serialised form. */
export function newStateText(state: NewState): string {
  const optional: readonly (readonly [string, StateScalar | undefined])[] = [
    ['session', state.session],
    ['session-id', state.sessionId],
    ['session-start-ref', state.sessionStartRef],
  ];
  const fields: readonly (readonly [string, StateScalar])[] = [
    ['schema-version', 1],
    ['session-type', state.sessionType],
    ['branch', state.branch],
    ['issues', state.issues],
    ['started_at', state.startedAt],
    ['status', state.status ?? 'active'],
    ['current-wave', 0],
    ['total-waves', state.totalWaves],
    ...optional.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])),
  ];
  return [
    '---',
    ...fields.map(([key, value]) => `${key}: ${writeStateScalar(value)}`),
    ...listLines('docs-tasks', (state.docsTasks ?? []).map(docsTaskFields)),
    ...listLines(
      'mission-status',
      (state.missions ?? []).map(({ id, task, wave, status }) => ({ id, task, wave, status })),
    ),
    '---',
    '',
    `## ${stateSections.currentWave}`,
    '',
    'Wave 0 — Initializing',
    '',
    `## ${stateSections.history}`,
    '',
    '(none yet)',
    '',
    `## ${stateSections.deviations}`,
    '',
    '(none yet)',
    '',
  ].join('\n');
}

function docsTaskFields({
  id,
  audience,
  targetPattern,
  rationale,
  wave,
  status,
}: DocsTask): Record<string, StateScalar> {
  return { id, audience, 'target-pattern': targetPattern, rationale, wave, status };
}

/** A block list of mappings; no key where it is empty, which says the same. */
function listLines(key: string, items: readonly Readonly<Record<string, StateScalar>>[]): readonly string[] {
  if (items.length === 0) return [];
  const lines = items.flatMap((item) =>
    Object.entries(item).map(([name, value], at) => `${at === 0 ? '  - ' : '    '}${name}: ${writeStateScalar(value)}`),
  );
  return [`${key}:`, ...lines];
}
