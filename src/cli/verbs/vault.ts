import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { BatonError } from '../../core/errors.ts';
import { type VaultMode, type VaultReport, vaultModes } from '../../core/model/waves/vault.ts';
import { collect } from '../arguments.ts';
import type { Cli } from '../cli.ts';
import { declareVerb } from '../declareVerb.ts';
import type { Output } from '../output.ts';
import { countOf, plainText } from '../text.ts';

/** `baton vault …` */
export function declareVault(program: Command, cli: Cli): void {
  const vault = program
    .command('vault')
    .summary('Check markdown vaults whose notes have a schema')
    .description('Check markdown vaults whose notes have a schema.');
  declareSync(vault, cli);
  declareGuard(vault, cli);
}

interface SyncFlags {
  readonly mode?: VaultMode;
  readonly exclude?: readonly string[];
  readonly checkExpires?: boolean;
}

function declareSync(vault: Command, cli: Cli): void {
  declareVerb(vault, {
    name: 'sync',
    summary: 'Check the frontmatter of all notes, and where their links lead',
    details:
      'Notes have id, type, created and updated; a link that leads nowhere is a warning. hard (and full): an error fails; warn: it is only ' +
      'shown; off: nothing is checked; baseline: what is wrong now is recorded; diff: only what came since then fails.\n\n' +
      'Exit codes: 0 ok or skipped; 1 errors; 2 wrong arguments.\n\n' +
      '--json: status, mode, files_checked, errors[{file, path, message}], warnings[{file, type, message}], …; where it fails, the code is ' +
      'problems-found and all of that is in error.data.',
    examples: [
      ['baton vault sync ../vault', ''],
      ['baton vault sync --mode baseline', 'begin with a vault that has errors'],
      ['baton vault sync --mode diff', 'and let none be added'],
    ],
  })
    .argument('[folder]', 'the vault; the one of the Session Config, else the project')
    .option('--mode <mode>', vaultModes.join(', '), readMode)
    .option('--exclude <glob>', 'files that are not checked; again for each', collect)
    .option('--check-expires', 'warn of notes whose time is over')
    .action((folder: string | undefined, flags: SyncFlags, command: Command) =>
      cli.run(command, async ({ context, root }) => {
        const [{ syncVault }, { loadWaveConfig }] = await Promise.all([
          import('../../core/actions/waves/vaultSync.ts'),
          import('../../core/actions/waves/waveConfig.ts'),
        ]);
        const files = await context.ports.orchestrator();
        const { vaultSync } = (await loadWaveConfig(context)).config;
        const path = folder === undefined ? resolve(root, vaultSync.folder ?? '.') : resolve(folder);
        // Who calls it by hand wants it checked, whatever the project says of its runs.
        const mode = flags.mode ?? (vaultSync.mode === 'off' ? 'hard' : vaultSync.mode);
        const report = await syncVault(context.ports.clock, await files.vault(path), {
          mode,
          exclude: flags.exclude ?? [],
          checkExpires: flags.checkExpires === true,
        });
        const { status } = report;
        const failed = report.new_errors ?? report.errors;
        return {
          data: { ...report },
          print: (out) => printReport(out, report),
          ...(status === 'invalid' && {
            failure: new BatonError('problems-found', `${countOf(failed.length, 'error')} in the vault`, {
              hint: 'Mend the frontmatter of these notes; "baton vault guard" tells what it has to be.',
              data: { ...report },
            }),
          }),
        };
      }),
    );
}

function readMode(text: string): VaultMode {
  const mode = vaultModes.find((one) => one === (text === 'strict' ? 'hard' : text));
  if (mode !== undefined) return mode;
  throw new InvalidArgumentError(`Known are ${vaultModes.join(', ')}.`);
}

function printReport(out: Output, report: VaultReport): void {
  if (report.status === 'skipped' || report.status === 'skipped-mode-off') {
    out.line(report.reason === undefined ? 'Nothing was checked.' : 'There is no vault with notes.');
    return;
  }
  for (const { file, path, message } of report.new_errors ?? report.errors) {
    out.wrapped(plainText(`${path === '' ? '' : `${path}: `}${message}`), { label: `${plainText(file)}  ` });
  }
  for (const { file, message } of report.new_warnings ?? report.warnings) {
    out.wrapped(plainText(`warning: ${message}`), { label: `${plainText(file)}  ` });
  }
  const skipped = report.files_skipped_no_frontmatter;
  const rest = skipped === 0 ? '' : `, ${skipped} without frontmatter`;
  out.line(`${countOf(report.files_checked, 'note')} checked${rest}.`);
  if (report.mode === 'baseline') out.line(`Recorded: ${countOf(report.errors.length, 'error')}.`);
  if (report.mode === 'diff-fallback-full') out.line('There is no baseline of this schema: everything counts.');
  if (report.mode === 'diff') out.line(`${countOf(report.resolved_errors?.length ?? 0, 'error')} resolved.`);
}

function declareGuard(vault: Command, cli: Cli): void {
  declareVerb(vault, {
    name: 'guard',
    summary: 'Print what an agent is told that writes notes',
    details: 'Agents of waves that may write in the vault get it in their prompts.\n\n--json: guard.',
    examples: [['baton vault guard', '']],
  }).action((_options: object, command: Command) =>
    cli.run(command, async () => {
      const { frontmatterGuard } = await import('../../core/formats/waves/frontmatterGuard.ts');
      const guard = frontmatterGuard();
      return { data: { guard }, print: (out) => out.raw(guard) };
    }),
  );
}
