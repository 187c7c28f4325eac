import { applyEdits } from '../base/textEdit.ts';
import { planFrontmatterEdits } from '../markdown/frontmatter.ts';
import type { PlanSession } from '../model/plan.ts';
import { type CivilTime, formatTime } from '../model/time.ts';
import type { DependencyState } from '../model/workspace.ts';
import { fenced } from './fencedText.ts';
import { sessionFileMark } from './sessionFile.ts';
import { plannedSections, type SessionSection } from './sessionFileSections.ts';
import { notesPlaceholder } from './sessionNotes.ts';

/** A moment with its zone; the ports' `LocalTime` is one. */
export interface ZonedTime extends CivilTime {
  readonly second: number;
  /** Minutes east of UTC. */
  readonly offsetMinutes: number;
}

/** A session that comes next. */
export interface NextSession {
  readonly id: string;
  readonly title: string;
  readonly dependencies?: readonly string[];
}

/** The model that a session is worked on with. */
export interface ChosenModel {
  readonly model: string;
  readonly thinking?: string;
  /** Why, where it was recommended. */
  readonly reason?: string;
}

/** What the row of a session says that no plan defines. */
export interface RowFacts {
  readonly section?: string;
  readonly notes?: string;
  readonly estimate?: string;
}

/** What a new SESSION.md says. */
export interface NewSessionFile {
  readonly id: string;
  readonly title: string;
  readonly project: string;
  readonly repository?: string;
  /** Path of the plan, relative to the project's root. */
  readonly plan?: string;
  /** The session in the plan, with the plan's whole text. */
  readonly planned?: { readonly session: PlanSession; readonly text: string };
  /** For a session that no plan defines; its sections of verification then say how to fill them. */
  readonly row?: RowFacts;
  readonly startedAt: ZonedTime;
  /** The commit on which it starts. */
  readonly startRef?: string;
  readonly taskList?: string;
  readonly model?: ChosenModel;
  readonly dependencies: readonly DependencyState[];
  /** The session to name at the end, where there is one. */
  readonly next?: NextSession;
  /** Default `\n`. */
  readonly eol?: '\n' | '\r\n';
}

/**
 * Writes a new SESSION.md: frontmatter, the reference script's heading and quoted lines, then the documented sections with everything that
 * the plan gives, other sections of the plan word for word, and the place for notes (design.md, formats.md §2.2).
 */
export function newSessionFileText(input: NewSessionFile): string {
  const title = input.title === '' ? undefined : input.title;
  const frontmatter = planFrontmatterEdits('', {
    baton: sessionFileMark,
    session: input.id,
    title,
    project: input.project,
    repository: input.repository,
    plan: input.plan,
    status: 'active',
    started_at: isoWithZone(input.startedAt),
    start_ref: input.startRef,
    checkpoints: '0',
    task_list: input.taskList ?? input.planned?.session.taskList,
  });
  const head = [
    `# Current Session: ${input.id}`,
    '',
    ...(input.plan === undefined ? [] : [`> **Loaded from:** ${input.plan}`]),
    `> **Started:** ${formatTime(input.startedAt, 'dateTime')}`,
    '',
    '---',
  ];
  const sections: SessionSection[] = [...plannedSections(input), ...nextSection(input)];
  const blocks = sections.map(({ title: name, body }) => `## ${name}\n\n${body}`);
  const body = [head.join('\n'), ...blocks, '---', `## Session Notes\n\n${notesPlaceholder}`].join('\n\n');
  const text = `${applyEdits('', frontmatter).trimEnd()}\n\n${body}\n`;
  return withEol(text, input.eol);
}

function nextSection({ next, planned }: NewSessionFile): SessionSection[] {
  const isPlanned = planned?.session.subsections.some(({ title }) => /^next session$/i.test(title)) === true;
  if (!next || isPlanned) return [];
  const lines = [
    `**Session ID:** ${next.id}`,
    ...(next.title === '' ? [] : [`**Title:** ${next.title}`]),
    ...(next.dependencies && next.dependencies.length > 0 ? [`**Dependencies:** ${next.dependencies.join(', ')}`] : []),
  ];
  return [{ title: 'Next Session', body: lines.join('\n') }];
}

/** What the file says when a session is over. */
export interface ClearedSessionFile {
  readonly id: string;
  readonly completedAt: CivilTime;
  /** Sessions that can be started now, the best first. */
  readonly next: readonly NextSession[];
  /** How to start them; `baton start <ID>` for each where none are given. */
  readonly commands?: readonly string[];
  /** Default `\n`. */
  readonly eol?: '\n' | '\r\n';
}

/** Writes the cleared SESSION.md in the reference script's form, with the sessions that are ready. */
export function clearedSessionFileText(input: ClearedSessionFile): string {
  const commands = input.commands ?? input.next.map(({ id }) => `baton start ${id}`);
  const lines = [
    '# Session Complete',
    '',
    `> **Last Session:** ${input.id}`,
    `> **Completed:** ${formatTime(input.completedAt, 'dateTime')}`,
    '',
    'No session is active. Notes and verification results are in the progress file.',
    '',
    '## Start Next Session',
    '',
    ...(input.next.length === 0 ? ['No session is ready.'] : ['Ready now:', '', ...input.next.map(nextLine)]),
    ...(commands.length === 0 ? [] : ['', fenced(commands.join('\n'), 'bash')]),
  ];
  return withEol(`${lines.join('\n')}\n`, input.eol);
}

function nextLine({ id, title }: NextSession): string {
  return title === '' ? `- **${id}**` : `- **${id}**: ${title}`;
}

function isoWithZone(time: ZonedTime): string {
  const pad = (value: number) => String(value).padStart(2, '0');
  const offset = Math.abs(time.offsetMinutes);
  const zone = `${time.offsetMinutes < 0 ? '-' : '+'}${pad(Math.floor(offset / 60))}:${pad(offset % 60)}`;
  return `${formatTime(time, 'iso')}:${pad(time.second)}${zone}`;
}

function withEol(text: string, eol: '\n' | '\r\n' = '\n'): string {
  const plain = text.replace(/\r\n?/g, '\n');
  return eol === '\n' ? plain : plain.replaceAll('\n', eol);
}
