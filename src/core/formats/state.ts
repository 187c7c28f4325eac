import type { Range } from '../base/range.ts';
import type { MarkdownDocument } from '../markdown/blocks.ts';
import { parseMarkdown } from '../markdown/document.ts';
import { findHeading, sectionOf } from '../markdown/sections.ts';
import type { Diagnostic, Parsed } from '../model/diagnostic.ts';
import {
  type MissionState,
  type StateField,
  type WaveAgent,
  type WaveRecord,
  type WaveRunStatus,
  type WaveState,
  waveRunStatuses,
} from '../model/waveState.ts';
import { describeState } from './stateProblems.ts';

/**
 * Reads a `STATE.md` (formats.md §1.2): the frontmatter line by line, without YAML, so that what the reference parser rejects is read too;
 * the sections by their headings. Never throws.
 */
export function parseState(text: string, path: string): Parsed<WaveState> {
  const doc = parseMarkdown(text);
  const lines = doc.frontmatter === undefined ? [] : linesIn(doc, doc.frontmatter.contentRange);
  const fields = lines.flatMap((line) => readField(text, line) ?? []);
  const said = (key: string): string | undefined => fields.findLast((field) => field.key === key)?.value || undefined;
  const currentWave = countOf(said('current-wave'));
  const totalWaves = countOf(said('total-waves'));
  const status = waveRunStatuses.find((one): one is WaveRunStatus => one === said('status'));
  const value: WaveState = {
    path,
    text,
    fields,
    ...(status && { status }),
    ...optional('sessionType', said('session-type')),
    ...optional('branch', said('branch')),
    ...optional('startedAt', said('started_at')),
    ...(currentWave !== undefined && { currentWave }),
    ...(totalWaves !== undefined && { totalWaves }),
    waves: readWaves(doc),
    missions: readMissions(doc),
    missionMirror: readMirror(text, lines),
  };
  const diagnostics: Diagnostic[] = [...doc.diagnostics, ...describeState(value, doc)];
  return { value, diagnostics: diagnostics.sort((a, b) => a.range.start - b.range.start) };
}

function linesIn(doc: MarkdownDocument, { start, end }: Range): readonly Range[] {
  if (start >= end) return [];
  const first = doc.lines.lineAt(start);
  const count = doc.lines.lineAt(end) - first + 1;
  return Array.from({ length: count }, (_, index) => doc.lines.rangeOf(first + index)).filter(
    (line) => line.start < end,
  );
}

function readField(text: string, line: Range): StateField | undefined {
  const match = /^([A-Za-z_][\w-]*):[ \t]*(.*?)[ \t]*$/.exec(text.slice(line.start, line.end));
  const [, key, raw = ''] = match ?? [];
  if (key === undefined) return undefined;
  const { value, range } = readValue(raw, line.start + text.slice(line.start, line.end).indexOf(raw, key.length + 1));
  return { key, keyRange: { start: line.start, end: line.start + key.length }, value, valueRange: range };
}

/** A value without its quotes. A bare value goes to the line's end: the reference keeps ` #12` behind it, and issue numbers stand there. */
function readValue(raw: string, start: number): { readonly value: string; readonly range: Range } {
  const quoted = /^"((?:[^"\\]|\\.)*)"$|^'((?:[^']|'')*)'$/.exec(raw);
  const value = quoted === null ? raw : (quoted[1]?.replace(/\\(.)/g, '$1') ?? quoted[2]?.replaceAll("''", "'") ?? '');
  return { value, range: { start, end: start + raw.length } };
}

function countOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : undefined;
}

function optional<K extends string>(key: K, value: string | undefined): { readonly [P in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: string });
}

/** Waves of the history. Other headings among them (`### Wave 2 pre-dispatch`, `### Atomic commits`) are the writer's own. */
function readWaves(doc: MarkdownDocument): readonly WaveRecord[] {
  return doc.headings.flatMap((heading): WaveRecord[] => {
    const match = /^wave\s+(\d{1,6})\s*(?:[—–:-]\s*(.*))?$/i.exec(heading.text);
    if (heading.level !== 3 || match === null) return [];
    const agents = linesIn(doc, sectionOf(doc, heading).bodyRange).flatMap((line) => readAgent(doc.text, line) ?? []);
    return [{ number: Number(match[1]), title: match[2] ?? '', range: heading.range, agents }];
  });
}

function readAgent(text: string, range: Range): WaveAgent | undefined {
  const item = /^[-*+]\s+(.*\S)/.exec(text.slice(range.start, range.end))?.[1];
  if (item === undefined) return undefined;
  const match = /^(?:agent\s+)?(?:"([^"]*)"|([^:]{1,200})):\s*(done|partial|failed)\b/i.exec(item);
  const status = match?.[3]?.toLowerCase();
  return { what: match?.[1] ?? match?.[2] ?? item, ...(status && { status }), range };
}

/** A state of several words ends at the time; where that is missing, the first word is the state. */
const missionLine =
  /^([-*+]\s+)([^\s:]+)(:\s+)(\S.*?(?=\s+\(updated\s[^)]*\)\s*$)|[^\s(]+)(?:\s+\(updated\s+([^)]*)\))?/;

function readMissions(doc: MarkdownDocument): readonly MissionState[] {
  const heading = findHeading(doc, ({ level, text }) => level === 2 && /^mission status$/i.test(text));
  if (heading === undefined) return [];
  return linesIn(doc, sectionOf(doc, heading).bodyRange).flatMap(({ start, end }): MissionState[] => {
    const [, mark = '', id, colon = '', status, updated] = missionLine.exec(doc.text.slice(start, end)) ?? [];
    if (id === undefined || status === undefined) return [];
    const idStart = start + mark.length;
    const statusStart = idStart + id.length + colon.length;
    return [
      {
        id,
        idRange: { start: idStart, end: idStart + id.length },
        status,
        statusRange: { start: statusStart, end: statusStart + status.length },
        ...(updated !== undefined && { updated }),
      },
    ];
  });
}

/** The block list below `mission-status:`: mappings of one level. */
function readMirror(text: string, lines: readonly Range[]): readonly MissionState[] {
  const first = lines.findIndex(({ start, end }) => /^mission-status:[ \t]*$/.test(text.slice(start, end)));
  if (first < 0) return [];
  const found: MissionState[] = [];
  let entry: { id?: string; idRange?: Range; status?: string; statusRange?: Range } = {};
  const finish = (): void => {
    const { id, idRange, status, statusRange } = entry;
    if (id !== undefined && idRange && status !== undefined && statusRange)
      found.push({ id, idRange, status, statusRange });
  };
  for (const { start, end } of lines.slice(first + 1)) {
    const line = text.slice(start, end);
    if (/^[^\s#-]/.test(line)) break;
    const match = /^(\s*-\s+|\s+)([\w-]+):([ \t]+)(.*?)[ \t]*$/.exec(line);
    const [, lead = '', key, gap = '', raw = ''] = match ?? [];
    if (/^\s*-/.test(line)) {
      finish();
      entry = {};
    }
    if (key !== 'id' && key !== 'status') continue;
    const { value, range } = readValue(raw, start + lead.length + key.length + 1 + gap.length);
    entry = key === 'id' ? { ...entry, id: value, idRange: range } : { ...entry, status: value, statusRange: range };
  }
  finish();
  return found;
}
