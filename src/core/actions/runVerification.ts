import { fileTimeOf, isoTimeOf } from '../base/localTime.ts';
import { phrase } from '../base/phrase.ts';
import { runEffects } from '../effects/runner.ts';
import { BatonError } from '../errors.ts';
import type { VerificationCommand } from '../model/plan.ts';
import { countPassed, type Receipt, type ReceiptCommand, readReceipt, receiptState } from '../model/receipt.ts';
import type { Workspace } from '../model/workspace.ts';
import type { LocalState } from '../ports/localState.ts';
import type { OpenSession } from './activeSession.ts';
import { approveCommands } from './approveCommands.ts';
import type { ActionContext } from './context.ts';
import { findProvenItems } from './provenItems.ts';
import type { VerificationListener } from './verify.ts';
import { locateWork, workTree } from './workRepository.ts';

/** Names a session whose receipt is meant. */
export interface ReceiptOwner {
  readonly id: string;
  /** Undefined where no table and no plan has the session. */
  readonly project?: string | undefined;
}

/** Key of a session's receipt among the local records. */
export function receiptKey(localState: LocalState, { id, project }: ReceiptOwner): string {
  return `receipts/${localState.keyPart(id)}${project === undefined ? '' : `--${localState.keyPart(project)}`}`;
}

/** Reads the receipt of a session's last verification; one that an older Baton wrote, without a project, is any project's. */
export async function readSessionReceipt(localState: LocalState, owner: ReceiptOwner): Promise<Receipt | undefined> {
  for (const key of [receiptKey(localState, owner), receiptKey(localState, { id: owner.id })]) {
    const receipt = readReceipt(await localState.read(key));
    const isOwn = receipt?.project === undefined || receipt.project === owner.project;
    if (receipt?.session === owner.id && isOwn) return receipt;
  }
  return undefined;
}

/** The owner of an open session's receipt. */
export function receiptOwner({ id, entry }: Pick<OpenSession, 'id' | 'entry'>): ReceiptOwner {
  return { id, ...(entry !== undefined && { project: entry.project }) };
}

/**
 * Runs the commands of an open session one by one, all of them, also behind one that failed, so that a person sees everything at once.
 * A receipt that passed over the same tree and the same commands is used again, unless `again`.
 *
 * @throws BatonError `approval-required`, `cancelled` (nothing is recorded then)
 */
export async function runVerification(
  context: ActionContext,
  workspace: Workspace,
  session: OpenSession,
  options: VerificationListener & { readonly again?: boolean },
): Promise<{ receipt: Receipt; reused: boolean }> {
  const { localState, clock } = context.ports;
  const commands = session.file.commands.map(({ command }) => command);
  const place = await locateWork(context, session.folder);
  const tree = place ? await workTree(workspace, place) : '';
  const owner = receiptOwner(session);
  const last = await readSessionReceipt(localState, owner);
  if (!options.again && last && receiptState(last, tree, commands) === 'passed') return { receipt: last, reused: true };
  const folder = await commandFolder(context, session);
  await approveCommands(context, { commands, purpose: phrase`verifying ${session.id}`, folder });
  const head = place ? (await place.work.head()).hash : undefined;
  const startedAt = clock.now();
  const ran: ReceiptCommand[] = [];
  for (const [index, command] of session.file.commands.entries()) {
    ran.push(await runCommand(context, { session, workspace, command, index, folder }, options));
  }
  const receipt: Receipt = {
    session: session.id,
    ...(owner.project !== undefined && { project: owner.project }),
    tree,
    ...(head !== undefined && { head }),
    ...(session.file.startRef !== undefined && { startRef: session.file.startRef }),
    startedAt: isoTimeOf(startedAt),
    durationMs: clock.now().epochMs - startedAt.epochMs,
    ok: ran.every(({ exitCode }) => exitCode === 0),
    commands: ran,
  };
  await localState.write(receiptKey(localState, owner), receipt);
  return { receipt, reused: false };
}

/** The refusal to complete where commands failed; `data.failed` has each with its log. */
export function verificationError(localState: LocalState, receipt: Receipt): BatonError {
  const failed = receipt.commands.filter(({ exitCode }) => exitCode !== 0);
  const names = failed.map(({ command, exitCode, timedOut }) => {
    const end = timedOut
      ? phrase`time limit`
      : exitCode === undefined
        ? phrase`ended by a signal`
        : phrase`exit code ${exitCode}`;
    return `${command} (${end})`;
  });
  const { passed, total } = countPassed(receipt);
  return new BatonError(
    'verification-failed',
    phrase`${receipt.session} is not verified (${passed}/${total}): ${names.join('; ')}`,
    {
      hint: 'Mend it and complete again; the session is still active and nothing was committed.',
      data: {
        session: receipt.session,
        passed,
        total,
        failed: failed.map(({ command, exitCode, timedOut, tail, log }) => ({
          command,
          exitCode: exitCode ?? null,
          timedOut,
          tail,
          log: localState.locate(log),
        })),
      },
    },
  );
}

/** Ticks the items of SESSION.md that a receipt proves; returns their texts. */
export async function tickProven(
  context: ActionContext,
  session: OpenSession,
  receipt: Receipt,
): Promise<readonly string[]> {
  const texts = findProvenItems(session.file.checklist, receipt).map(({ text }) => text);
  if (texts.length === 0) return [];
  await runEffects(context, 'verify', session.id, [
    {
      kind: 'edit',
      path: session.file.path,
      edits: texts.map((text) => ({ kind: 'set-checked', text, checked: true })),
    },
  ]);
  await context.store.refresh();
  return texts;
}

/**
 * Runs some of an open session's commands, by their positions, one by one. That proves nothing about the session: no receipt is kept, no
 * item is ticked.
 *
 * @throws BatonError `approval-required`, `cancelled`
 */
export async function runSomeCommands(
  context: ActionContext,
  { workspace, session }: { readonly workspace: Workspace; readonly session: OpenSession },
  options: VerificationListener & { readonly only: readonly number[] },
): Promise<readonly ReceiptCommand[]> {
  const { commands } = session.file;
  const chosen = [...commands.entries()].filter(([index]) => options.only.includes(index));
  const folder = await commandFolder(context, session);
  // Who approved the whole list approved each of it.
  if (!(await context.ports.approvals.isApproved(commands.map(({ command }) => command)))) {
    const request = {
      commands: chosen.map(([, { command }]) => command),
      purpose: phrase`verifying ${session.id}`,
      folder,
    };
    await approveCommands(context, request);
  }
  const ran: ReceiptCommand[] = [];
  for (const [index, command] of chosen) {
    ran.push(await runCommand(context, { session, workspace, command, index, folder }, options));
  }
  return ran;
}

/** The plan's `working_directory` where it is there, else the folder of the session's repository. */
async function commandFolder(context: ActionContext, session: OpenSession): Promise<string> {
  const wanted = session.entry?.plan?.workingDirectory;
  if (wanted === undefined) return session.folder;
  const stat = await context.ports.files.stat(wanted).catch((error: unknown) => {
    if (BatonError.is(error, 'outside-project')) return undefined;
    throw error;
  });
  return stat?.kind === 'folder' ? wanted : session.folder;
}

interface CommandRun {
  readonly session: OpenSession;
  readonly workspace: Workspace;
  readonly command: VerificationCommand;
  readonly index: number;
  readonly folder: string;
}

async function runCommand(
  context: ActionContext,
  { session, workspace, command, index, folder }: CommandRun,
  listener: VerificationListener,
): Promise<ReceiptCommand> {
  const { clock, commands: runner, localState } = context.ports;
  const total = session.file.commands.length;
  assertNotCancelled(context, session.id);
  context.report(phrase`Verifying ${session.id}: ${command.label ?? command.command}`);
  listener.onCommandStart?.(command, index, total);
  const log = `logs/${localState.keyPart(session.id)}/${index + 1}-${fileTimeOf(clock.now())}.log`;
  const outcome = await runner.run({
    command: command.command,
    folder,
    logKey: log,
    timeoutMs: workspace.config.verificationTimeoutMinutes * 60_000,
    cancellation: context.cancellation,
    ...(listener.onOutput && { onOutput: (chunk: string) => listener.onOutput?.(chunk, index) }),
  });
  const result: ReceiptCommand = {
    command: command.command,
    ...(command.label !== undefined && { label: command.label }),
    ...(outcome.exitCode !== undefined && { exitCode: outcome.exitCode }),
    timedOut: outcome.timedOut,
    cancelled: outcome.cancelled,
    durationMs: outcome.durationMs,
    tail: outcome.tail,
    log,
  };
  listener.onCommandEnd?.(result, index, total);
  if (outcome.cancelled) throw cancelledError(session.id);
  return result;
}

function assertNotCancelled(context: ActionContext, id: string): void {
  if (context.cancellation.isCancelled) throw cancelledError(id);
}

function cancelledError(id: string): BatonError {
  return new BatonError('cancelled', phrase`The verification of ${id} was cancelled; nothing was recorded`, {
    data: { session: id },
  });
}
