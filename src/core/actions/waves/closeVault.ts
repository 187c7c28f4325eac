import { phrase } from '../../base/phrase.ts';
import { BatonError } from '../../errors.ts';
import type { WaveRun } from '../../model/waves/waveRun.ts';
import type { ActionContext } from '../context.ts';
import { syncVault } from './vaultSync.ts';

/**
 * Checks the project's vault before a run whose waves are done is closed, as its configuration says. Returns what is to be known.
 *
 * @throws BatonError `problems-found` where notes are wrong and that is not to pass (data.errors)
 */
export async function checkVaultAtClose(
  { ports }: Pick<ActionContext, 'ports'>,
  run: WaveRun,
): Promise<readonly string[]> {
  const { mode, folder } = run.config.vaultSync;
  if (mode === 'off' || run.status !== 'completed') return [];
  const files = await ports.orchestrator();
  const report = await syncVault(ports.clock, await files.vault(folder ?? 'vault'), { mode });
  if (report.status === 'skipped') return [phrase`There is no vault to check: ${report.vault_dir}`];
  const errors = report.new_errors ?? report.errors;
  const [first] = errors;
  if (report.status === 'invalid' && first !== undefined) {
    const message =
      errors.length === 1
        ? phrase`1 error in the vault, in ${first.file}`
        : phrase`${errors.length} errors in the vault, the first in ${first.file}`;
    throw new BatonError('problems-found', message, {
      hint: 'Mend the frontmatter of these notes (`baton vault sync` lists them), then close the run.',
      data: { errors },
    });
  }
  if (errors.length === 0) return [];
  return errors.length === 1
    ? [phrase`1 error in the vault: \`baton vault sync\` lists it`]
    : [phrase`${errors.length} errors in the vault: \`baton vault sync\` lists them`];
}
