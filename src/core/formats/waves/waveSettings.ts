import { phrase } from '../../base/phrase.ts';
import type { Range } from '../../base/range.ts';
import type { AutopilotConfig, WaveConfig } from '../../model/waves/waveConfig.ts';
import { enforcements, isolations } from '../../model/waves/wavePlan.ts';
import type { WaveSettings } from '../../model/waves/waveSettings.ts';
import type { MetadataEntry, MetadataValue } from '../metadataYaml.ts';

/** A value that cannot be used: the default, or a weaker place, holds instead. */
export interface SettingProblem {
  readonly message: string;
  readonly severity: 'error' | 'warning';
  readonly range: Range;
}

type Draft = { -readonly [K in keyof WaveSettings]: WaveSettings[K] };

interface Reading {
  readonly settings: Draft;
  /** Unknown keys are problems. */
  readonly isStrict: boolean;
  readonly problems: SettingProblem[];
}

type Reader = (reading: Reading, value: MetadataValue, place: { readonly key: string; readonly range: Range }) => void;

/** Settings of other tools: they are read, named, and left alone. */
const foreignKeys = /^(?:pencil|goal-integration|tmux(?:-.*)?|with-status-pane)$/;

const vaultModes = ['hard', 'warn', 'off', 'baseline', 'diff', 'full'] as const;

/** The keys of seed 3's Session Config that wave runs use, and Baton's own beside them (formats.md §1.9). */
const readers: Readonly<Record<string, Reader>> = {
  persistence: flag((settings, value) => {
    settings.persistence = value;
  }),
  enforcement: word(enforcements, (settings, value) => {
    settings.enforcement = value;
  }),
  isolation: word(isolations, (settings, value) => {
    settings.isolation = value;
  }),
  'agents-per-wave': byType(1, 64, (settings, { base, types }) => {
    settings.agentsPerWave = base;
    if (types !== undefined) settings.agentsPerWaveOf = types;
  }),
  waves: byType(1, 99, (settings, { base, types }) => {
    settings.waves = base;
    if (types !== undefined) settings.wavesOf = types;
  }),
  'max-turns': readTurns,
  'lint-command': line((settings, value) => {
    settings.gate = { ...settings.gate, lint: value };
  }),
  'typecheck-command': line((settings, value) => {
    settings.gate = { ...settings.gate, typecheck: value };
  }),
  'test-command': line((settings, value) => {
    settings.gate = { ...settings.gate, test: value };
  }),
  'gate-timeout-minutes': number({ least: 0.1, most: 1440 }, (settings, value) => {
    settings.gateTimeoutMinutes = value;
  }),
  'auto-commit-per-wave': flag((settings, value) => {
    settings.autoCommit = value;
  }),
  'auto-commit': flag((settings, value) => {
    settings.autoCommit = value;
  }),
  'worker-pool': map({
    enabled: flag((settings, enabled) => {
      settings.workerPool = { ...settings.workerPool, enabled };
    }),
    'max-parallel': number({ least: 1, most: 64, whole: true }, (settings, maxParallel) => {
      settings.workerPool = { ...settings.workerPool, maxParallel };
    }),
    'drain-timeout-ms': number({ least: 0, most: 600_000, whole: true }, (settings, value) => {
      settings.drainTimeoutMs = value;
    }),
  }),
  'verification-auto-fix': readAutoFix,
  memory: map({
    proposals: map({
      enabled: flag((settings, enabled) => {
        settings.memoryProposals = { ...settings.memoryProposals, enabled };
      }),
      'quota-per-wave': number({ least: 0, most: 1000, whole: true }, (settings, quotaPerWave) => {
        settings.memoryProposals = { ...settings.memoryProposals, quotaPerWave };
      }),
      'confidence-floor': number({ least: 0, most: 1 }, (settings, confidenceFloor) => {
        settings.memoryProposals = { ...settings.memoryProposals, confidenceFloor };
      }),
    }),
    banner: () => undefined,
  }),
  'docs-orchestrator': readDocs,
  'vault-sync': readVault,
  autopilot: map({
    enabled: flag((settings, enabled) => {
      settings.autopilot = { ...settings.autopilot, enabled };
    }),
    'max-sessions': bound('maxSessions', { least: 1, most: 50, whole: true }),
    'max-hours': bound('maxHours', { least: 0.5, most: 24 }),
    'confidence-threshold': bound('confidenceThreshold', { least: 0, most: 1 }),
    'token-budget': bound('tokenBudget', { least: 0, most: 1e12, whole: true }),
    'stall-timeout-seconds': bound('stallTimeoutSeconds', { least: 1, most: 86_400 }),
    'carryover-threshold': bound('carryoverThreshold', { least: 0, most: 1 }),
  }),
};

/** Keys that are read where they stand outside the Session Config's section too, as the reference does. */
export const blockKeys = [
  'worker-pool',
  'verification-auto-fix',
  'memory',
  'docs-orchestrator',
  'vault-sync',
  'autopilot',
];

/**
 * Reads settings of wave runs. Wrong values are problems and say nothing. Keys of other tools are listed in `foreign`.
 *
 * @param isStrict unknown keys are problems: in Baton's own file; a Session Config has many that wave runs have no use for
 */
export function readWaveSettings(
  entries: readonly MetadataEntry[],
  isStrict: boolean,
): { readonly settings: WaveSettings; readonly problems: readonly SettingProblem[] } {
  const reading: Reading = { settings: {}, isStrict, problems: [] };
  readEntries(reading, entries, readers, '');
  return reading;
}

/** A key as the Session Config writes it: `agents_per_wave` and `agentsPerWave` are understood. */
export function settingKey(key: string): string {
  return key
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase();
}

function readEntries(
  reading: Reading,
  entries: readonly MetadataEntry[],
  known: Readonly<Record<string, Reader>>,
  path: string,
): void {
  for (const { key, keyRange, value } of entries) {
    const name = settingKey(key);
    const reader = Object.hasOwn(known, name) ? known[name] : undefined;
    if (reader !== undefined) {
      // A key without a value is how people comment out a setting.
      if (value.kind === 'scalar' && /^(?:|null|~)$/.test(value.text)) continue;
      reader(reading, value, { key: `${path}${name}`, range: rangeOf(value, keyRange) });
    } else if (foreignKeys.test(name)) {
      reading.settings.foreign = [...(reading.settings.foreign ?? []), name];
    } else if (reading.isStrict) {
      const names = Object.keys(known).join(', ');
      const message = phrase`The key "${key}" is not known; known keys are ${names}.`;
      reading.problems.push({ message, severity: 'warning', range: keyRange });
    }
  }
}

function rangeOf(value: MetadataValue, otherwise: Range): Range {
  return value.kind === 'scalar' ? value.range : otherwise;
}

function refuse({ problems }: Reading, place: { readonly key: string; readonly range: Range }, expected: string): void {
  problems.push({
    message: phrase`${place.key} must be ${expected}; it is ignored.`,
    severity: 'error',
    range: place.range,
  });
}

function map(known: Readonly<Record<string, Reader>>): Reader {
  return (reading, value, place) => {
    const entries = value.kind === 'map' ? value.entries : flowEntries(value);
    if (entries === undefined) refuse(reading, place, phrase`a list of \`key: value\` lines`);
    else readEntries(reading, entries, known, `${place.key}.`);
  };
}

/** `{ enabled: true, max-parallel: 4 }` on one line, where it was not read as YAML. */
function flowEntries(value: MetadataValue): readonly MetadataEntry[] | undefined {
  const inner = value.kind === 'scalar' ? /^\{(.*)\}$/.exec(value.text)?.[1] : undefined;
  if (inner === undefined || value.kind !== 'scalar') return undefined;
  return inner.split(',').flatMap((pair): MetadataEntry[] => {
    const [key = '', text = ''] = pair.split(/:(.*)/s);
    if (key.trim() === '') return [];
    return [
      { key: key.trim(), keyRange: value.range, value: { kind: 'scalar', text: text.trim(), range: value.range } },
    ];
  });
}

function textOf(value: MetadataValue): string | undefined {
  return value.kind === 'scalar' ? value.text.trim() : undefined;
}

function flag(apply: (settings: Draft, value: boolean) => void): Reader {
  return (reading, value, place) => {
    const text = textOf(value)?.toLowerCase();
    if (text === 'true' || text === 'false') apply(reading.settings, text === 'true');
    else refuse(reading, place, phrase`true or false`);
  };
}

function word<T extends string>(known: readonly T[], apply: (settings: Draft, value: T) => void): Reader {
  return (reading, value, place) => {
    const text = textOf(value)?.toLowerCase();
    const found = known.find((one) => one === text);
    if (found !== undefined) apply(reading.settings, found);
    else refuse(reading, place, known.join(', '));
  };
}

interface Limits {
  readonly least: number;
  readonly most: number;
  readonly whole?: boolean;
}

function numberIn(text: string | undefined, { least, most, whole }: Limits): number | undefined {
  if (text === undefined || !/^\d{1,13}(?:\.\d{1,6})?$/.test(text)) return undefined;
  const value = Number(text);
  return value >= least && value <= most && (whole !== true || Number.isInteger(value)) ? value : undefined;
}

function number(limits: Limits, apply: (settings: Draft, value: number) => void): Reader {
  return (reading, value, place) => {
    const found = numberIn(textOf(value), limits);
    if (found !== undefined) apply(reading.settings, found);
    else refuse(reading, place, phrase`a number from ${limits.least} to ${limits.most}`);
  };
}

function bound(key: Exclude<keyof AutopilotConfig, 'enabled'>, limits: Limits): Reader {
  return number(limits, (settings, value) => {
    settings.autopilot = { ...settings.autopilot, [key]: value };
  });
}

/** `6`, `6 (deep: 18)`, or a map with `default` and session types. */
function byType(
  least: number,
  most: number,
  apply: (
    settings: Draft,
    value: { readonly base: number; readonly types: Readonly<Record<string, number>> | undefined },
  ) => void,
): Reader {
  return (reading, value, place) => {
    const text = textOf(value);
    const [, base, said] = /^(\d{1,4})(?:\s*\(([^)]*)\))?$/.exec(text ?? '') ?? [];
    const pairs =
      value.kind === 'map'
        ? value.entries.map(({ key, value: one }) => [key, textOf(one)] as const)
        : (flowEntries(value)?.map(({ key, value: one }) => [key, textOf(one)] as const) ??
          (said ?? '')
            .split(',')
            .filter((pair) => pair.trim() !== '')
            .map((pair) => {
              const [key = '', one] = pair.split(':');
              return [key.trim(), one?.trim()] as const;
            }));
    const limits = { least, most, whole: true };
    const types = Object.fromEntries(
      pairs.flatMap(([key, one]) => {
        const found = numberIn(one, limits);
        return found === undefined ? [] : [[key.toLowerCase(), found] as const];
      }),
    );
    const { default: fallback, ...others } = types;
    const found = numberIn(base, limits) ?? fallback;
    if (found === undefined || Object.keys(types).length < pairs.length) {
      refuse(reading, place, phrase`a whole number from ${least} to ${most}, or one such as \`6 (deep: 18)\``);
    } else apply(reading.settings, { base: found, types: Object.keys(others).length > 0 ? others : undefined });
  };
}

function readTurns(
  reading: Reading,
  value: MetadataValue,
  place: { readonly key: string; readonly range: Range },
): void {
  const text = textOf(value)?.toLowerCase();
  const turns = text === 'auto' ? 'auto' : numberIn(text, { least: 1, most: 10_000, whole: true });
  if (turns !== undefined) reading.settings.maxTurns = turns;
  else refuse(reading, place, phrase`auto or a whole number above 0`);
}

/** A shell line; `none` and its like: that step is not run. */
function line(apply: (settings: Draft, value: string) => void): Reader {
  return (reading, value, place) => {
    const text = textOf(value);
    if (text === undefined || /[\r\n\0]/.test(text)) refuse(reading, place, phrase`one shell line`);
    else apply(reading.settings, /^(?:none|skip|false|off)$/i.test(text) ? '' : text);
  };
}

/** The retries hold only where it is switched on; then two (formats.md §1.9). */
function readAutoFix(
  reading: Reading,
  value: MetadataValue,
  place: { readonly key: string; readonly range: Range },
): void {
  let enabled = false;
  let retries = 2;
  map({
    enabled: flag((_, on) => {
      enabled = on;
    }),
    'max-retries': number({ least: 0, most: 10, whole: true }, (_, count) => {
      retries = count;
    }),
  })(reading, value, place);
  reading.settings.gateRetries = enabled ? retries : 0;
}

function readDocs(
  reading: Reading,
  value: MetadataValue,
  place: { readonly key: string; readonly range: Range },
): void {
  map({
    enabled: flag((settings, on) => {
      settings.docsOrchestrator = on;
    }),
  })(reading, value, place);
}

/** `strict` is the reference's word for `hard`. Without a mode it warns; without `enabled: true` it is off. */
function readVault(
  reading: Reading,
  value: MetadataValue,
  place: { readonly key: string; readonly range: Range },
): void {
  let enabled: boolean | undefined;
  let mode: WaveConfig['vaultSync']['mode'] | undefined;
  let folder: string | undefined;
  map({
    enabled: flag((_, on) => {
      enabled = on;
    }),
    mode: word(['strict', ...vaultModes] as const, (_, said) => {
      mode = said === 'strict' ? 'hard' : said;
    }),
    'vault-dir': line((_, said) => {
      folder = said;
    }),
    folder: line((_, said) => {
      folder = said;
    }),
  })(reading, value, place);
  const chosen = enabled === true || (enabled === undefined && mode !== undefined) ? (mode ?? 'warn') : 'off';
  reading.settings.vaultSync = { mode: chosen, ...(folder !== undefined && folder !== '' && { folder }) };
}
