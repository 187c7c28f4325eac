import type { Range } from '../base/range.ts';
import { parseMarkdown } from '../markdown/document.ts';
import type { PlanSession, PlanSubsection, VerificationCommand } from '../model/plan.ts';
import { fenced } from './fencedText.ts';
import type { NewSessionFile } from './sessionFileText.ts';
import { splitCommands } from './verificationCommands.ts';

/** A section of SESSION.md without its heading's marks. */
export interface SessionSection {
  readonly title: string;
  readonly body: string;
}

const titles = {
  metadata: /^(?:session )?metadata$/i,
  system: /^(?:system|model) config(?:uration)?$/i,
  skills: /^skills(?: registry)?$/i,
  agents: /^sub-?agents?$/i,
  context: /^context$/i,
  references: /^(?:key )?(?:reference files|references|files to (?:read|reference))$/i,
  prompt: /\bprompt\b/i,
};

interface Source {
  readonly input: NewSessionFile;
  readonly session: PlanSession | undefined;
  /** The plan's text. */
  readonly text: string;
}

/** The documented sections in their order, then whatever else the plan's session has, in the plan's order and word for word. */
export function plannedSections(input: NewSessionFile): SessionSection[] {
  const source: Source = { input, session: input.planned?.session, text: input.planned?.text ?? '' };
  const subsections = source.session?.subsections ?? [];
  const first = [titles.metadata, titles.system, titles.skills, titles.agents, titles.context, titles.references];
  const rest = subsections.filter(({ title }) => !first.some((known) => known.test(title)));
  const hasPrompt = rest.some((section) => holdsPrompt(source, section));
  const sections: (SessionSection | undefined)[] = [
    section('Metadata', metadataBody(source)),
    section('System Configuration', systemBody(source)),
    section('Skills Registry', carried(source, titles.skills) ?? skillsBody(source)),
    section('Sub-Agents', carried(source, titles.agents) ?? agentsBody(source)),
    section('Context', contextBody(source)),
    hasPrompt ? undefined : section('Prompt', promptBody(source)),
    ...rest.map((part) =>
      section(safeTitle(part.title), holdsPrompt(source, part) ? promptBody(source) : verbatim(source, part.bodyRange)),
    ),
    section('Verification Checklist', checklistBody(source)),
    section('Verification Commands', commandsBody(source)),
    section('Git Commit', commitBody(source)),
  ];
  return sections.filter((found) => found !== undefined);
}

function section(title: string, body: string | undefined): SessionSection | undefined {
  return body === undefined || body.trim() === '' ? undefined : { title, body: contain(body) };
}

/** A section of the plan must not be taken for one that Baton writes itself. */
function safeTitle(title: string): string {
  return /^(?:session notes|completion checklist)$/i.test(title) ? `${title} of the Plan` : title;
}

function holdsPrompt({ session }: Source, { bodyRange }: PlanSubsection): boolean {
  const prompt = session?.prompt?.range;
  return prompt !== undefined && prompt.start >= bodyRange.start && prompt.end <= bodyRange.end;
}

/** The plan's text with its check boxes empty: what is ticked in a plan was ticked in another session. */
function verbatim({ session, text }: Source, range: Range): string {
  let result = '';
  let at = range.start;
  for (const { boxRange } of session?.checklist ?? []) {
    if (boxRange.start < at || boxRange.end > range.end) continue;
    result += `${text.slice(at, boxRange.start)} `;
    at = boxRange.end;
  }
  return normalize(result + text.slice(at, range.end));
}

function carried(source: Source, title: RegExp): string | undefined {
  const parts = source.session?.subsections.filter((part) => title.test(part.title)) ?? [];
  return parts.length === 0 ? undefined : parts.map(({ bodyRange }) => verbatim(source, bodyRange)).join('\n\n');
}

function metadataBody(source: Source): string {
  const said = [preambleBody(source), carried(source, titles.metadata) ?? ''].filter((part) => part.trim() !== '');
  if (said.length > 0 && source.session?.form !== 'xml') return said.join('\n\n');
  return [generatedMetadata(source), ...said].join('\n\n');
}

/** What stands between the session's heading and its first section, without the prompt where that stands there. */
function preambleBody(source: Source): string {
  const { session, text } = source;
  if (!session || (session.prompt && session.headingRange.start >= session.prompt.range.start)) return '';
  const start = session.headingRange.end;
  const end = session.subsections[0]?.headingRange.start ?? session.range.end;
  const prompt = session.prompt?.range;
  const isInside = prompt !== undefined && prompt.start >= start && prompt.end <= end;
  if (!isInside) return trimRules(verbatim(source, { start, end }));
  // A prompt that is a fence's content leaves the fence's two lines behind.
  const before = normalize(text.slice(start, prompt.start)).replace(/\n[ \t]*(?:`{3,}|~{3,})[^\n]*\n$/, '\n');
  const after = normalize(text.slice(prompt.end, end)).replace(/^\n?[ \t]*(?:`{3,}|~{3,})[ \t]*(?=\n|$)/, '');
  return [before, after].map(trimRules).filter(Boolean).join('\n\n');
}

function trimRules(text: string): string {
  return text
    .replace(/(?:^|\n)[ \t]*-{3,}[ \t]*(?=\n|$)/g, (rule, at: number) =>
      at === 0 || /\n\s*$/.test(text.slice(Math.max(0, at - 4), at)) ? '' : rule,
    )
    .trim();
}

function generatedMetadata({ input, session }: Source): string {
  const lines: [string, string | undefined][] = [
    ['session_id', input.id],
    ['title', input.row && input.title !== '' ? input.title : undefined],
    ['section', input.row?.section],
    ['phase', session?.phase],
    ['track', session?.track],
    ['execution', session?.execution.join(' | ') || undefined],
    ['repository', input.repository ?? session?.repository],
    ['working_directory', session?.workingDirectory],
    ['estimated_time', session?.estimate ?? input.row?.estimate],
    ['dependencies', flow(input.dependencies.map(({ id }) => id)) ?? 'none'],
    ['parallel_with', flow(session?.parallelWith ?? [])],
    ['files', flow(session?.files ?? [])],
  ];
  return fenced(yamlLines(lines), 'yaml');
}

function systemBody(source: Source): string | undefined {
  const { input, session } = source;
  const own = carried(source, titles.system);
  const chosen = input.model;
  const settings = session?.modelSettings ?? {};
  const isAsPlanned =
    chosen === undefined ||
    (chosen.model === settings.model && (chosen.thinking ?? settings.thinkingMode) === settings.thinkingMode);
  if (own !== undefined && isAsPlanned) return own;
  const lines: [string, string | undefined][] = [
    ['model', chosen?.model ?? settings.model],
    ['thinking_mode', chosen?.thinking ?? settings.thinkingMode],
    ['max_thinking_tokens', settings.maxThinkingTokens],
    ['temperature', settings.temperature],
  ];
  if (lines.every(([, value]) => value === undefined)) return own;
  const parts = [fenced(yamlLines(lines), 'yaml')];
  if (chosen?.reason) parts.push(`> **Recommended:** ${chosen.reason.replace(/\s+/g, ' ')}`);
  if (own !== undefined) parts.push('The plan says:', own);
  return parts.join('\n\n');
}

function skillsBody({ session }: Source): string | undefined {
  if (!session || session.skills.length === 0 || saidInPreamble(session)) return undefined;
  return fenced(['skills:', ...session.skills.map((skill) => `  - ${scalar(skill)}`)].join('\n'), 'yaml');
}

function agentsBody({ session }: Source): string | undefined {
  if (!session || session.subAgents.length === 0 || saidInPreamble(session)) return undefined;
  const lines = session.subAgents.flatMap((agent) => [
    `  - name: ${scalar(agent.name)}`,
    ...(agent.role ? [`    role: ${scalar(agent.role)}`] : []),
    ...(agent.model ? [`    model: ${scalar(agent.model)}`] : []),
    ...(['responsibilities', 'files', 'constraints'] as const).flatMap((key) =>
      agent[key].length === 0 ? [] : [`    ${key}:`, ...agent[key].map((item) => `      - ${scalar(item)}`)],
    ),
  ]);
  return fenced(['sub_agents:', ...lines].join('\n'), 'yaml');
}

/** In the markdown form skills and agents without a section of their own stand in the metadata, which is carried whole. */
function saidInPreamble(session: PlanSession): boolean {
  return session.form === 'markdown';
}

function contextBody(source: Source): string {
  const { input, session } = source;
  const parts: string[] = [];
  if (input.dependencies.length > 0) {
    const lines = input.dependencies.map(({ id, status, met, reason }) => {
      return `- [${met ? 'x' : ' '}] ${id}: ${status}${reason ? ` (${reason.replace(/\s+/g, ' ')})` : ''}`;
    });
    parts.push(['### Prerequisites', '', ...lines].join('\n'));
  }
  const notes = input.row?.notes?.replace(/\s+/g, ' ').trim();
  // A quote, so that nothing in a cell is taken for structure.
  if (notes) parts.push(`### Notes of the Row\n\n> ${notes}`);
  const own = carried(source, titles.context);
  if (own) parts.push(own);
  const references = carried(source, titles.references);
  const missing = (session?.referenceFiles ?? []).filter((path) => !own?.includes(path));
  if (references) parts.push(`### Reference Files\n\n${references}`);
  else if (missing.length > 0)
    parts.push(`### Reference Files\n\n${missing.map((path) => `- \`${path}\``).join('\n')}`);
  return parts.join('\n\n');
}

function promptBody({ session }: Source): string | undefined {
  const text = session?.prompt && normalize(session.prompt.text);
  if (!text || text.trim() === '') return undefined;
  if (session?.form === 'xml') return fenced(text, 'xml');
  const body = fenced(text, 'markdown');
  const fence = parseMarkdown(body).fences[0];
  // Inside a markdown fence inner ones are paired, which goes wrong where the prompt leaves one open.
  const isWhole =
    fence?.closed === true &&
    fence.range.end === body.length &&
    body.slice(fence.contentRange.start, fence.contentRange.end) === `${text}\n`;
  return isWhole ? body : fenced(text, 'text');
}

function checklistBody({ input, session }: Source): string | undefined {
  if (input.row) return '_No plan gives one. Add what must be true in the end, an item to a line: `- [ ] …`_';
  if (!session || isIn(session, session.checklist[0]?.range)) return undefined;
  if (session.checklist.length > 0) return session.checklist.map(({ text }) => `- [ ] ${text}`).join('\n');
  // Without a checklist each command is an item, which verification ticks.
  const lines = session.commands.map(({ command, label }) => {
    const shown = command.includes('\n') || command.includes('`') ? undefined : `\`${command}\``;
    return `- [ ] ${[label, shown].filter(Boolean).join(': ') || 'The verification commands pass'}`;
  });
  return [...new Set(lines)].join('\n');
}

function commandsBody({ input, session }: Source): string | undefined {
  if (input.row) return `${noCommands}\n\n${fenced('', 'bash')}`;
  const own = session?.commands.filter(({ range }) => !isIn(session, range)) ?? [];
  if (own.length === 0) return undefined;
  const lineOf = ({ command, label }: VerificationCommand) =>
    `${label ? `# ${label.replace(/\s+/g, ' ')}\n` : ''}${normalize(command)}`;
  const joined = own.map(lineOf).join('\n');
  const read = splitCommands(joined, { start: 0, end: joined.length });
  const isSame = read.length === own.length && read.every(({ command }, index) => command === own[index]?.command);
  // Where one command would change what another means (a lone `cd`), each gets a fence, and so a shell, of its own.
  return isSame ? fenced(joined, 'bash') : own.map((command) => fenced(lineOf(command), 'bash')).join('\n\n');
}

const noCommands =
  '_No plan gives any. Add commands to this fence, one to a line, and `baton verify` runs them; or write a plan with a section `## Session <ID>: Title` for the next time._';

function commitBody({ session }: Source): string | undefined {
  const isOwn = session?.subsections.some(({ title }) => /\bcommit\b/i.test(title));
  return session?.commitMessage && !isOwn ? fenced(normalize(session.commitMessage), '') : undefined;
}

function isIn(session: PlanSession, range: Range | undefined): boolean {
  if (!range) return false;
  return session.subsections.some(({ bodyRange }) => range.start >= bodyRange.start && range.end <= bodyRange.end);
}

/** Keeps what a body leaves open (a fence, an HTML comment) from swallowing the sections behind it, by putting it into a fence. */
function contain(body: string): string {
  // Not at the text's beginning, where a rule would be taken for frontmatter.
  const before = `## Start\n\n${body}\n\n`;
  const last = parseMarkdown(`${before}## End\n`).headings.at(-1);
  return last?.range.start === before.length ? body : fenced(body, 'text');
}

function flow(items: readonly string[]): string | undefined {
  return items.length === 0 ? undefined : `[${items.map(scalar).join(', ')}]`;
}

function yamlLines(lines: readonly (readonly [string, string | undefined])[]): string {
  return lines
    .flatMap(([key, value]) => {
      if (value === undefined) return [];
      return [`${key}: ${value.startsWith('[') ? value : scalar(value)}`];
    })
    .join('\n');
}

/** Bare where YAML reads this very text, else in double quotes. */
function scalar(value: string): string {
  return /^[\p{L}\p{N}~./][^\r\n\t:#,[\]{}"'\\]*$/u.test(value) && value === value.trim()
    ? value
    : JSON.stringify(value);
}

function normalize(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}
