import { formatRow } from '../markdown/table.ts';
import { writeStatus } from '../model/sessionStatus.ts';
import { type CivilTime, formatTime } from '../model/time.ts';

/** A session that gets a row. */
export interface NewRow {
  readonly id: string;
  readonly title?: string;
}

/** A table of a new progress file. */
export interface NewSection {
  /** The heading above the table, e.g. `Week 1`; without one the table stands right below its repository. */
  readonly title?: string;
  readonly rows: readonly NewRow[];
}

/** What a new progress file is made from. */
export interface NewProgress {
  readonly project: string;
  readonly startedAt: CivilTime;
  readonly branch?: string;
  /** Path of the plan, relative to the progress file. */
  readonly plan?: string;
  readonly repositories: readonly { readonly name: string; readonly sections: readonly NewSection[] }[];
}

/**
 * The text of a new progress file, in the form of formats.md §2.4. The first five columns are those that the reference script rewrites, in
 * its order; titles and notes stand behind them.
 */
export function newProgressFile(progress: NewProgress): string {
  const plan = progress.plan;
  const head = [
    `# ${oneLine(progress.project)} Progress`,
    '',
    `> **Started:** ${formatTime(progress.startedAt, 'dateTime')}`,
    ...(progress.branch === undefined ? [] : [`> **Branch:** ${oneLine(progress.branch)}`]),
    ...(plan === undefined
      ? []
      : [`> **Plan:** [${plan.split('/').at(-1) ?? plan}](${/[\s()]/.test(plan) ? `<${plan}>` : plan})`]),
  ];
  const repositories = progress.repositories.flatMap((repository) => [
    '',
    '---',
    '',
    `## Repository: ${oneLine(repository.name)}`,
    ...repository.sections.flatMap(sectionLines),
    '',
    '### Session Notes',
  ]);
  const total = progress.repositories.flatMap(({ sections }) => sections.flatMap(({ rows }) => rows)).length;
  const metrics = [
    ['Metric', 'Value'],
    ['Sessions Completed', `0 / ${total}`],
    ...progress.repositories.map(({ name }) => [`${oneLine(name)} Progress`, '0%']),
    ['Days Elapsed', '0'],
  ];
  const tail = [
    '',
    '---',
    '',
    '## Blockers & Decisions',
    '',
    '### Active Blockers',
    '',
    'None yet.',
    '',
    '### Key Decisions',
    '',
    ...tableLines([['Date', 'Session', 'Decision', 'Rationale']]),
    '',
    '### Resolved Blockers',
    '',
    ...tableLines([['Date', 'Session', 'Blocker', 'Resolution']]),
    '',
    '---',
    '',
    '## Metrics',
    '',
    ...tableLines(metrics),
    '',
  ];
  return [...head, ...repositories, ...tail].join('\n');
}

function sectionLines(section: NewSection): string[] {
  const hasTitles = section.rows.some(({ title }) => title !== undefined);
  const header = ['Session', 'Status', 'Started', 'Completed', 'Commit', ...(hasTitles ? ['Title'] : []), 'Notes'];
  const rows = section.rows.map(({ id, title }) => [
    id,
    writeStatus('pending'),
    '—',
    '—',
    '—',
    ...(hasTitles ? [title ?? '—'] : []),
    '—',
  ]);
  const heading = section.title === undefined ? [] : ['', `### ${oneLine(section.title)}`];
  return [...heading, '', ...tableLines([header, ...rows])];
}

function tableLines([header = [], ...rows]: readonly (readonly string[])[]): string[] {
  return [
    formatRow(header),
    `|${header.map((name) => `${'-'.repeat(name.length + 2)}|`).join('')}`,
    ...rows.map(formatRow),
  ];
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
