import type { Command } from 'commander';
import type { ShownState } from '../../../core/actions/waves/stateVerbs.ts';
import type { Cli } from '../../cli.ts';
import { declareVerb } from '../../declareVerb.ts';
import type { Output } from '../../output.ts';
import { plainText } from '../../text.ts';
import { addFileOption, targetOf } from './stateArguments.ts';

/** `baton state get [KEY]` */
export function declareStateGet(state: Command, cli: Cli): void {
  const verb = declareVerb(state, {
    name: 'get',
    summary: 'Show what STATE.md says: a key, a section, or everything',
    details:
      '--json: path, revision, fields{…}, currentWave, waves[{number, title, agents[]}], missions[{id, status, updated}], ' +
      'missionMirror[{id, status}], deviations[{at, message}], questions[{question, source, priority, answered, answer}], ' +
      'notToRetry[{approach, why, session, date}], docsTasks[], others (further files); with a key: path, key, value.',
    examples: [
      ['baton state get', 'everything'],
      ['baton state get status', 'one key of the frontmatter'],
      ['baton state get "Open Questions"', 'one section'],
    ],
  }).argument('[key]', 'a key of the frontmatter, or the title of a section');
  addFileOption(verb).action((key: string | undefined, _options: object, command: Command) =>
    cli.run(command, async (run) => {
      const { getState, showState } = await import('../../../core/actions/waves/stateVerbs.ts');
      const target = targetOf(run, command);
      if (key === undefined) {
        const shown = await showState(run.context, target);
        return { data: toStateView(shown), print: (out) => printState(out, shown) };
      }
      const { path, value } = await getState(run.context, { ...target, key });
      return { data: { path, key, value }, print: (out) => out.line(harmless(textOf(value))) };
    }),
  );
}

/** What `--json` shows of a STATE.md; what is not known is null. */
export function toStateView({ path, revision, fields, state, sections, others }: ShownState) {
  return {
    path,
    revision,
    fields: Object.fromEntries(fields),
    currentWave: sections.currentWave ?? null,
    waves: state.waves.map(({ number, title, agents }) => ({
      number,
      title,
      agents: agents.map(({ what, status }) => ({ what, status: status ?? null })),
    })),
    missions: state.missions.map(({ id, status, updated }) => ({ id, status, updated: updated ?? null })),
    missionMirror: state.missionMirror.map(({ id, status }) => ({ id, status })),
    deviations: sections.deviations.map(({ at, message }) => ({ at: at ?? null, message })),
    questions: sections.questions.map(({ question, source, priority, isAnswered, answer }) => ({
      question,
      source: source ?? null,
      priority: priority ?? null,
      answered: isAnswered,
      answer: answer ?? null,
    })),
    notToRetry: sections.notToRetry.map(({ approach, why, session, date }) => ({ approach, why, session, date })),
    docsTasks: sections.docsTasks,
    others,
  };
}

function printState(out: Output, { path, fields, state, sections, others }: ShownState): void {
  out.line(out.paint('title', path));
  const isShown = (value: unknown): boolean => !Array.isArray(value) || value.every((one) => typeof one !== 'object');
  for (const [key, value] of fields) {
    if (isShown(value)) out.wrapped(plainText(textOf(value)), { label: `  ${plainText(key)}: ` });
  }
  if (sections.currentWave !== undefined) out.line(`\n${plainText(sections.currentWave)}`);
  printPart(
    out,
    'Waves',
    state.waves.map(({ number, title, agents }) => `${number}  ${title}${agentsOf(agents)}`),
  );
  printPart(
    out,
    'Missions',
    state.missions.map(({ id, status }) => `${id}  ${status}`),
  );
  printPart(
    out,
    'Deviations',
    sections.deviations.map(({ at, message }) => (at === undefined ? message : `${at}  ${message}`)),
  );
  printPart(
    out,
    'Questions',
    sections.questions.map(({ question, priority, isAnswered, answer }) => {
      const prio = priority === undefined || isAnswered ? '' : ` (${priority})`;
      return `${isAnswered ? 'x' : '?'} ${question}${prio}${answer === undefined ? '' : ` → ${answer}`}`;
    }),
  );
  printPart(
    out,
    'Not to retry',
    sections.notToRetry.map(({ approach, why }) => `${approach}: ${why}`),
  );
  printPart(
    out,
    'Documents',
    sections.docsTasks.map(({ id, targetPattern, status }) => `${id}  ${targetPattern}  ${status}`),
  );
  printPart(out, 'Further files', others);
}

function agentsOf(agents: readonly { readonly status?: string }[]): string {
  if (agents.length === 0) return '';
  const done = agents.filter(({ status }) => status === 'done').length;
  return `  ${done}/${agents.length} done`;
}

function printPart(out: Output, title: string, lines: readonly string[]): void {
  if (lines.length === 0) return;
  out.line(`\n${title}:`);
  for (const line of lines) out.wrapped(plainText(line), { label: '  ' });
}

function textOf(value: unknown): string {
  if (value === null) return '';
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) return `[${value.join(', ')}]`;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A section has several lines. */
function harmless(text: string): string {
  return text
    .split(/\r\n|\n|\r/)
    .map(plainText)
    .join('\n');
}
