import type { NewSession } from './planDraft.ts';

/** What a new plan is made from. */
export interface NewPlan {
  readonly project: string;
  readonly sessions: readonly NewSession[];
}

/** The text of a new plan, in the form of formats.md §2.3: phases, and in each session metadata, prompt and verification checklist. */
export function newPlanFile({ project, sessions }: NewPlan): string {
  const phases = [...new Set(sessions.map(({ phase }) => phase))];
  const hasPhases = phases.some((phase) => phase !== undefined);
  const numberOf = (phase: string | undefined): number => phases.indexOf(phase) + 1;
  let current: string | undefined;
  let isFirst = true;
  const parts = sessions.flatMap((session) => {
    const begins = hasPhases && (isFirst || session.phase !== current);
    current = session.phase;
    isFirst = false;
    const heading = `# PHASE ${numberOf(session.phase)}: ${headingText(session.phase ?? 'Further Work')}`;
    return [
      ...(begins ? ['---', '', heading, ''] : []),
      '---',
      '',
      ...sessionLines(session, hasPhases && numberOf(session.phase)),
    ];
  });
  return [`# ${headingText(project)} Prompts`, '', ...parts].join('\n');
}

function sessionLines(session: NewSession, phase: number | false): readonly string[] {
  const { id, title, dependencies, repository, items } = session;
  const metadata = [
    `session_id: ${scalar(id)}`,
    ...(phase === false ? [] : [`phase: ${phase}`]),
    ...(repository === undefined ? [] : [`repository: ${scalar(repository)}`]),
    ...(dependencies.length === 0
      ? ['dependencies: none']
      : ['dependencies:', ...dependencies.map((one) => `  - ${scalar(one)}`)]),
  ];
  const prompt = promptLines(session);
  const longest = Math.max(0, ...(prompt.join('\n').match(/`{3,}/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(Math.max(longest + 1, 3));
  const checklist = items.length === 0 ? [`It does what the prompt asks`, 'Tests pass'] : items;
  return [
    `## Session ${id}: ${headingText(title)}`,
    '',
    '### Metadata',
    '',
    '```yaml',
    ...metadata,
    '```',
    '',
    '### Prompt',
    '',
    `${fence}markdown`,
    ...prompt,
    fence,
    '',
    '### Verification Checklist',
    '',
    ...checklist.map((item) => `- [ ] ${oneLine(item)}`),
    '',
  ];
}

function promptLines({ title, details, items, sources }: NewSession): readonly string[] {
  return [
    oneLine(title),
    ...(details === undefined ? [] : ['', ...details.split(/\r\n|\n|\r/)]),
    ...(items.length === 0 ? [] : ['', ...items.map((item) => `- ${oneLine(item)}`)]),
    ...(sources.length === 0 ? [] : ['', ...sources.map((source) => `Source: ${oneLine(source)}`)]),
  ];
}

/** Text that reads as itself in a heading: what markdown would take for marks is escaped. */
function headingText(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_~[\]<]/g, '\\$&')
    .replace(/#+$/, (marks) => `\\${marks}`);
}

/** A YAML scalar, quoted where it could be read as something else. */
function scalar(text: string): string {
  return /^[\p{L}][\p{L}\p{N}._/-]*$/u.test(text) && !/^(?:null|true|false|yes|no|on|off|none|n\/a)$/i.test(text)
    ? text
    : JSON.stringify(text);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
