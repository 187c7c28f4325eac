import type { Range } from '../base/range.ts';
import type { MarkdownDocument } from '../markdown/blocks.ts';
import { parseMarkdown } from '../markdown/document.ts';
import { type Field, readFields } from '../markdown/fields.ts';
import type { Parsed } from '../model/diagnostic.ts';
import type { ModelSettings, PlanSession, PlanSubsection } from '../model/plan.ts';
import type { SessionFile } from '../model/sessionFile.ts';
import { isSessionId } from '../model/sessionId.ts';
import { blocksWithin } from './blocksWithin.ts';
import { readMetadataYaml } from './metadataYaml.ts';
import { parsePlan } from './plan.ts';
import { applyMetadata, type MetadataDraft } from './planMetadata.ts';
import { readChecklist, readCommands, readPrompt, subsectionsOf } from './planSections.ts';
import { findNotes } from './sessionNotes.ts';

/** The frontmatter's `baton:` value in a SESSION.md that Baton wrote. */
export const sessionFileMark = 'session/1';

interface Identity {
  readonly kind: SessionFile['kind'];
  readonly byBaton: boolean;
  readonly id?: string;
}

/**
 * Reads a SESSION.md. `frontmatter` is what the frontmatter port read, every scalar a string; undefined where there is none or it cannot be
 * read, then the body alone tells. Never throws.
 *
 * Known are Baton's form, the reference script's (`# Current Session: ID` with its quoted lines), the documented one (`# Active Session`
 * with `**Session ID:**`) and the cleared ones; a blank file counts as cleared, everything else as foreign (formats.md §2.2, §2.7).
 */
export function parseSessionFile(
  text: string,
  path: string,
  frontmatter: Readonly<Record<string, unknown>> | undefined,
): Parsed<SessionFile> {
  const doc = parseMarkdown(text);
  const fields = fieldsAbove(doc, /^next session$/i);
  const said = (key: string) => scalar(frontmatter?.[key]);
  const identity = identify(doc, fields, frontmatter);
  const empty = { path, text, ...identity, checkpoints: 0, modelSettings: {}, checklist: [], commands: [], notes: [] };
  if (identity.kind !== 'session') return { value: empty, diagnostics: doc.diagnostics };
  const planned = identity.byBaton ? undefined : plannedPart(text, path, identity.id);
  const sections = subsectionsOf(doc, bodyOf(doc)).flatMap((section) => expand(doc, section, planned));
  const metadata = readSettings(doc, sections);
  const notes = findNotes(doc);
  const status = said('status');
  const value: SessionFile = {
    ...empty,
    ...optional('title', said('title') ?? planned?.title ?? fieldOf(fields, /^title$/i)),
    ...optional('project', said('project')),
    ...optional('repository', said('repository') ?? planned?.repository ?? metadata.repository),
    ...optional('plan', said('plan') ?? plainPath(fieldOf(fields, /^(?:loaded from|plan)$/i))),
    status: status === 'paused' ? 'paused' : 'active',
    ...optional('startedAt', said('started_at') ?? fieldOf(fields, /^started$/i)),
    ...optional('startRef', said('start_ref')),
    checkpoints: countOf(said('checkpoints')),
    ...optional('taskList', said('task_list') ?? planned?.taskList ?? metadata.taskList),
    modelSettings: filledSettings(planned?.modelSettings) ?? metadata.modelSettings ?? {},
    checklist: checklistOf(doc, sections, planned),
    commands: planned && planned.commands.length > 0 ? planned.commands : readCommands(doc, sections),
    notes: notes?.lines ?? [],
    ...optional('notesRange', notes?.range),
    ...optional('prompt', planned?.prompt ?? promptOf(doc, sections)),
  };
  return { value, diagnostics: doc.diagnostics };
}

function identify(
  doc: MarkdownDocument,
  fields: readonly Field[],
  frontmatter: Readonly<Record<string, unknown>> | undefined,
): Identity {
  const byBaton = scalar(frontmatter?.['baton']) === sessionFileMark;
  const marked = byBaton ? scalar(frontmatter?.['session']) : undefined;
  if (marked !== undefined && isSessionId(marked)) return { kind: 'session', byBaton, id: marked };
  const title = doc.headings[0]?.level === 1 ? doc.headings[0].text : '';
  if (/^(?:session complete|no active session)\b/i.test(title)) return { kind: 'cleared', byBaton };
  const current = idIn(/^current session:\s*(\S+)/i.exec(title)?.[1]);
  if (current && fields.some(({ name }) => /^loaded from$/i.test(name)))
    return { kind: 'session', byBaton, id: current };
  const active = /^active session\b/i.test(title) ? idIn(fieldOf(fields, /^session(?: id)?$/i)) : undefined;
  if (active) return { kind: 'session', byBaton, id: active };
  return { kind: doc.text.replace(/^\uFEFF/, '').trim() === '' ? 'cleared' : 'foreign', byBaton };
}

/** An ID is a first word without pipes; `BE-04: Title` names one too. */
function idIn(text: string | undefined): string | undefined {
  const word = /^[`*]*([^\s|`*]+?)[:`*]*(?:\s|$)/.exec(text ?? '')?.[1];
  return word === undefined || /^(?:-|—|–|none|n\/a)$/i.test(word) ? undefined : word;
}

/** The reference script puts the plan's section into the file word for word, so it is read as a plan is. */
function plannedPart(text: string, path: string, id: string | undefined): PlanSession | undefined {
  return parsePlan(text, path).value.sessions.find((session) => session.id === id);
}

function bodyOf(doc: MarkdownDocument): Range {
  const first = doc.headings[0];
  return { start: first?.level === 1 ? first.range.end : 0, end: doc.text.length };
}

/** The plan's section is replaced by the sections in it. */
function expand(
  doc: MarkdownDocument,
  section: PlanSubsection,
  planned: PlanSession | undefined,
): readonly PlanSubsection[] {
  const isPlanned = planned !== undefined && section.headingRange.start === planned.headingRange.start;
  return isPlanned ? subsectionsOf(doc, section.bodyRange) : [section];
}

const settingsTitle = /^(?:session )?(?:metadata|system configuration)$/i;

function readSettings(doc: MarkdownDocument, sections: readonly PlanSubsection[]): MetadataDraft {
  const draft: MetadataDraft = {};
  const context = { text: doc.text, knownIds: new Set<string>() };
  // System Configuration names the model that was chosen; what Metadata says of it comes second.
  const ordered = sections.filter(({ title }) => settingsTitle.test(title)).toReversed();
  for (const { bodyRange } of ordered) {
    for (const fence of blocksWithin(doc.fences, bodyRange)) {
      if (!/^ya?ml$/.test(fence.language)) continue;
      applyMetadata(draft, readMetadataYaml(doc.text, fence.contentRange).entries, context);
    }
  }
  return draft;
}

function filledSettings(settings: ModelSettings | undefined): ModelSettings | undefined {
  return settings && Object.keys(settings).length > 0 ? settings : undefined;
}

/** The completion checklist is about the routine of ending a session: it counts only where there is no other. */
function checklistOf(doc: MarkdownDocument, sections: readonly PlanSubsection[], planned: PlanSession | undefined) {
  if (planned && planned.checklist.length > 0) return planned.checklist;
  const own = sections.filter(({ title }) => !/^completion check ?list$/i.test(title));
  const nowhere = { start: 0, end: 0 };
  const items = readChecklist(doc, own, nowhere);
  return items.length > 0 ? items : readChecklist(doc, sections, nowhere);
}

function promptOf(doc: MarkdownDocument, sections: readonly PlanSubsection[]) {
  const section = sections.find(({ title }) => /^prompt\b/i.test(title));
  return section && readPrompt(doc, section.bodyRange);
}

/** Fields of the file itself; those of the next session are not. */
function fieldsAbove(doc: MarkdownDocument, title: RegExp): readonly Field[] {
  const heading = doc.headings.find(({ text }) => title.test(text));
  return readFields(doc, { start: 0, end: heading?.range.start ?? doc.text.length });
}

function fieldOf(fields: readonly Field[], name: RegExp): string | undefined {
  const value = fields.find((field) => name.test(field.name) && field.value !== '')?.value;
  return value === undefined ? undefined : value.trim();
}

function plainPath(value: string | undefined): string | undefined {
  const link = /^\[[^\]]*\]\(([^()\s]+)\)$/.exec(value ?? '')?.[1];
  return link ?? value?.replace(/^`(.*)`$/, '$1');
}

function countOf(text: string | undefined): number {
  return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : 0;
}

function scalar(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: V });
}
