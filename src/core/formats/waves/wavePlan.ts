import { phrase } from '../../base/phrase.ts';
import type { Range } from '../../base/range.ts';
import type { Heading, MarkdownDocument, TableBlock } from '../../markdown/blocks.ts';
import { parseMarkdown } from '../../markdown/document.ts';
import { plainText } from '../../markdown/inline.ts';
import { sectionOf } from '../../markdown/sections.ts';
import { parseTable } from '../../markdown/table.ts';
import type { Parsed } from '../../model/diagnostic.ts';
import { type ExecutionConfig, isolations, type WavePlan } from '../../model/waves/wavePlan.ts';
import type { WaveProblem } from '../../model/waves/waveProblem.ts';
import { assemblePlan, type RawWave } from './assemblePlan.ts';
import { issuesIn, readExecution } from './executionConfig.ts';
import { type AgentField, agentFieldOf, type RawAgent, readWaveAgents, readWaveFields } from './waveAgents.ts';
import { plainValue, readListOfMaps, type WaveLine, waveLinesIn } from './waveLines.ts';

/** A plan with what was noticed while reading it. */
export interface ReadWavePlan {
  readonly plan: WavePlan;
  readonly problems: readonly WaveProblem[];
  /** Line, from 1, of each agent by its ID, and of each wave by `wave-<number>`. */
  readonly places: ReadonlyMap<string, number>;
}

/**
 * Reads a document with a wave plan (formats.md §1.3): `## Wave Plan (Session: …)`, `### Wave N: Role (…)` with agents, Execution Config, and
 * the docs tasks and missions for machines. Never throws; what is not understood is a diagnostic or the writer's own.
 */
export function parseWavePlan(text: string, path: string): Parsed<WavePlan> {
  const doc = parseMarkdown(text);
  const { plan, problems } = readWavePlan(text, path);
  const diagnostics = problems.map(({ severity, message, line = 1 }) => ({
    code: 'unreadable-metadata' as const,
    severity,
    message,
    range: doc.lines.rangeOf(Math.min(line, doc.lines.lineCount) - 1),
  }));
  return { value: plan, diagnostics };
}

/** As `parseWavePlan`, with places and problems as the checks before a run want them. */
export function readWavePlan(text: string, path?: string): ReadWavePlan {
  const whole = parseMarkdown(text);
  const inner = hasWaves(whole)
    ? undefined
    : whole.fences.find((fence) => /^#{2,4}[ \t]+wave\b/im.test(textIn(whole, fence.contentRange)));
  if (inner !== undefined) {
    // A plan that was pasted with the fence around it.
    const read = readWavePlan(textIn(whole, inner.contentRange), path);
    const moved = new Map([...read.places].map(([key, line]) => [key, line + inner.line + 1]));
    const problems = read.problems.map((one) => ({
      ...one,
      ...(one.line !== undefined && { line: one.line + inner.line + 1 }),
    }));
    return { ...read, places: moved, problems };
  }
  return readDocument(whole, path);
}

/** Whether a text has headings of waves, so that it can be read as a wave plan. */
export function hasWavePlan(text: string): boolean {
  return /^[ \t]*#{2,4}[ \t]+(?:\*\*)?wave[ \t]/im.test(text);
}

const waveHeading = /^wave\s+(\d{1,4})\b\s*[:—–.-]?\s*(.*)$/i;
const planHeading = /^wave[ -]plan\b(?!.*mission)/i;

function hasWaves(doc: MarkdownDocument): boolean {
  return doc.headings.some(({ text }) => waveHeading.test(text));
}

function readDocument(doc: MarkdownDocument, path: string | undefined): ReadWavePlan {
  const lineOf = (range: Range): number => doc.lines.lineAt(range.start) + 1;
  const head = doc.headings.find(({ text }) => planHeading.test(text));
  const session = sessionIn(head);
  const isPlain = session.type === 'housekeeping';
  const waves = doc.headings.flatMap((heading) => readWave(doc, heading, isPlain));
  const configuration = doc.headings.find(({ text }) => /^execution config/i.test(text));
  const execution = readExecution(configuration === undefined ? [] : linesBelow(doc, configuration));
  const lines = waveLinesIn(doc.text, { start: 0, end: doc.text.length });
  const assembled = assemblePlan({
    waves: waves.map(({ range, agents, ...wave }) => ({
      ...wave,
      line: lineOf(range),
      agents: agents.map(({ range: place, ...agent }) => ({ ...agent, line: lineOf(place) })),
    })),
    sessionType: session.type ?? execution.sessionType ?? 'feature',
    ...(execution.planFile !== undefined && { planFile: execution.planFile }),
    missions: readListOfMaps(lines, 'mission-status'),
  });
  const plan: WavePlan = {
    ...(path !== undefined && { path }),
    ...(execution.session !== undefined && { session: execution.session }),
    title: titleOf(doc, head) ?? path ?? phrase`Wave plan`,
    sessionType: session.type ?? execution.sessionType ?? 'feature',
    issues: execution.issues.length > 0 ? execution.issues : session.issues,
    ...assembled.plan,
    execution: { ...session.execution, ...execution.fields },
    docsTasks: readListOfMaps(lines, 'docs-tasks').flatMap((task) => {
      const id = task.get('id');
      return id === undefined
        ? []
        : [
            {
              id,
              audience: task.get('audience') ?? '',
              targetPattern: task.get('target-pattern') ?? '',
              rationale: task.get('rationale') ?? '',
              wave: assembled.numbers.get(Number(task.get('wave'))) ?? (Number(task.get('wave')) || 0),
              status: task.get('status') ?? 'planned',
            },
          ];
    }),
  };
  const problems = [...assembled.problems, ...execution.problems].map((one) => ({
    ...one,
    ...(path !== undefined && { path }),
  }));
  return { plan, problems, places: assembled.places };
}

interface WaveInDocument extends Omit<RawWave, 'agents' | 'line'> {
  readonly range: Range;
  readonly agents: readonly RawAgent[];
}

function readWave(doc: MarkdownDocument, heading: Heading, isPlain: boolean): readonly WaveInDocument[] {
  const match = waveHeading.exec(heading.text);
  if (match === null) return [];
  const [, number = '', said = ''] = match;
  const notes = [...said.matchAll(/\(([^)]*)\)?/g)].map(([, note = '']) => note).join(', ');
  const title = said
    .replace(/\([^)]*\)?/g, '')
    .replace(/\s+[✓✔]$/u, '')
    .trim();
  const lines = linesBelow(doc, heading);
  const fields = readWaveFields(lines);
  const isolation = /isolation:\s*(\w+)/i.exec(notes)?.[1] ?? fields.isolation;
  const wanted = isolations.find((one) => isolation?.toLowerCase().startsWith(one));
  const turns = Number(fields.maxTurns);
  const isDirect = /coordinator|housekeeping|maintenance/i.test(heading.text);
  return [
    {
      number: Number(number),
      title,
      range: heading.range,
      sequential: /\b(?:sequential|serial|one (?:by|after) )/i.test(notes) && !/parallel/i.test(notes),
      ...(wanted !== undefined && { isolation: wanted }),
      ...(Number.isInteger(turns) && turns > 0 && { maxTurns: turns }),
      agents: [...readWaveAgents(lines, isPlain || isDirect), ...readAgentTables(doc, heading)],
    },
  ];
}

/** Agents as rows: columns are found by their names. */
function readAgentTables(doc: MarkdownDocument, heading: Heading): readonly RawAgent[] {
  const { bodyRange } = sectionOf(doc, heading);
  return doc.tables
    .filter(({ range }) => range.start >= bodyRange.start && range.end <= bodyRange.end)
    .flatMap((block) => agentsOfTable(doc, block));
}

function linesBelow(doc: MarkdownDocument, heading: Heading): readonly WaveLine[] {
  const { bodyRange } = sectionOf(doc, heading);
  const yaml = doc.fences.filter(({ language }) => /^ya?ml$/.test(language));
  // What is indented belongs to an agent: its steps may hold anything.
  const content = [...doc.tables, ...yaml, ...doc.html].filter(
    ({ range }) => !/[ \t]/.test(doc.text[range.start] ?? ''),
  );
  return waveLinesIn(doc.text, bodyRange).filter(
    ({ range: line }) => !content.some(({ range }) => line.start >= range.start && line.start < range.end),
  );
}

/** What the heading of the plan, or the first heading of all, says: `(Session: deep, 5 waves, isolation: auto)`. */
function sessionIn(head: Heading | undefined): {
  readonly type?: string;
  readonly issues: readonly number[];
  readonly execution: ExecutionConfig;
} {
  const said = /\(([^)]*)\)?/.exec(head?.text ?? '')?.[1] ?? '';
  const type = /session:\s*\[?([\w-]+)/i.exec(said)?.[1]?.toLowerCase();
  const waves = Number(/(\d{1,4})\s+waves?\b/i.exec(said)?.[1]);
  const isolation = /isolation:\s*\[?(\w+)/i.exec(said)?.[1]?.toLowerCase();
  const known = isolations.find((one) => one === isolation);
  return {
    ...(type !== undefined && { type }),
    issues: head === undefined ? [] : issuesIn(head.text),
    execution: { ...(waves > 0 && { waves }), ...(known !== undefined && { isolation: known }) },
  };
}

function titleOf(doc: MarkdownDocument, head: Heading | undefined): string | undefined {
  const first = doc.headings.find(({ level }) => level === 1);
  const title = first?.text.replace(/[\s:—–-]*\b(?:wave|execution) plan\s*$/i, '').trim() || first?.text;
  return title || head?.text.replace(/\s*\(.*$/, '').replace(/^wave plan[\s:—–-]*/i, '') || undefined;
}

function textIn(doc: MarkdownDocument, { start, end }: Range): string {
  return doc.text.slice(start, end);
}

function agentsOfTable(doc: MarkdownDocument, block: TableBlock): readonly RawAgent[] {
  const table = parseTable(doc, block);
  const columns = table.header.cells.map(({ text }) =>
    plainText(text)
      .toLowerCase()
      .replace(/[ _-]+/g, ' '),
  );
  if (!columns.includes('task')) return [];
  return table.rows.flatMap((row): RawAgent[] => {
    const fields = new Map<AgentField, string>();
    let name: string | undefined;
    for (const [column, key] of columns.entries()) {
      const value = row.textAt(column).replaceAll('\\|', '|');
      if (/^(?:#|agent|agent #|id)$/.test(key)) name = plainText(value).replace(/^agent\s+/i, '') || undefined;
      else {
        const field = agentFieldOf(key);
        if (field !== undefined && value !== '' && !fields.has(field)) fields.set(field, plainValue(value));
      }
    }
    return fields.has('task') ? [{ ...(name !== undefined && { name }), fields, range: row.range }] : [];
  });
}
