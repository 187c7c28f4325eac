import { dashboardAgentVerbs } from '../../core/model/dashboard.ts';
import { waveAgentVerbs, waveVerbs } from '../../core/model/waves/shownRun.ts';
import { dashboardVerbs, protocolVersion, type WebviewMessage } from '../../webview/protocol.ts';

type Fields = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => boolean;

/**
 * Takes what a webview posted for a message where it has the shape of one; undefined for everything else, also for kinds of later
 * versions. What it says is still to be looked up: keys, lists and paths may name what is not there.
 */
export function readWebviewMessage(value: unknown): WebviewMessage | undefined {
  if (!isRecord(value) || value['v'] !== protocolVersion || typeof value['kind'] !== 'string') return undefined;
  const fields = Object.hasOwn(kinds, value['kind']) ? kinds[value['kind'] as WebviewMessage['kind']] : undefined;
  if (fields === undefined || !Object.entries(fields).every(([name, check]) => check(value[name]))) return undefined;
  return value as unknown as WebviewMessage;
}

/** No cell of a table that people read is as long; a table of 10,000 rows as CSV is. */
const longestText = 20_000;
const longestExport = 50_000_000;
/** So many rows of a table may be selected together. */
const mostKeys = 20_000;

const isText: Check = (value) => typeof value === 'string' && value.length <= longestText;
const isRequest: Check = (value) => Number.isSafeInteger(value);
const areKeys: Check = (value) => Array.isArray(value) && value.length <= mostKeys && value.every(isText);

const kinds: Readonly<Record<WebviewMessage['kind'], Readonly<Record<string, Check>>>> = {
  ready: {},
  run: { verb: (value) => dashboardVerbs.some((verb) => verb === value), keys: areKeys },
  editCell: { request: isRequest, key: isText, column: isText, was: isText, text: isText },
  setStatus: { request: isRequest, keys: areKeys, status: isText },
  exportCsv: { csv: (value) => typeof value === 'string' && value.length <= longestExport, name: isText },
  exportReport: {},
  openTaskList: { list: isText },
  answer: { item: isText },
  agent: { verb: (value) => dashboardAgentVerbs.some((verb) => verb === value), id: isText },
  wave: {
    verb: (value) => waveVerbs.some((verb) => verb === value),
    run: isText,
    wave: (value) => value === undefined || isRequest(value),
  },
  waveAgent: { verb: (value) => waveAgentVerbs.some((verb) => verb === value), run: isText, agent: isText },
  startWaves: {},
  openFile: { path: isText },
};

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
