import { describeWaveRun, describeWaveState } from '../../../src/core/actions/waves/describeWaveRun.ts';
import { parseState } from '../../../src/core/formats/state.ts';
import type { DashboardProject, DashboardSession, DashboardSnapshot } from '../../../src/core/model/dashboard.ts';
import type { ShownState } from '../../../src/core/model/shownState.ts';
import type { PastWaveRun, ShownWaveRun } from '../../../src/core/model/waves/shownRun.ts';
import { foreignState, harbourActivity, harbourRun } from '../../support/waveRuns.ts';

const hourMs = 3_600_000;
const startMs = Date.UTC(2026, 9, 1, 8);
const titles = [
  'Write the parser for tables',
  'Store sessions and watch files',
  'Show the tree of sessions',
  'Refuse a second active session',
  'Merge edits of two writers',
  'Draw the burn-up',
  'Tell a reader what changed',
];

/** A run that is at work, and one of another tool. */
const shownWaves: readonly ShownWaveRun[] = [
  describeWaveRun({
    run: harbourRun('/work'),
    activities: { 'w3-a1': harbourActivity },
    questions: [
      {
        ...{ id: 'wave-scope-1', kind: 'question', question: 'Narrow the task of w2-a3?', options: ['Narrow it'] },
        ...{ blocking: true, askedAt: '2026-11-20T10:12:00Z', wave: 'harbour-abc-000001', recommended: 'Narrow it' },
      },
    ],
    interrupted: false,
  }),
  describeWaveState(parseState(foreignState, '.codex/STATE.md').value),
];

const pastWaves: readonly PastWaveRun[] = [1, 2, 3].map((day) => ({
  label: `main-2026-11-0${day}-feature-1`,
  startedMs: Date.UTC(2026, 10, day, 9),
  minutes: 30 * day,
  waves: 5,
  agents: 7,
  retries: day - 1,
  spirals: day === 3 ? 1 : 0,
  ...(day > 1 && { costUsd: day * 1.25 }),
  completed: day !== 2,
}));

/** A session with everything that is usual; `values` replace it. */
export function session(index: number, values: Partial<DashboardSession> = {}): DashboardSession {
  const id = values.id ?? `BE-${String(index).padStart(2, '0')}`;
  const state = values.state ?? stateOf(index);
  const title = values.title ?? `${titles[index % titles.length]} (${index})`;
  const startedMs = state === 'ready' || state === 'waiting' ? undefined : startMs + index * 5 * hourMs;
  const endedMs = state === 'done' && startedMs !== undefined ? startedMs + (1 + (index % 4)) * hourMs : undefined;
  return {
    key: `alpha ${id}`,
    id,
    title,
    state,
    project: 'Alpha',
    repository: index % 3 === 0 ? 'web' : 'api',
    section: `Week ${1 + Math.floor(index / 8)}`,
    week: String(1 + Math.floor(index / 8)),
    cells: {
      Session: id,
      Title: title,
      Status: state,
      Started: startedMs === undefined ? '—' : new Date(startedMs).toISOString().slice(0, 16).replace('T', ' '),
      Owner: index % 2 === 0 ? 'Ada' : 'Grace',
      Notes: index % 5 === 0 ? 'needs a second look, since two writers may meet here' : '',
    },
    ...(startedMs === undefined ? {} : { startedMs }),
    ...(endedMs === undefined ? {} : { endedMs }),
    ...(endedMs === undefined || startedMs === undefined ? {} : { durationMinutes: (endedMs - startedMs) / 60_000 }),
    estimateMinutes: 120,
    model: index % 2 === 0 ? 'opus' : 'sonnet',
    dependencies:
      index === 0 ? [] : [{ id: `BE-${String(index - 1).padStart(2, '0')}`, state: stateOf(index - 1), met: true }],
    waitingFor: [],
    unblocks: [],
    unblocksCount: index % 4,
    parallelWith: [],
    critical: index % 6 === 0,
    activeHere: state === 'active',
    ...(state === 'done' ? { commit: (0xabc1230 + index).toString(16) } : {}),
    hasPrompt: true,
    hasRow: true,
    ...values,
  };
}

function stateOf(index: number): ShownState {
  if (index < 12) return index === 7 ? 'failed' : 'done';
  if (index === 12) return 'active';
  if (index === 13) return 'paused';
  return index % 3 === 0 ? 'ready' : 'waiting';
}

/** A folder with so many sessions in one project, and a second, small project. */
export function snapshotOf(count: number, values: Partial<DashboardSnapshot> = {}): DashboardSnapshot {
  const own = Array.from({ length: count }, (_, index) => session(index));
  const other = ['DOC-1', 'DOC-2'].map((id, index) =>
    session(index, { id, key: `docs ${id}`, project: 'Docs', state: index === 0 ? 'done' : 'ready' }),
  );
  const sessions = [...own, ...other];
  return {
    name: 'relay',
    takenMs: startMs,
    projects: [projectOf('Alpha', own), projectOf('Docs', other)],
    sessions,
    active: {
      key: 'alpha BE-12',
      id: 'BE-12',
      title: 'Draw the burn-up',
      startedMs: Date.now() - 2.2 * hourMs,
      checklist: { done: 3, total: 7 },
      checkpoints: 2,
    },
    next: sessions.filter(({ state }) => state === 'ready').map(({ key }) => key),
    taskLists: [
      {
        id: 'tidy-a1b2',
        title: 'Tidy the <settings>',
        path: 'docs/tasks/tidy-a1b2.md',
        counts: { pending: 3, inProgress: 1, complete: 4, total: 8 },
        archived: false,
        openSession: 3,
        ready: [{ id: 'T5', title: 'Say what each setting does' }],
        inProgress: [{ id: 'T4', title: 'Group them' }],
      },
    ],
    inbox: [
      {
        id: 'q1',
        kind: 'question',
        question: 'Which date format do the rows get?',
        options: ['ISO 8601', 'as the other rows have it'],
        context: 'The table has none yet.',
        blocking: true,
        askedAt: '2026-11-20T10:00:00Z',
        session: 'BE-12',
      },
    ],
    agents: [
      {
        id: 'session-BE-12-mjvznquz-xhjpar',
        item: 'BE-12',
        title: 'Read <dates>',
        agent: 'claude',
        status: 'running',
        phase: 'review',
        startedMs: Date.parse('2026-11-20T09:00:00Z'),
        tokens: 12_345,
        costUsd: 0.5,
        can: ['changes', 'log', 'stop'],
      },
    ],
    waves: shownWaves,
    pastWaves,
    problems: [{ path: 'docs/progress/BETA_PROGRESS.md', message: 'The table has no column for IDs.' }],
    ...values,
  };
}

function projectOf(name: string, sessions: readonly DashboardSession[]): DashboardProject {
  const counts: Partial<Record<ShownState, number>> = {};
  for (const { state } of sessions) counts[state] = (counts[state] ?? 0) + 1;
  return {
    name,
    progressPath: `docs/progress/${name.toUpperCase()}_PROGRESS.md`,
    planPaths: [`docs/${name.toUpperCase()}_PROMPTS.md`],
    repositories: ['api', 'web'],
    columns: [
      { name: 'Session', role: 'id', editable: false },
      { name: 'Title', role: 'title', editable: false },
      { name: 'Status', role: 'status', editable: true },
      { name: 'Started', role: 'started', editable: false },
      { name: 'Owner', role: 'other', editable: true },
      { name: 'Notes', role: 'notes', editable: true },
    ],
    counts,
    total: sessions.length,
    done: counts.done ?? 0,
    criticalPath: sessions
      .filter(({ critical, state }) => critical && state !== 'done')
      .map(({ key }) => key)
      .slice(0, 6),
    blockers: name === 'Alpha' ? [{ text: 'The API has no date for this', session: 'BE-14' }] : [],
  };
}
