import { dashboardAgentVerbs } from '../core/model/dashboard.ts';
import { shownStates } from '../core/model/shownState.ts';
import { dashboardSections, type HostMessage, protocolVersion } from './protocol.ts';

type Fields = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => boolean;

/** Takes what arrived for a message of the extension where it has the shape of one; undefined for everything else, also for kinds of later versions. */
export function readHostMessage(value: unknown): HostMessage | undefined {
  if (!isRecord(value) || value['v'] !== protocolVersion || typeof value['kind'] !== 'string') return undefined;
  const check = Object.hasOwn(kinds, value['kind']) ? kinds[value['kind']] : undefined;
  return check?.(value) === true ? (value as unknown as HostMessage) : undefined;
}

const isText: Check = (value) => typeof value === 'string';
const isNumber: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const isFlag: Check = (value) => typeof value === 'boolean';

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);

const recordOf =
  (check: Check): Check =>
  (value) =>
    isRecord(value) && Object.values(value).every(check);

const shape = (fields: Readonly<Record<string, Check>>): Check => {
  const entries = Object.entries(fields);
  return (value) => isRecord(value) && entries.every(([name, check]) => check(value[name]));
};

const oneOf =
  (values: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && values.includes(value);

const isState = oneOf(shownStates);
const isTexts = listOf(isText);

const isSession = shape({
  key: isText,
  id: isText,
  title: isText,
  state: isState,
  project: isText,
  repository: optional(isText),
  section: optional(isText),
  week: optional(isText),
  track: optional(isText),
  cells: recordOf(isText),
  startedMs: optional(isNumber),
  endedMs: optional(isNumber),
  endIsDate: optional(isFlag),
  startIsDate: optional(isFlag),
  durationMinutes: optional(isNumber),
  estimateMinutes: optional(isNumber),
  model: optional(isText),
  dependencies: listOf(
    shape({ id: isText, key: optional(isText), state: isState, met: isFlag, reason: optional(isText) }),
  ),
  waitingFor: isTexts,
  unblocks: isTexts,
  unblocksCount: isNumber,
  parallelWith: isTexts,
  critical: isFlag,
  activeHere: isFlag,
  commit: optional(isText),
  taskList: optional(isText),
  hasPrompt: isFlag,
  hasRow: isFlag,
});

const isProject = shape({
  name: isText,
  progressPath: optional(isText),
  planPaths: isTexts,
  repositories: isTexts,
  columns: listOf(shape({ name: isText, role: isText, editable: isFlag })),
  counts: recordOf(isNumber),
  total: isNumber,
  done: isNumber,
  criticalPath: isTexts,
  blockers: listOf(shape({ text: isText, session: optional(isText) })),
});

const isTaskName = shape({ id: isText, title: isText });

const isTaskList = shape({
  id: isText,
  title: isText,
  path: isText,
  counts: shape({ pending: isNumber, inProgress: isNumber, complete: isNumber, total: isNumber }),
  archived: isFlag,
  openSession: optional(isNumber),
  ready: listOf(isTaskName),
  inProgress: listOf(isTaskName),
});

const isActive = shape({
  key: optional(isText),
  id: isText,
  title: isText,
  startedMs: optional(isNumber),
  checklist: shape({ done: isNumber, total: isNumber }),
  checkpoints: isNumber,
});

const isInboxItem = shape({
  id: isText,
  kind: oneOf(['question', 'approval']),
  question: isText,
  options: isTexts,
  context: optional(isText),
  commands: optional(isTexts),
  blocking: isFlag,
  askedAt: isText,
  session: optional(isText),
});

const isAgent = shape({
  id: isText,
  item: isText,
  title: isText,
  agent: isText,
  status: isText,
  phase: optional(isText),
  startedMs: optional(isNumber),
  endedMs: optional(isNumber),
  tokens: optional(isNumber),
  costUsd: optional(isNumber),
  can: listOf(oneOf(dashboardAgentVerbs)),
});

const restFields: Readonly<Record<string, Check>> = {
  name: isText,
  takenMs: isNumber,
  projects: listOf(isProject),
  active: optional(isActive),
  next: isTexts,
  taskLists: listOf(isTaskList),
  inbox: listOf(isInboxItem),
  agents: optional(listOf(isAgent)),
  problems: listOf(shape({ path: isText, message: isText })),
};

const kinds: Readonly<Record<string, Check>> = {
  snapshot: shape({
    snapshot: shape({ ...restFields, sessions: listOf(isSession) }),
    texts: recordOf(isText),
    locale: isText,
    trusted: isFlag,
  }),
  change: shape({
    rest: shape(restFields),
    changed: listOf(isSession),
    removed: isTexts,
    order: optional(isTexts),
  }),
  trusted: () => true,
  cellResult: shape({ request: isNumber, message: optional(isText) }),
  show: shape({ section: optional(oneOf(dashboardSections)), key: optional(isText) }),
};
