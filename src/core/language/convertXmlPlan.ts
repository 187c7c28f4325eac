import { applyEdits, type TextEdit } from '../base/textEdit.ts';
import { fenced } from '../formats/fencedText.ts';
import { parsePlan } from '../formats/plan.ts';
import { lineEndingOf } from '../markdown/lines.ts';
import type { PlanSession, VerificationCommand } from '../model/plan.ts';

/** What converting a plan came to. */
export interface ConvertedPlan {
  readonly edits: readonly TextEdit[];
  /** Sessions that markdown cannot say in the same way; they stay as they are. */
  readonly kept: readonly string[];
}

/**
 * Writes the XML sessions of a plan as markdown sections. What is read of each session stays the same, its prompt word for word; a session
 * for which that cannot be is left as it is. Undefined where the plan has none that can be converted.
 */
export function planXmlConversion(text: string, path: string): ConvertedPlan | undefined {
  const sessions = parsePlan(text, path).value.sessions;
  const xml = sessions.filter(({ form, prompt }) => form === 'xml' && prompt !== undefined);
  let current: readonly TextEdit[] = [];
  const kept: string[] = [];
  // From the end: a session that stands in another one's section is part of that one's prompt until it has a heading.
  for (const session of xml.toReversed()) {
    const edit = convertOne(text, session);
    const tried = edit === undefined ? undefined : [...current, edit];
    if (tried !== undefined && saysTheSame(sessions, parsePlan(applyEdits(text, tried), path).value.sessions, session))
      current = tried;
    else kept.unshift(session.id);
  }
  return current.length === 0 ? undefined : { edits: current, kept };
}

function saysTheSame(before: readonly PlanSession[], after: readonly PlanSession[], converted: PlanSession): boolean {
  return (
    before.length === after.length &&
    before.every((session, index) => JSON.stringify(factsOf(session)) === JSON.stringify(factsOf(after[index]))) &&
    after[before.indexOf(converted)]?.form === 'markdown'
  );
}

/** What a session says, without where it stands. Sections are its form, not what it says. */
function factsOf(session: PlanSession | undefined): unknown {
  if (session === undefined) return undefined;
  const { id, title, phase, phaseName, week, track, repository, workingDirectory, execution, estimate } = session;
  const { parallelWith, taskList, modelSettings, skills, subAgents, referenceFiles, files } = session;
  const plainCommands = (all: readonly VerificationCommand[]): unknown =>
    all.map(({ command, label }) => [command, label ?? null]);
  return [
    { id, title, phase, phaseName, week, track, repository, workingDirectory, estimate, taskList },
    [...execution],
    session.dependencies.map((one) => [one.id, one.reason ?? null]),
    [parallelWith, skills, referenceFiles, files, subAgents],
    [modelSettings.model, modelSettings.thinkingMode, modelSettings.maxThinkingTokens, modelSettings.temperature],
    normalize(session.prompt?.text ?? ''),
    session.checklist.map(({ text, checked }) => [text, checked]),
    plainCommands(session.commands),
    plainCommands(session.rollbackCommands),
    session.commitMessage ?? null,
  ];
}

function normalize(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

function convertOne(text: string, session: PlanSession): TextEdit | undefined {
  const { prompt, headingRange } = session;
  if (prompt === undefined) return undefined;
  const hasHeading = headingRange.end <= prompt.range.start && !text.startsWith('<', headingRange.start);
  const replaced = fenceAround(text, prompt.range.start, prompt.range.end) ?? prompt.range;
  const ending = lineEndingOf(text, replaced.start);
  const level = hasHeading
    ? (/^[ \t]*(#{1,6})/.exec(text.slice(headingRange.start, headingRange.end))?.[1]?.length ?? 2)
    : 2;
  const sections = sectionsOf(session, '#'.repeat(Math.min(6, level + 1)), hasHeading);
  const heading = hasHeading ? [] : [`## Session ${session.id}${session.title === '' ? '' : `: ${session.title}`}`];
  const newText = [...heading, ...sections].join('\n\n').replace(/\r\n?/g, '\n').replaceAll('\n', ending);
  return { ...replaced, newText };
}

/** The fence whose only content stands at these offsets. */
function fenceAround(
  text: string,
  start: number,
  end: number,
): { readonly start: number; readonly end: number } | undefined {
  const before = /(?:^|\n)([ \t]*(`{3,}|~{3,})[ \t]*xml[^\n]*\r?\n\s*)$/i.exec(
    text.slice(Math.max(0, start - 500), start),
  );
  const after = /^\s*\n[ \t]*(`{3,}|~{3,})[ \t]*(?=\r?\n|$)/.exec(text.slice(end, end + 500));
  if (before?.[1] === undefined || after?.[1] === undefined || !after[1].startsWith(before[2] ?? '`')) return undefined;
  return { start: start - before[1].length, end: end + after[0].length };
}

function sectionsOf(session: PlanSession, marks: string, hasHeading: boolean): readonly string[] {
  const { prompt, commands, rollbackCommands, commitMessage, modelSettings } = session;
  const metadata = yamlOf([
    ['session_id', session.id],
    ['phase', hasHeading ? undefined : session.phase],
    ['week', session.week],
    ['track', session.track],
    ['repository', session.repository],
    ['working_directory', session.workingDirectory],
    ['execution', session.execution],
    ['estimated_time', session.estimate],
    ['dependencies', session.dependencies.map(({ id, reason }) => (reason === undefined ? id : { id, reason }))],
    ['parallel_with', session.parallelWith],
    ['task_list', session.taskList],
    ['files', session.files],
    ['reference_files', session.referenceFiles],
    ['skills', session.skills],
    ['sub_agents', session.subAgents],
  ]);
  const system = yamlOf([
    ['model', modelSettings.model],
    ['thinking_mode', modelSettings.thinkingMode],
    ['max_thinking_tokens', modelSettings.maxThinkingTokens],
    ['temperature', modelSettings.temperature],
  ]);
  const section = (title: string, body: string): string[] => (body === '' ? [] : [`${marks} ${title}`, body]);
  return [
    ...section('Metadata', fenced(metadata, 'yaml')),
    ...section('System Configuration', system === '' ? '' : fenced(system, 'yaml')),
    ...section('Prompt', fenced(normalize(prompt?.text ?? ''), 'markdown')),
    ...section('Verification Commands', commands.length === 0 ? '' : fenced(shellOf(commands), 'bash')),
    ...section('Rollback', rollbackCommands.length === 0 ? '' : fenced(shellOf(rollbackCommands), 'bash')),
    ...section('Git Commit', commitMessage === undefined ? '' : fenced(commitMessage, '')),
  ];
}

function shellOf(commands: readonly VerificationCommand[]): string {
  return commands.map(({ command, label }) => (label === undefined ? command : `# ${label}\n${command}`)).join('\n');
}

/** Keys that say something, as YAML. JSON is YAML, so lists of maps are written as that. */
function yamlOf(entries: readonly (readonly [string, unknown])[]): string {
  return entries
    .filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0))
    .map(([key, value]) =>
      Array.isArray(value)
        ? `${key}:\n${value.map((item) => `  - ${scalarOf(item)}`).join('\n')}`
        : `${key}: ${scalarOf(value)}`,
    )
    .join('\n');
}

function scalarOf(value: unknown): string {
  return typeof value === 'string' &&
    /^[\p{L}\p{N}](?:[\p{L}\p{N} ._/-]*[\p{L}\p{N}])?$/u.test(value) &&
    !/^(?:true|false|null|yes|no|on|off)$/i.test(value)
    ? value
    : JSON.stringify(value);
}
