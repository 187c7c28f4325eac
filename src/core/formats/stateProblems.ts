import { phrase } from '../base/phrase.ts';
import type { Range } from '../base/range.ts';
import type { MarkdownDocument } from '../markdown/blocks.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { type MissionState, missionStatuses, type WaveState, waveRunStatuses } from '../model/waveState.ts';

/** What is wrong with a `STATE.md` (formats.md §1.2). What the reference accepts and people write otherwise is no problem. */
export function describeState(state: WaveState, doc: MarkdownDocument): readonly Diagnostic[] {
  const frontmatter = describeFrontmatter(state, doc);
  return [...frontmatter, ...describeWaves(state), ...describeMissions(state)];
}

/** Without these the reference does not go on with a run. */
const required = ['status', 'current-wave', 'total-waves'] as const;

function describeFrontmatter(state: WaveState, doc: MarkdownDocument): readonly Diagnostic[] {
  const { frontmatter } = doc;
  const unreadable = (message: string, range: Range): Diagnostic => ({
    code: 'unreadable-frontmatter',
    severity: 'warning',
    message,
    range,
  });
  if (frontmatter === undefined) {
    return [
      unreadable(
        phrase`A STATE.md begins with frontmatter: \`---\`, \`status:\` and the other keys, \`---\`.`,
        doc.lines.rangeOf(0),
      ),
    ];
  }
  const opening = doc.lines.rangeOf(doc.lines.lineAt(frontmatter.range.start));
  if (!frontmatter.closed)
    return [unreadable(phrase`The frontmatter is not closed: its last line, \`---\`, is missing.`, opening)];
  const missing = required.filter((key) => !state.fields.some((field) => field.key === key));
  const found: Diagnostic[] = [];
  if (missing.length > 0) found.push(unreadable(phrase`The frontmatter lacks ${missing.join(', ')}.`, opening));
  const status = state.fields.findLast(({ key }) => key === 'status');
  if (status && state.status === undefined) {
    const message = phrase`"${status.value}" is no state of a wave run. Write ${waveRunStatuses.join(', ')}.`;
    found.push({ code: 'unknown-status', severity: 'warning', message, range: status.valueRange });
  }
  for (const [index, field] of state.fields.entries()) {
    const later = state.fields.slice(index + 1).find(({ key }) => key === field.key);
    if (later === undefined) continue;
    const message = `${field.key} is there twice; the last one counts. Remove this one.`;
    const related = [{ range: later.keyRange, message: 'This one counts' }];
    found.push({ code: 'unreadable-frontmatter', severity: 'warning', message, range: field.keyRange, related });
  }
  return found;
}

function describeWaves(state: WaveState): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const add = (range: Range, message: string): void =>
    void found.push({ code: 'wave-numbers', severity: 'warning', message, range });
  for (const key of ['current-wave', 'total-waves'] as const) {
    const field = state.fields.findLast((one) => one.key === key);
    const isCount = key === 'current-wave' ? state.currentWave !== undefined : state.totalWaves !== undefined;
    if (field && !isCount) add(field.valueRange, `${key} is a whole number, not "${field.value}".`);
  }
  const { currentWave, totalWaves } = state;
  if (totalWaves === undefined) return found;
  if (currentWave !== undefined && currentWave > totalWaves) {
    const range = state.fields.findLast(({ key }) => key === 'current-wave')?.valueRange ?? { start: 0, end: 0 };
    add(range, `current-wave is ${currentWave}, but there are only ${totalWaves} waves (total-waves).`);
  }
  for (const wave of state.waves) {
    // One that was left out keeps its number of the plan; those behind it were renumbered.
    if (wave.number > totalWaves && !/\(skipped\b/.test(wave.title))
      add(wave.range, `Wave ${wave.number} is more than total-waves says: ${totalWaves}.`);
  }
  return found;
}

function describeMissions({ missions, missionMirror }: WaveState): readonly Diagnostic[] {
  const live = new Map<string, MissionState>();
  const found: Diagnostic[] = [];
  for (const mission of missions) {
    const first = live.get(mission.id);
    if (first) {
      const message = `${mission.id} has a line above already. Remove one of them.`;
      const related = [{ range: first.idRange, message: phrase`${mission.id} stands here too` }];
      found.push({ code: 'duplicate-id', severity: 'error', message, range: mission.idRange, related });
    } else live.set(mission.id, mission);
  }
  for (const mission of [...missions, ...missionMirror]) {
    if (missionStatuses.some((status) => status === mission.status)) continue;
    const message = phrase`"${mission.status}" is no state of a mission. Write ${missionStatuses.join(', ')}.`;
    found.push({ code: 'unknown-status', severity: 'warning', message, range: mission.statusRange });
  }
  for (const mirror of missionMirror) {
    const mission = live.get(mirror.id);
    if (mission === undefined || mission.status === mirror.status) continue;
    found.push({
      code: 'mission-status-disagree',
      severity: 'warning',
      message: phrase`${mirror.id} is ${mirror.status} here, but ${mission.status} under "Mission Status", which counts.`,
      range: mirror.statusRange,
      fix: {
        title: phrase`Write ${mission.status}`,
        edits: [{ ...mirror.statusRange, newText: mission.status }],
        safe: true,
      },
      related: [{ range: mission.statusRange, message: phrase`${mission.id} is ${mission.status} here` }],
    });
  }
  return found;
}
