import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { Leftovers, SizedTrash } from '../../../core/actions/isolated/clean.ts';
import type { IsolatedContext } from '../../../core/actions/isolated/context.ts';
import { BatonError } from '../../../core/errors.ts';
import type { WorktreeSheet } from '../../../core/ports/worktrees.ts';
import { openIsolated } from '../../../platform/openIsolated.ts';
import type { Cli, VerbResult } from '../../cli.ts';
import { addYesOption, declareVerb } from '../../declareVerb.ts';
import { toIsolatedView } from '../../isolatedViews.ts';
import type { Output } from '../../output.ts';
import { printNextStep } from '../../sessionTable.ts';
import { countOf, plainText } from '../../text.ts';

interface CleanFlags {
  readonly olderThan?: number;
  readonly atMost?: number;
  readonly forEver?: boolean;
  readonly yes?: boolean;
}

/** `baton isolated clean [ID]` */
export function declareIsolatedClean(isolated: Command, cli: Cli): void {
  const verb = declareVerb(isolated, {
    name: 'clean',
    summary: 'Show what nobody needs any more, and with --yes remove it',
    details:
      'With an ID: puts that session away, its worktree into the trash; of one that is in the trash --for-ever removes worktree and branch. ' +
      'Without: old trash whose work is merged; worktrees, records, branches and rescue refs that no session has any more; processes of ' +
      'sessions that are not at work. Work that is nowhere else is removed ' +
      'only where it is named.',
    examples: [
      ['baton isolated clean', 'only show'],
      ['baton isolated clean --yes --older-than 3', 'remove what is older than three days'],
      ['baton isolated clean BE-04 --yes', 'put a session away; "restore" brings it back'],
    ],
  });
  addYesOption(verb)
    .argument('[id]', 'the work item or the session')
    .option('--older-than <days>', 'trash that is younger stays; 14 unless told', amount)
    .option('--at-most <mb>', 'the oldest go until the trash takes no more megabytes than that', amount)
    .option('--for-ever', 'remove the named one that is in the trash, with its branch')
    .action((id: string | undefined, flags: CleanFlags, command: Command) =>
      cli.run(command, async ({ context, root }) => {
        const clean = await import('../../../core/actions/isolated/clean.ts');
        const isolatedContext = await openIsolated(context, root);
        const isMeant = flags.yes === true;
        if (id !== undefined) return await cleanOne(isolatedContext, id, flags);
        const leftovers = await clean.findLeftovers(isolatedContext, {
          ...(flags.olderThan !== undefined && { olderThanDays: flags.olderThan }),
          ...(flags.atMost !== undefined && { mostBytes: flags.atMost * 1024 * 1024 }),
        });
        const warnings = isMeant ? await clean.removeLeftovers(isolatedContext, leftovers) : [];
        return {
          data: { ...leftovers, removed: isMeant },
          warnings,
          print: (out) => printLeftovers(out, leftovers, isMeant),
        };
      }),
    );
}

/** Puts one session away, or removes for ever what was. */
async function cleanOne(context: IsolatedContext, id: string, flags: CleanFlags): Promise<VerbResult> {
  const clean = await import('../../../core/actions/isolated/clean.ts');
  const { requireIsolated } = await import('../../../core/actions/isolated/records.ts');
  const session = await requireIsolated(context, id).catch((error: unknown) => {
    if (BatonError.is(error, 'unknown-isolated') && error.data?.['ids'] === undefined) return undefined;
    throw error;
  });
  if (session === undefined) return await cleanTrashed(context, id, flags);
  const isMeant = flags.yes === true;
  const sheet = await clean.inspectIsolated(context, session);
  if (isMeant) await clean.removeIsolated(context, { id: session.id });
  return {
    data: { session: toIsolatedView(session), sheet: sheet ?? null, removed: isMeant },
    print: (out) => {
      printSheet(out, sheet);
      out.wrapped(
        isMeant
          ? `Put away. "baton isolated restore ${session.item.id}" brings it back.`
          : 'Nothing was changed. --yes puts it away.',
      );
    },
  };
}

/** The trash may have the last copy of somebody's work: it goes only where that is asked for, and confirmed. */
async function cleanTrashed(context: IsolatedContext, id: string, flags: CleanFlags): Promise<VerbResult> {
  const { inspectTrashed, purgeTrashed } = await import('../../../core/actions/isolated/clean.ts');
  const { trashed, sheet } = await inspectTrashed(context, id);
  const isMeant = flags.forEver === true && (flags.yes === true || (await confirmForEver(context, trashed.id, sheet)));
  if (isMeant) await purgeTrashed(context, trashed.id);
  return {
    data: { session: null, trashed, sheet: sheet ?? null, removed: isMeant },
    print: (out) => {
      printSheet(out, sheet);
      if (isMeant) out.line('Removed for ever.');
      else out.wrapped('It is in the trash, and nothing was changed. --for-ever --yes removes it, with its branch.');
    },
  };
}

async function confirmForEver(
  { ports }: IsolatedContext,
  id: string,
  sheet: WorktreeSheet | undefined,
): Promise<boolean> {
  const isLast = sheet === undefined || !sheet.merged || sheet.modified.length + sheet.untracked.length > 0;
  const answer = await ports.prompt.confirm({
    question: `Remove ${id} for ever?`,
    detail: [isLast ? 'It holds work that is nowhere else.' : 'Its work is merged.'],
    yes: 'Remove for Ever',
  });
  return answer === true;
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

function printLeftovers(out: Output, leftovers: Leftovers, isMeant: boolean): void {
  const { trash, kept, orphans, keys, refs, processes, foreign } = leftovers;
  const merged = refs.filter((ref) => ref.merged);
  const done = isMeant ? 'removed' : 'would be removed';
  if (trash.length + orphans.length + keys.length + merged.length + processes.length === 0)
    out.line('Nothing is left over.');
  const sized = ({ id, bytes }: SizedTrash) =>
    `${plainText(id)} (${bytes === undefined ? 'large' : inKilobytes(bytes)})`;
  for (const one of trash) out.wrapped(`${sized(one)}, in the trash, its work is merged`, { label: `${done}: ` });
  for (const { path } of orphans) out.wrapped(`${plainText(path)}, into the trash`, { label: `${done}: ` });
  for (const { kind, ref } of merged) {
    const what = kind === 'branch' ? 'a merged branch without a worktree' : 'kept a worktree that is gone';
    out.wrapped(`${plainText(ref)}, ${what}`, { label: `${done}: ` });
  }
  for (const { pid, command } of processes) {
    const label = `${isMeant ? 'ended' : 'would be ended'}: `;
    out.wrapped(`${pid} ${plainText(command)}, its session is not at work`, { label });
  }
  if (keys.length > 0) out.line(`${done}: ${countOf(keys.length, 'record')} of sessions that are gone`);
  for (const one of kept) out.wrapped(`${sized(one)} holds work that is nowhere else`, { label: 'stays: ' });
  for (const { ref, merged: isMerged } of refs) {
    if (!isMerged) out.wrapped(`${plainText(ref)} holds work that is nowhere else`, { label: 'stays: ' });
  }
  const [first] = kept;
  if (first !== undefined) printNextStep(out, `baton isolated clean ${first.id}`, 'what is in it');
  for (const { path } of foreign) out.wrapped(plainText(path), { label: 'not Baton’s: ' });
}

function amount(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0) return value;
  throw new InvalidArgumentError('It must be a number, 0 or more.');
}
