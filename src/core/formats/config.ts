import { isMap, isScalar, isSeq, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { phrase } from '../base/phrase.ts';
import type { Range } from '../base/range.ts';
import { type BatonConfig, defaultConfig, workModes } from '../model/config.ts';
import type { Diagnostic, Parsed, Severity } from '../model/diagnostic.ts';
import { readMetadataYaml } from './metadataYaml.ts';
import { readWaveSettings } from './waves/waveSettings.ts';

type Draft = { -readonly [K in keyof BatonConfig]: BatonConfig[K] };

interface Reader {
  readonly text: string;
  /** Length of the BOM before what was parsed. */
  readonly bom: number;
  readonly config: Draft;
  readonly diagnostics: Diagnostic[];
}

/** How each key of `.baton.yaml` is read; keys are written in snake_case there, camelCase and kebab-case are understood. */
const readers: Readonly<Record<keyof BatonConfig, (reader: Reader, value: unknown) => void>> = {
  plans: (reader, value) => {
    reader.config.plans = readGlobs(reader, value, 'plans') ?? defaultConfig.plans;
  },
  progress: (reader, value) => {
    reader.config.progress = readGlobs(reader, value, 'progress') ?? defaultConfig.progress;
  },
  sessionFile: (reader, value) => {
    reader.config.sessionFile = readPath(reader, value, 'session_file') ?? defaultConfig.sessionFile;
  },
  pausedFolder: (reader, value) => {
    reader.config.pausedFolder = readPath(reader, value, 'paused_folder') ?? defaultConfig.pausedFolder;
  },
  taskFolder: (reader, value) => {
    reader.config.taskFolder = readPath(reader, value, 'task_folder') ?? defaultConfig.taskFolder;
  },
  repositories: readRepositories,
  verificationTimeoutMinutes: (reader, value) => {
    reader.config.verificationTimeoutMinutes =
      readNumber(reader, value, 'verification_timeout_minutes', '15') ?? defaultConfig.verificationTimeoutMinutes;
  },
  project: (reader, value) => {
    const name = textOf(value);
    if (name && !/[\r\n]/.test(name)) reader.config.project = name;
    else report(reader, rangeOf(reader, value), 'project must be a name on one line; it is ignored.');
  },
  mode: (reader, value) => {
    const mode = workModes.find((one) => one === textOf(value)?.toLowerCase());
    if (mode !== undefined) reader.config.mode = mode;
    else
      report(
        reader,
        rangeOf(reader, value),
        phrase`mode must be ${workModes.join(', ')}; ${usingDefault(defaultConfig.mode)}`,
      );
  },
  maxParallel: (reader, value) => {
    const count = readNumber(reader, value, 'max_parallel', String(defaultConfig.maxParallel));
    if (count !== undefined) reader.config.maxParallel = Math.max(1, Math.floor(count));
  },
  setUp: (reader, value) => {
    const line = textOf(value);
    if (line && !/[\r\n]/.test(line)) reader.config.setUp = line;
    else report(reader, rangeOf(reader, value), 'set_up must be one shell line; it is ignored.');
  },
  worktreeInclude: (reader, value) => {
    reader.config.worktreeInclude = readGlobs(reader, value, 'worktree_include') ?? defaultConfig.worktreeInclude;
  },
  worktreeLink: (reader, value) => {
    reader.config.worktreeLink = readGlobs(reader, value, 'worktree_link') ?? defaultConfig.worktreeLink;
  },
  questionTimeoutMinutes: (reader, value) => {
    const minutes = readNumber(reader, value, 'question_timeout_minutes', phrase`none`);
    if (minutes !== undefined) reader.config.questionTimeoutMinutes = minutes;
  },
  waves: readWaves,
};

/**
 * Reads `.baton.yaml`. Never throws: what cannot be read is a diagnostic, and the default stands in its place.
 * Paths and globs that are absolute or leave the project (`..`) are refused.
 */
export function parseConfig(text: string): Parsed<BatonConfig> {
  const bom = text.startsWith('\uFEFF') ? 1 : 0;
  const reader: Reader = { text, bom, config: { ...defaultConfig }, diagnostics: [] };
  const document = parseDocument(text.slice(bom), { prettyErrors: false, logLevel: 'silent', uniqueKeys: true });
  for (const error of document.errors) {
    const [start, end] = error.pos;
    report(reader, clamp(reader, start, end), phrase`The configuration cannot be read: ${error.message}`);
  }
  const root = document.contents;
  if (isMap(root)) for (const pair of root.items) readPair(reader, pair);
  else if (root !== null && !(isScalar(root) && root.value === null)) {
    report(
      reader,
      rangeOf(reader, root),
      'The configuration must be a list of `key: value` lines; the defaults are used.',
    );
  }
  return { value: reader.config, diagnostics: reader.diagnostics };
}

function readPair(reader: Reader, pair: Pair): void {
  const keyRange = rangeOf(reader, pair.key);
  const name = textOf(pair.key) ?? '';
  const key = knownKey(name);
  if (key === undefined) {
    const known = Object.keys(readers).map(snakeCase).join(', ');
    report(reader, keyRange, phrase`The key "${name}" is not known; known keys are ${known}.`, 'warning');
    return;
  }
  // A key without a value is how people comment out a setting: it means the default.
  if (pair.value === null || (isScalar(pair.value) && pair.value.value === null)) return;
  readers[key](reader, pair.value);
}

function readRepositories(reader: Reader, value: unknown): void {
  if (!isMap(value)) {
    report(
      reader,
      rangeOf(reader, value),
      'repositories must map names to folders, one `name: folder` a line; it is ignored.',
    );
    return;
  }
  const folders: [string, string][] = [];
  for (const pair of (value as YAMLMap).items) {
    const name = textOf(pair.key);
    const folder = readPath(reader, pair.value, phrase`the folder of repository "${name ?? ''}"`);
    if (name && folder !== undefined) folders.push([name, folder]);
  }
  // Unlike assignment, `fromEntries` makes an own property of a name such as `__proto__`.
  reader.config.repositories = Object.fromEntries(folders);
}

/** The settings of wave runs are those of a Session Config, nested: read by the one reader of both. */
function readWaves(reader: Reader, value: unknown): void {
  if (!isMap(value)) {
    report(reader, rangeOf(reader, value), 'waves must be a list of `key: value` lines, indented; it is ignored.');
    return;
  }
  const { text, bom } = reader;
  const { entries } = readMetadataYaml(text, { start: bom, end: text.length });
  const own = entries.find(({ key }) => knownKey(key) === 'waves')?.value;
  const { settings, problems } = readWaveSettings(own?.kind === 'map' ? own.entries : [], true);
  reader.config.waves = settings;
  for (const { message, severity, range } of problems) report(reader, range, message, severity);
}

/** A number above 0; undefined, and a diagnostic, for anything else. */
function readNumber(reader: Reader, value: unknown, key: string, instead: string): number | undefined {
  const number = isScalar(value) ? value.value : undefined;
  if (typeof number === 'number' && Number.isFinite(number) && number > 0) return number;
  report(reader, rangeOf(reader, value), phrase`${key} must be a number above 0; ${usingDefault(instead)}`);
  return undefined;
}

function readGlobs(reader: Reader, value: unknown, key: string): readonly string[] | undefined {
  const items = isSeq(value) ? value.items : [value];
  const globs: string[] = [];
  for (const item of items) {
    const glob = readPath(reader, item, key);
    if (glob === undefined) return undefined;
    globs.push(glob);
  }
  return globs;
}

function readPath(reader: Reader, value: unknown, key: string): string | undefined {
  const text = textOf(value);
  if (text === undefined) {
    report(reader, rangeOf(reader, value), phrase`${key} must be a path in the project; ${usingDefault()}`);
    return undefined;
  }
  const path = text
    .replaceAll('\\', '/')
    .replace(/^(?:\.\/+)+/, '')
    .replace(/\/+$/, '');
  if (leavesProject(text)) {
    report(reader, rangeOf(reader, value), phrase`${key}: "${text}" leaves the project; ${usingDefault()}`);
    return undefined;
  }
  return path === '' ? '.' : path;
}

function leavesProject(path: string): boolean {
  return /^(?:[/\\~]|[A-Za-z]:)/.test(path) || /\0/.test(path) || path.split(/[/\\]/).includes('..');
}

function knownKey(name: string): keyof BatonConfig | undefined {
  const plain = name.replace(/[-_]/g, '').toLowerCase();
  return (Object.keys(readers) as (keyof BatonConfig)[]).find((key) => key.toLowerCase() === plain);
}

function snakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function textOf(node: unknown): string | undefined {
  if (!isScalar(node) || node.value === null || typeof node.value === 'object') return undefined;
  const text = typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
  return text.trim() === '' ? undefined : text.trim();
}

function usingDefault(value?: string): string {
  return value === undefined ? phrase`the default is used.` : phrase`the default ${value} is used.`;
}

function rangeOf(reader: Reader, node: unknown): Range {
  const range = (node as Node | null | undefined)?.range;
  return range ? clamp(reader, range[0], range[1]) : { start: 0, end: 0 };
}

function clamp({ text, bom }: Reader, start: number, end: number): Range {
  const stop = Math.min(end + bom, text.length);
  return { start: Math.min(start + bom, stop), end: stop };
}

function report(reader: Reader, range: Range, message: string, severity: Severity = 'error'): void {
  reader.diagnostics.push({ code: 'unreadable-config', severity, message, range });
}
