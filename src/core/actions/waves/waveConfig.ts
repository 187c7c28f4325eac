import { phrase } from '../../base/phrase.ts';
import { readSessionConfig } from '../../formats/waves/sessionConfig.ts';
import { readWaveSettings } from '../../formats/waves/waveSettings.ts';
import { createLineIndex } from '../../markdown/lines.ts';
import { defaultWaveConfig, type WaveConfig } from '../../model/waves/waveConfig.ts';
import type { WavePlan } from '../../model/waves/wavePlan.ts';
import type { WaveProblem } from '../../model/waves/waveProblem.ts';
import type { WaveSettings } from '../../model/waves/waveSettings.ts';
import type { FileSystem } from '../../ports/fileSystem.ts';
import { configPath, loadConfig } from '../../store/loadConfig.ts';
import type { ActionContext } from '../context.ts';

/** Files that may hold a Session Config; the first that has one counts. */
const instructionFiles = ['CLAUDE.md', 'AGENTS.md'] as const;

/** The configuration of a run, and what could not be read of it. */
export interface LoadedWaveConfig {
  readonly config: WaveConfig;
  readonly problems: readonly WaveProblem[];
  /** Files that it comes from, the strongest first; empty: the defaults alone. */
  readonly sources: readonly string[];
}

/**
 * The configuration of wave runs: `.baton.yaml`'s `waves` over the Session Config of CLAUDE.md or AGENTS.md over the defaults; over all of them what
 * the plan's Execution Config says on agents, isolation, enforcement and turns. Persistence is never the plan's. A gate command that nothing names is
 * that of the package's scripts. Wrong values are problems, and the weaker place holds.
 */
export async function loadWaveConfig(
  context: Pick<ActionContext, 'ports'>,
  plan?: Pick<WavePlan, 'execution' | 'sessionType'>,
): Promise<LoadedWaveConfig> {
  const { files } = context.ports;
  const session = await readInstructions(files);
  const own = await loadConfig(files);
  const ownText = (await files.readText(configPath)) ?? '';
  const places = [
    session,
    own.config.waves === undefined ? undefined : { path: configPath, settings: own.config.waves },
  ];
  const settings = places.flatMap((place) => place?.settings ?? []);
  const config = mergeSettings(settings, plan?.sessionType ?? 'feature');
  const found = own.problems.flatMap(({ diagnostics }) => diagnostics);
  return {
    config: withExecution({ ...config, gate: await fillGate(files, config.gate) }, plan),
    problems: [...(session?.problems ?? []), ...found.map((one) => problemAt(configPath, ownText, one))],
    sources: places.flatMap((place) => place?.path ?? []).reverse(),
  };
}

async function readInstructions(
  files: FileSystem,
): Promise<
  { readonly path: string; readonly settings: WaveSettings; readonly problems: readonly WaveProblem[] } | undefined
> {
  for (const path of instructionFiles) {
    const text = await files.readText(path);
    const entries = text === undefined ? undefined : readSessionConfig(text);
    if (text === undefined || entries === undefined) continue;
    const { settings, problems } = readWaveSettings(entries, false);
    return { path, settings, problems: problems.map((one) => problemAt(path, text, one)) };
  }
  return undefined;
}

function problemAt(
  path: string,
  text: string,
  {
    message,
    severity,
    range,
  }: {
    readonly message: string;
    readonly severity: WaveProblem['severity'];
    readonly range: { readonly start: number };
  },
): WaveProblem {
  // A run goes on with what is left: it is shown before, and `check` shows it as an error.
  return {
    code: 'unreadable-config',
    severity: severity === 'info' ? 'info' : 'warning',
    message,
    hint: phrase`Mend it in ${path}; the default holds now.`,
    path,
    line: createLineIndex(text).lineAt(range.start) + 1,
  };
}

/** Puts places over each other, the weakest first, on top of the defaults. */
export function mergeSettings(places: readonly WaveSettings[], sessionType: string): WaveConfig {
  let config: WaveConfig = defaultWaveConfig;
  let pool: NonNullable<WaveSettings['workerPool']> = {};
  for (const { workerPool, agentsPerWaveOf, wavesOf, ...place } of places) {
    pool = { ...pool, ...workerPool };
    const agents = ownValue(agentsPerWaveOf, sessionType);
    const waves = ownValue(wavesOf, sessionType);
    config = {
      ...config,
      ...place,
      ...(agents !== undefined && { agentsPerWave: agents }),
      ...(waves !== undefined && { waves }),
      gate: { ...config.gate, ...place.gate },
      memoryProposals: { ...config.memoryProposals, ...place.memoryProposals },
      vaultSync: { ...config.vaultSync, ...place.vaultSync },
      autopilot: { ...config.autopilot, ...place.autopilot },
      foreign: [...new Set([...config.foreign, ...(place.foreign ?? [])])],
    };
  }
  return pool.enabled === true ? { ...config, maxParallel: pool.maxParallel ?? config.agentsPerWave } : config;
}

function ownValue(values: Readonly<Record<string, number>> | undefined, key: string): number | undefined {
  return values !== undefined && Object.hasOwn(values, key) ? values[key] : undefined;
}

function withExecution(config: WaveConfig, plan: Pick<WavePlan, 'execution'> | undefined): WaveConfig {
  const { waves, agentsPerWave, isolation, enforcement, maxTurns } = plan?.execution ?? {};
  return {
    ...config,
    ...(waves !== undefined && waves > 0 && { waves }),
    ...(agentsPerWave !== undefined && agentsPerWave > 0 && { agentsPerWave }),
    ...(isolation !== undefined && { isolation }),
    ...(enforcement !== undefined && { enforcement }),
    ...(maxTurns !== undefined && { maxTurns }),
  };
}

/** The reference's default commands, each where the package has such a script; an empty text switches a step off. */
async function fillGate(files: FileSystem, gate: WaveConfig['gate']): Promise<WaveConfig['gate']> {
  const scripts = await readScripts(files);
  const test = /no test specified/.test(scripts['test'] ?? '') ? undefined : scripts['test'];
  const lint = gate.lint ?? (scripts['lint'] === undefined ? '' : 'npm run lint');
  const typecheck = gate.typecheck ?? (scripts['typecheck'] === undefined ? '' : 'npm run typecheck');
  const tests = gate.test ?? (test === undefined ? '' : 'npm test');
  return { ...(lint !== '' && { lint }), ...(typecheck !== '' && { typecheck }), ...(tests !== '' && { test: tests }) };
}

async function readScripts(files: FileSystem): Promise<Readonly<Record<string, string | undefined>>> {
  const text = await files.readText('package.json');
  try {
    const value: unknown = text === undefined ? undefined : JSON.parse(text.replace(/^\uFEFF/, ''));
    const scripts: unknown = (value as { readonly scripts?: unknown } | null | undefined)?.scripts;
    const entries = typeof scripts === 'object' && scripts !== null ? Object.entries(scripts) : [];
    return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  } catch (error) {
    // A package file that npm cannot read either has no scripts.
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
