import { hasWavePlan } from '../../formats/waves/wavePlan.ts';
import { describeWavePlan } from '../../formats/waves/wavePlanDiagnostics.ts';
import type { FileProblems } from '../../model/workspace.ts';
import type { ProjectPath } from '../../ports/fileSystem.ts';
import type { ActionContext } from '../context.ts';
import { loadWaveConfig } from './waveConfig.ts';

/** Where documents with wave plans are looked for; others are checked when they are named or open. */
const planGlobs: readonly string[] = ['docs/waves/**/*.md'];

export interface WavePlanPlaces {
  /** Paths to look at besides those that are found. */
  readonly also?: readonly ProjectPath[];
  /** The text that counts instead of the file's: that of an open editor. */
  readonly textOf?: (path: ProjectPath) => string | undefined;
  /** Files that are something else. */
  readonly isOther: (path: ProjectPath) => boolean;
}

/** Checks all documents with wave plans that are found or named; each that holds a plan is in the result, also without a problem. */
export async function checkWavePlans(
  context: Pick<ActionContext, 'ports'>,
  { also = [], textOf, isOther }: WavePlanPlaces,
): Promise<readonly FileProblems[]> {
  const { files } = context.ports;
  const found = await files.findFiles(planGlobs);
  const paths = [...new Set([...found, ...also])].filter((path) => path.endsWith('.md') && !isOther(path)).sort();
  const texts = await Promise.all(
    paths.map(async (path) => ({ path, text: textOf?.(path) ?? (await files.readText(path).catch(() => undefined)) })),
  );
  const plans = texts.flatMap(({ path, text }) => (text !== undefined && hasWavePlan(text) ? [{ path, text }] : []));
  if (plans.length === 0) return [];
  const { config } = await loadWaveConfig(context);
  return plans.map(({ path, text }) => ({ path, diagnostics: describeWavePlan(text, path, config) }));
}
