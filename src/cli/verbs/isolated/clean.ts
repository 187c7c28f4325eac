import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { Leftovers } from '../../../core/actions/isolated/clean.ts';
import type { WorktreeSheet } from '../../../core/ports/worktrees.ts';
import { openIsolated } from '../../../platform/openIsolated.ts';
import type { Cli } from '../../cli.ts';
import { addYesOption, declareVerb } from '../../declareVerb.ts';
import { toIsolatedView } from '../../isolatedViews.ts';
import type { Output } from '../../output.ts';
import { countOf, plainText } from '../../text.ts';

interface CleanFlags {
  readonly olderThan?: number;
  readonly yes?: boolean;
}

/** `baton isolated clean [ID]` */
export function declareIsolatedClean(isolated: Command, cli: Cli): void {
  const verb = declareVerb(isolated, {
    name: 'clean',
    summary: 'Show what nobody needs any more, and with --yes remove it',
    details:
      'With an ID: puts that session away, its worktree into the trash. Without: old trash whose work is merged, worktrees and records ' +
      'that no session has any more. Work that is nowhere else is never removed by this.',
    examples: [
      ['baton isolated clean', 'only show'],
      ['baton isolated clean --yes --older-than 3', 'remove what is older than three days'],
      ['baton isolated clean BE-04 --yes', 'put a session away; "restore" brings it back'],
    ],
  });
  addYesOption(verb)
    .argument('[id]', 'the work item or the session')
    .option('--older-than <days>', 'trash that is younger stays; 14 unless told', days)
    .action((id: string | undefined, flags: CleanFlags, command: Command) =>
      cli.run(command, async ({ context, root }) => {
        const clean = await import('../../../core/actions/isolated/clean.ts');
        const isolatedContext = await openIsolated(context, root);
        const isMeant = flags.yes === true;
        if (id !== undefined) {
          const { requireIsolated } = await import('../../../core/actions/isolated/records.ts');
          const session = await requireIsolated(context, id);
          const sheet = await clean.inspectIsolated(isolatedContext, session);
          if (isMeant) await clean.removeIsolated(isolatedContext, { id: session.id });
          return {
            data: { session: toIsolatedView(session), sheet: sheet ?? null, removed: isMeant },
            print: (out) => {
              printSheet(out, sheet);
              out.line(
                isMeant
                  ? `Put away. "baton isolated restore ${session.id}" brings it back.`
                  : 'Nothing was changed. --yes puts it away.',
              );
            },
          };
        }
        const leftovers = await clean.findLeftovers(
          isolatedContext,
          flags.olderThan === undefined ? {} : { olderThanDays: flags.olderThan },
        );
        const warnings = isMeant ? await clean.removeLeftovers(isolatedContext, leftovers) : [];
        return {
          data: { ...leftovers, removed: isMeant },
          warnings,
          print: (out) => printLeftovers(out, leftovers, isMeant),
        };
      }),
    );
}

function printSheet(out: Output, sheet: WorktreeSheet | undefined): void {
  if (sheet === undefined) {
    out.line('Its worktree is gone already.');
    return;
  }
  out.wrapped(plainText(sheet.path), { label: 'Worktree:  ' });
  out.line(`Merged:    ${sheet.merged ? 'yes' : `no, ${countOf(sheet.ahead, 'commit')} of its own`}`);
  printFiles(out, 'Modified: ', sheet.modified);
  printFiles(out, 'Untracked:', sheet.untracked);
  const ignored = sheet.ignored.map(
    ({ path, bytes }) => `${path} (${bytes === undefined ? 'large' : inKilobytes(bytes)})`,
  );
  printFiles(out, 'Ignored:  ', ignored);
  printFiles(
    out,
    'Processes:',
    sheet.processes.map(({ pid, command }) => `${pid} ${command}`),
  );
}

function printFiles(out: Output, label: string, files: readonly string[]): void {
  const shown = files.slice(0, 10);
  if (files.length > shown.length) shown.push(`and ${files.length - shown.length} more`);
  if (shown.length > 0) out.wrapped(plainText(shown.join(', ')), { label: `${label} ` });
}

function inKilobytes(bytes: number): string {
  return bytes > 1024 * 1024 ? `${(bytes / 1024 / 1024).toFixed(1)} MB` : `${Math.ceil(bytes / 1024)} KB`;
}

function printLeftovers(out: Output, { trash, kept, orphans, keys, foreign }: Leftovers, isMeant: boolean): void {
  const done = isMeant ? 'removed' : 'would be removed';
  if (trash.length + orphans.length + keys.length === 0) out.line('Nothing is left over.');
  for (const { id } of trash) out.wrapped(`${plainText(id)}, in the trash, its work is merged`, { label: `${done}: ` });
  for (const { path } of orphans) out.wrapped(`${plainText(path)}, into the trash`, { label: `${done}: ` });
  if (keys.length > 0) out.line(`${done}: ${countOf(keys.length, 'record')} of sessions that are gone`);
  for (const { id, path } of kept)
    out.wrapped(`${plainText(id)} holds work that is nowhere else: ${plainText(path)}`, { label: 'stays: ' });
  for (const { path } of foreign) out.wrapped(plainText(path), { label: 'not Baton’s: ' });
}

function days(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0) return value;
  throw new InvalidArgumentError('It must be a number of days.');
}
