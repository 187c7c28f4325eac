import { phrase } from '../base/phrase.ts';
import type { Range } from '../base/range.ts';
import type { MarkdownDocument } from '../markdown/blocks.ts';
import { parseMarkdown } from '../markdown/document.ts';
import { type Field, readFields } from '../markdown/fields.ts';
import type { Diagnostic, Parsed } from '../model/diagnostic.ts';
import type { Plan, PlanSession, PlanSubsection } from '../model/plan.ts';
import { blocksWithin, firstAt } from './blocksWithin.ts';
import { readMetadataYaml } from './metadataYaml.ts';
import {
  applyMetadata,
  estimateMinutes,
  isMetadataKey,
  type MetadataContext,
  type MetadataDraft,
} from './planMetadata.ts';
import { type OutlineEntry, readPlanOutline } from './planOutline.ts';
import {
  readChecklist,
  readCommands,
  readCommitMessage,
  readPrompt,
  readReferenceFiles,
  readRollbackCommands,
  subsectionsOf,
  type TextSpan,
  trimBody,
} from './planSections.ts';
import { readXmlSession } from './planXml.ts';

/** The sections whose YAML is a session's metadata. */
const metadataTitle =
  /^(?:session )?(?:metadata|system configuration|system config|configuration|model configuration|skills(?: registry)?|sub-?agents?(?: .*)?|dependencies)$/i;

interface Reading {
  readonly doc: MarkdownDocument;
  readonly context: MetadataContext;
  readonly fields: readonly (Field & { readonly range: Range })[];
  readonly diagnostics: Diagnostic[];
}

/** Reads a plan. Never throws; what it cannot understand is a diagnostic and the rest is read (formats.md §2.3, §2.7). */
export function parsePlan(text: string, path: string): Parsed<Plan> {
  const doc = parseMarkdown(text);
  const outline = readPlanOutline(doc);
  const reading: Reading = {
    doc,
    context: { text, knownIds: new Set(outline.map(({ id }) => id)) },
    fields: text.includes('**') ? readFields(doc).map((field) => ({ ...field, range: field.nameRange })) : [],
    diagnostics: [...doc.diagnostics, ...describeDuplicates(outline)],
  };
  const sessions = outline.map((entry) => readSession(reading, entry));
  const title = planTitle(doc, outline);
  const value = { path, text, sessions, ...(title && { title }) };
  return { value, diagnostics: reading.diagnostics };
}

function planTitle(doc: MarkdownDocument, outline: readonly OutlineEntry[]): string | undefined {
  const heading = doc.headings[0];
  if (!heading || outline.some(({ headingRange }) => headingRange.start === heading.range.start)) return undefined;
  const endings =
    /[\s:—–-]*\b(?:(?:(?:implementation|session|claude|code|development)\s+)*prompts?|(?:implementation|session|execution)\s+plan)\s*$/i;
  const title = heading.text.slice(0, 300).replace(endings, '').trim();
  return title === '' ? heading.text : title;
}

function describeDuplicates(outline: readonly OutlineEntry[]): Diagnostic[] {
  const seen = new Map<string, Range>();
  return outline.flatMap(({ id, idRange }): Diagnostic[] => {
    const first = seen.get(id);
    if (first === undefined) {
      seen.set(id, idRange);
      return [];
    }
    const related = [{ range: first, message: phrase`${id} stands here too` }];
    const message = phrase`This plan defines the session ${id} twice. Give one of them another ID.`;
    return [{ code: 'duplicate-id', severity: 'error', message, range: idRange, related }];
  });
}

function readSession(reading: Reading, entry: OutlineEntry): PlanSession {
  const { doc } = reading;
  const hasHeading = entry.level !== undefined;
  const body: Range = { start: entry.headingRange.end, end: entry.range.end };
  const sections = hasHeading ? subsectionsOf(doc, body) : [];
  const preamble: Range = { start: body.start, end: sections[0]?.headingRange.start ?? body.end };
  const draft: MetadataDraft = {};
  const xml = entry.xml && readXmlSession(doc.text, entry.xml);
  if (xml) applyMetadata(draft, xml.entries, reading.context);
  if (hasHeading) readMetadata(reading, draft, preamble, sections);
  const prompt = readSessionPrompt(reading, entry, preamble, sections);
  const phase = draft.phase?.replace(/^phase\s+/i, '') ?? entry.phase;
  const week = draft.week ?? entry.week;
  const { commitMessage = readCommitMessage(doc, sections), referenceFiles } = draft;
  const minutes = draft.estimate === undefined ? undefined : estimateMinutes(draft.estimate);
  return {
    id: entry.id,
    title: entry.title,
    form: entry.xml ? 'xml' : 'markdown',
    idRange: entry.idRange,
    headingRange: entry.headingRange,
    range: entry.range,
    ...(phase && { phase }),
    ...(entry.phaseName && { phaseName: entry.phaseName }),
    ...(week && { week }),
    ...(draft.track && { track: draft.track }),
    ...(draft.repository && { repository: draft.repository }),
    ...(draft.workingDirectory && { workingDirectory: draft.workingDirectory }),
    execution: draft.execution ?? [],
    ...(draft.estimate && { estimate: draft.estimate }),
    ...(minutes !== undefined && { estimateMinutes: minutes }),
    dependencies: draft.dependencies ?? [],
    parallelWith: draft.parallelWith ?? [],
    ...(draft.taskList && { taskList: draft.taskList }),
    modelSettings: draft.modelSettings ?? {},
    skills: draft.skills ?? [],
    subAgents: draft.subAgents ?? [],
    referenceFiles: referenceFiles ?? (hasHeading ? readReferenceFiles(doc, body, reading.fields) : []),
    files: draft.files ?? [],
    ...(prompt && { prompt }),
    checklist: readChecklist(doc, sections, preamble),
    commands: [...(xml?.commands ?? []), ...readCommands(doc, sections)],
    rollbackCommands: [...(xml?.rollbackCommands ?? []), ...readRollbackCommands(doc, sections)],
    ...(commitMessage && { commitMessage }),
    subsections: sections,
  };
}

/** Takes the YAML fences of metadata sections and below the heading itself, then the bold lines there. */
function readMetadata(
  reading: Reading,
  draft: MetadataDraft,
  preamble: Range,
  sections: readonly PlanSubsection[],
): void {
  const { doc, context } = reading;
  const bodies = [
    preamble,
    ...sections.filter(({ title }) => metadataTitle.test(title)).map(({ bodyRange }) => bodyRange),
  ];
  for (const body of bodies) {
    for (const fence of blocksWithin(doc.fences, body)) {
      const isYaml = /^ya?ml$/.test(fence.language) || (fence.language === '' && body !== preamble);
      if (!isYaml) continue;
      const { entries, diagnostics } = readMetadataYaml(doc.text, fence.contentRange);
      // A bare fence may hold anything; only a YAML one is blamed for not being YAML.
      if (fence.language !== '') reading.diagnostics.push(...diagnostics);
      applyMetadata(draft, entries, context);
    }
  }
  for (const body of bodies) {
    for (const { name, nameRange, value, valueRange } of blocksWithin(reading.fields, body)) {
      if (value === '') continue;
      const said = value.replace(/^`(.*)`$/, '$1');
      applyMetadata(
        draft,
        [{ key: name, keyRange: nameRange, value: { kind: 'scalar', text: said, range: valueRange } }],
        context,
      );
    }
  }
}

function readSessionPrompt(
  reading: Reading,
  entry: OutlineEntry,
  preamble: Range,
  sections: readonly PlanSubsection[],
): TextSpan | undefined {
  const { doc } = reading;
  if (entry.xml) return { text: doc.text.slice(entry.xml.range.start, entry.xml.range.end), range: entry.xml.range };
  const titled =
    sections.find(({ title }) => /^(?:\W*)prompt\b/i.test(title)) ??
    sections.find(({ title }) => /\bprompt$/i.test(title));
  if (titled) return readPrompt(doc, titled.bodyRange);
  return hasProse(reading, preamble) ? readPrompt(doc, afterMetadata(doc, preamble)) : undefined;
}

/** Where the text below a heading begins that is not its YAML. */
function afterMetadata(doc: MarkdownDocument, preamble: Range): Range {
  const body = trimBody(doc.text, preamble);
  const first = doc.fences[firstAt(doc.fences, body.start)];
  const isMetadata = first !== undefined && first.range.start === body.start && /^ya?ml$/.test(first.language);
  return isMetadata ? { start: Math.min(first.range.end, body.end), end: body.end } : body;
}

/** Whether there is more below the heading than metadata, check boxes and rules. */
function hasProse(reading: Reading, preamble: Range): boolean {
  const { doc } = reading;
  const known = [
    ...blocksWithin(doc.fences, preamble).filter(({ language }) => /^ya?ml$/.test(language)),
    ...blocksWithin(reading.fields, preamble)
      .filter(({ name }) => isMetadataKey(name))
      .map(({ line }) => ({ range: doc.lines.rangeOf(line) })),
    ...blocksWithin(doc.checklist, preamble),
  ].sort((a, b) => a.range.start - b.range.start);
  let at = preamble.start;
  let rest = '';
  for (const { range } of known) {
    rest += doc.text.slice(at, Math.max(at, range.start));
    at = Math.max(at, range.end);
  }
  rest += doc.text.slice(at, Math.max(at, preamble.end));
  return rest.replace(/^[ \t]*(?:-{3,}|\*{3,}|_{3,})[ \t]*\r?$/gm, '').trim() !== '';
}
