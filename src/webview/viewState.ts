import { type DashboardState, dashboardSections } from './protocol.ts';

/** How the table can be grouped, in the order of the choice. */
export const groupings = ['none', 'repository', 'section', 'state'] as const;

/** The state of a dashboard that was never opened. */
export function initialState(folder: string): DashboardState {
  return { v: 1, folder, section: 'overview', states: [], text: '', group: 'none', scrollTop: 0 };
}

/** Reads what `setState` kept. What is not understood, or was of another folder, gives the initial state. */
export function readState(value: unknown, folder: string): DashboardState {
  const initial = initialState(folder);
  if (!isRecord(value) || value['v'] !== 1 || value['folder'] !== folder) return initial;
  const { sort, columns } = value;
  return {
    ...initial,
    section: dashboardSections.find((name) => name === value['section']) ?? initial.section,
    group: groupings.find((name) => name === value['group']) ?? initial.group,
    states: Array.isArray(value['states']) ? value['states'].filter(isText) : [],
    text: isText(value['text']) ? value['text'] : '',
    scrollTop: typeof value['scrollTop'] === 'number' && value['scrollTop'] >= 0 ? value['scrollTop'] : 0,
    ...(isText(value['project']) ? { project: value['project'] } : {}),
    ...(isText(value['repository']) ? { repository: value['repository'] } : {}),
    ...(isText(value['week']) ? { week: value['week'] } : {}),
    ...(isRecord(sort) && isText(sort['column'])
      ? { sort: { column: sort['column'], descending: sort['descending'] === true } }
      : {}),
    ...(isRecord(columns) ? { columns: readColumns(columns) } : {}),
  };
}

function readColumns(value: Readonly<Record<string, unknown>>): Readonly<Record<string, boolean>> {
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, boolean] => typeof entry[1] === 'boolean'),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
