import { dashboardAgentVerbs } from '../core/model/dashboard.ts';
import { shownStates } from '../core/model/shownState.ts';
import {
  type Check,
  isFlag,
  isNumber,
  isRecord,
  isText,
  isTexts,
  listOf,
  oneOf,
  optional,
  recordOf,
  shape,
} from './checks.ts';
import { dashboardSections, type HostMessage, protocolVersion } from './protocol.ts';
import { isPastWaveRun, isWaveRun } from './readWaves.ts';

/** Takes what arrived for a message of the extension where it has the shape of one; undefined for everything else, also for kinds of later versions. */
export function readHostMessage(value: unknown): HostMessage | undefined {
  if (!isRecord(value) || value['v'] !== protocolVersion || typeof value['kind'] !== 'string') return undefined;
  const check = Object.hasOwn(kinds, value['kind']) ? kinds[value['kind']] : undefined;
  return check?.(value) === true ? (value as unknown as HostMessage) : undefined;
}

const isState = oneOf(shownStates);

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
  waves: optional(listOf(isWaveRun)),
  pastWaves: optional(listOf(isPastWaveRun)),
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
