import { phrase } from '../../base/phrase.ts';
import type { TextEdit } from '../../base/textEdit.ts';
import { BatonError } from '../../errors.ts';
import {
  aggregateText,
  filesText,
  findOverlaps,
  type ScopeRecord,
  scopesFolder,
  scopeText,
  unionOf,
  waveScopePath,
  withTestSiblings,
} from '../../formats/waves/scopes.ts';
import type { PlannedWave } from '../../model/waves/wavePlan.ts';
import { endedAgentStatuses, type WaveAgentRun, type WaveRun } from '../../model/waves/waveRun.ts';
import type { ActionContext } from '../context.ts';

/** Commands that agents of a wave may not run, where the project has no policy of its own (formats.md §1.5). */
export const blockedCommands = [
  'rm -rf',
  'git push --force',
  'DROP TABLE',
  'git reset --hard',
  'git checkout -- .',
] as const;

/** The project's own list, which replaces the built-in one where it has blocking rules. */
const policyPath = '.orchestrator/policy/blocked-commands.json';

/**
 * Writes what bounds the agents of a wave, where seed 3's tools look: a file per agent, the list of all with the coordinator, and
 * `wave-scope.json` with their union. Agents of the wave that are already at work keep what they have: the union only grows.
 *
 * @throws BatonError `invalid-argument` where two agents may write to one file; nothing is written then
 */
export async function writeScopes(context: ActionContext, run: WaveRun, wave: PlannedWave): Promise<void> {
  const { ports } = context;
  const crew = run.agents.filter((agent) => agent.wave === wave.number);
  const records: readonly ScopeRecord[] =
    crew.length > 0
      ? crew.map(({ key, files }) => ({ id: key, files }))
      : wave.agents.map(({ id, files }) => ({ id, files }));
  assertDisjoint(records.filter(({ id }) => mayBeAtWork(crew.find(({ key }) => key === id))));
  const expands = wave.role === 'Impl-Core' || wave.role === 'Impl-Polish';
  const folder = scopesFolder(run.stateFile);
  const coordinator: ScopeRecord = { id: 'coordinator', files: [] };
  for (const { id, files } of [...records, coordinator]) {
    await replace(context, `${folder}/wave-${wave.number}/${id}.json`, filesText(files));
  }
  await replace(context, `${folder}/wave-${wave.number}.scopes.json`, aggregateText([...records, coordinator]));
  const union = unionOf(records.map(({ files }) => (expands ? withTestSiblings(files) : files)));
  const path = waveScopePath(run.stateFile);
  const before = readAllowed(await ports.files.readText(path), wave.number);
  const commands = await readBlockedCommands(context);
  const text = scopeText({
    wave: wave.number,
    role: wave.role ?? wave.title,
    enforcement: run.enforcement,
    allowedPaths: unionOf([before, union]),
    blockedCommands: commands,
  });
  await replace(context, path, text);
}

/** Removes the scope files of a run; none there is fine. */
export async function removeScopes(context: ActionContext, run: WaveRun): Promise<void> {
  const { files, stateFiles, orchestrator } = context.ports;
  const folder = scopesFolder(run.stateFile);
  const found = await files.findFiles([`${folder}/wave-*/*.json`, `${folder}/wave-*.scopes.json`]);
  for (const path of [...found, waveScopePath(run.stateFile)]) await stateFiles.remove(path);
  await (await orchestrator()).removeEmptyFolder(folder);
}

/** What agents of this project may not run: its policy's blocking rules, else the built-in ones. */
export async function readBlockedCommands({ ports }: ActionContext): Promise<readonly string[]> {
  const text = await ports.files.readText(policyPath);
  const rules = rulesOf(text);
  return rules.length > 0 ? rules : blockedCommands;
}

function rulesOf(text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  const value = parse(text);
  const rules: unknown = Array.isArray(value) ? value : (value as { readonly rules?: unknown } | undefined)?.rules;
  if (!Array.isArray(rules)) return [];
  return rules.flatMap((rule: unknown) => {
    const { pattern, severity } = (rule ?? {}) as { readonly pattern?: unknown; readonly severity?: unknown };
    return typeof pattern === 'string' && pattern !== '' && severity === 'block' ? [pattern] : [];
  });
}

/** Of the same wave only: what an earlier one left is over. */
function readAllowed(text: string | undefined, wave: number): readonly string[] {
  const value =
    text === undefined ? undefined : (parse(text) as { wave?: unknown; allowedPaths?: unknown } | undefined);
  if (value?.wave !== wave || !Array.isArray(value.allowedPaths)) return [];
  return value.allowedPaths.filter((path): path is string => typeof path === 'string');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // A file of another tool that is not JSON bounds nobody.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function mayBeAtWork(agent: WaveAgentRun | undefined): boolean {
  return agent === undefined || !endedAgentStatuses.includes(agent.status);
}

function assertDisjoint(records: readonly ScopeRecord[]): void {
  const [overlap] = findOverlaps(records);
  if (overlap === undefined) return;
  const { first, second, entries } = overlap;
  throw new BatonError('invalid-argument', phrase`${first} and ${second} may both write to ${entries.join(', ')}`, {
    hint: 'Give the file to one of them, or move one of them to a later wave.',
    data: { agents: [first, second], entries },
  });
}

async function replace({ ports }: ActionContext, path: string, text: string): Promise<void> {
  await ports.stateFiles.update(path, (before): readonly TextEdit[] => {
    if (before === text) return [];
    return [{ start: 0, end: before?.length ?? 0, newText: text }];
  });
}
