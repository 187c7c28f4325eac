import { phrase } from '../../../base/phrase.ts';
import type { VaultFolder } from '../../../model/waves/vault.ts';
import type { WaveRun } from '../../../model/waves/waveRun.ts';
import { syncVault } from '../vaultSync.ts';
import { type RunHandle, withDeviation } from './runHandle.ts';

/** So many files are named in a Deviation. */
const mostNamed = 3;

/** Records once what is wrong in the project's vault before the first wave, so that after each wave only what it broke is told. */
export async function recordVault(handle: RunHandle, run: WaveRun): Promise<void> {
  if (!isChecked(run)) return;
  const { ports } = handle.context;
  const folder = await vaultOf(handle, run);
  if ((await folder.readBaseline()) === undefined) await syncVault(ports.clock, folder, { mode: 'baseline' });
}

/** Tells, as a Deviation, what is wrong in the vault since the run began; with the modes that check everything, all that is wrong. */
export async function checkVaultAfterWave(handle: RunHandle, run: WaveRun): Promise<void> {
  if (!isChecked(run)) return;
  const mode = run.config.vaultSync.mode === 'full' || run.config.vaultSync.mode === 'hard' ? 'full' : 'diff';
  const report = await syncVault(handle.context.ports.clock, await vaultOf(handle, run), { mode });
  const errors = report.new_errors ?? report.errors;
  if (errors.length === 0) return;
  const files = [...new Set(errors.map(({ file }) => file))];
  const names = files.slice(0, mostNamed).join(', ');
  const at = handle.now();
  const where = `${names}${files.length > mostNamed ? ' …' : ''}`;
  const text =
    errors.length === 1
      ? phrase`Wave ${run.wave}: 1 error in the vault: ${where}`
      : phrase`Wave ${run.wave}: ${errors.length} errors in the vault: ${where}`;
  await handle.update((one) => withDeviation(one, at, text));
}

function isChecked({ config }: WaveRun): boolean {
  return config.persistence && config.vaultSync.mode !== 'off';
}

async function vaultOf({ context }: RunHandle, { config }: WaveRun): Promise<VaultFolder> {
  return await (await context.ports.orchestrator()).vault(config.vaultSync.folder ?? 'vault');
}
