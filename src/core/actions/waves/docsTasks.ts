import { compileGlob } from '../../base/glob.ts';
import { isRunRecord } from '../../formats/waves/runRecords.ts';
import { isInScope } from '../../formats/waves/scopes.ts';
import type { DocsTask } from '../../model/waves/wavePlan.ts';
import type { WaveRun } from '../../model/waves/waveRun.ts';
import type { ActionContext } from '../context.ts';

/** What a docs task came to: something was written, something with gaps marked in it, nothing. */
export type DocsVerdict = 'ok' | 'partial' | 'gap';

export interface VerifiedDocsTask {
  readonly task: DocsTask;
  readonly verdict: DocsVerdict;
  /** Changed files that fit its pattern, relative to the root. */
  readonly files: readonly string[];
}

/** What writers of documentation leave where they have nothing to go by. */
const gapMark = /<!--\s*REVIEW: source needed\s*-->/i;

/** Looks what became of the docs tasks of a run, by what has changed since it began; a file that was only deleted documents nothing. */
export async function verifyDocsTasks({ ports }: ActionContext, run: WaveRun): Promise<readonly VerifiedDocsTask[]> {
  if (run.docsTasks.length === 0) return [];
  const changed = await changedSince(ports, run);
  const verified: VerifiedDocsTask[] = [];
  for (const task of run.docsTasks) {
    const files = changed.filter((path) => fits(task.targetPattern, path));
    let verdict: DocsVerdict = files.length === 0 ? 'gap' : 'ok';
    for (const path of files) {
      if (gapMark.test((await ports.files.readText(path)) ?? '')) verdict = 'partial';
    }
    verified.push({ task, verdict, files });
  }
  return verified;
}

async function changedSince(ports: ActionContext['ports'], run: WaveRun): Promise<readonly string[]> {
  const git = await ports.git('');
  if (git === undefined || run.startRef === '') return [...new Set(run.agents.flatMap(({ changed }) => changed))];
  const differences = await git.compareWorkingTree(run.startRef);
  return (
    differences
      .filter(({ kind, path }) => kind !== 'deleted' && path.startsWith(git.prefix))
      .map(({ path }) => path.slice(git.prefix.length))
      // What the run itself writes documents nothing, though a pattern such as **/*.md takes it in.
      .filter((path) => !isRunRecord(path) && path !== run.plan.path)
  );
}

/** Patterns are globs, several with commas or as `{a,b}`; one without a folder means the name at any depth. */
function fits(pattern: string, path: string): boolean {
  const patterns = pattern
    .split(/,(?![^{]*\})/)
    .map((one) => one.trim().replace(/^\.\//, ''))
    .filter((one) => one !== '');
  return patterns.some(
    (one) => isInScope(path, [one]) || compileGlob(one.includes('/') ? one : `**/${one}`).matches(path),
  );
}
