import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, InvalidArgumentError } from 'commander';
import type { ActionContext } from '../../core/actions/context.ts';
import type { LockRelease } from '../../core/actions/waves/sessionLock.ts';
import { BatonError } from '../../core/errors.ts';
import { sessionLockPath } from '../../core/formats/waves/sessionLock.ts';
import type { LockAttempt, Peer, SessionLock } from '../../core/model/waves/sessionLock.ts';
import type { Cli } from '../cli.ts';
import { declareVerb } from '../declareVerb.ts';
import type { Output } from '../output.ts';
import { throwIfCancelled } from '../project.ts';
import { printNextStep } from '../sessionTable.ts';
import { plainText } from '../text.ts';

const pollMs = 1_000;

/** `baton lock …` */
export function declareLock(program: Command, cli: Cli): void {
  const lock = program
    .command('lock')
    .summary('The lock of this working tree’s wave run, and who else is at work')
    .description(
      'The lock of this working tree’s wave run, and who else is at work.\n\n' +
        'A session lives as long as its heartbeat is young enough; its process says nothing. Only the ID of the session proves whose lock it is.',
    );
  declareStatus(lock, cli);
  declareAcquire(lock, cli);
  declareRelease(lock, cli);
}

function declareStatus(lock: Command, cli: Cli): void {
  declareVerb(lock, {
    name: 'status',
    summary: 'Show who has the lock, and the sessions of the clone’s other trees',
    details:
      '--json: lock (or null), live, peers[{source, sessionId, label, mode, worktree, here, ageHours, currentWave, abandoned}].',
    examples: [['baton lock status', '']],
  }).action((_options: object, command: Command) =>
    cli.run(command, async ({ context }) => {
      const { readLockStatus } = await import('../../core/actions/waves/sessionLock.ts');
      const { lock: current, isLive, peers } = await readLockStatus(context);
      const others = peers.filter((peer) => peer.sessionId !== current?.session_id);
      return {
        data: { lock: current ?? null, live: isLive, peers: others.map(toPeerView) },
        print: (out) => {
          if (current === undefined) out.line('Nobody has the lock.');
          else out.line(describeLock(current, isLive));
          printPeers(out, others);
          if (current !== undefined && !isLive) printNextStep(out, 'baton lock release --stale');
        },
      };
    }),
  );
}

interface AcquireFlags {
  readonly session?: string;
  readonly label?: string;
  readonly mode: string;
  readonly ttl?: number;
  readonly takeOver?: boolean;
  readonly goOn?: boolean;
  readonly wait?: boolean;
}

function declareAcquire(lock: Command, cli: Cli): void {
  declareVerb(lock, {
    name: 'acquire',
    summary: 'Take the lock, or say who is in the way and what can be done',
    details:
      'The same --session again refreshes its heartbeat, which a session does at least every few hours.\n\n' +
      '--json: outcome, lock, peers[], decision {outcome, options[]}. Where it was not taken, the code is session-conflict and all of that is in ' +
      'error.data.',
    examples: [
      ['baton lock acquire --mode deep', 'prints the ID that gives it back'],
      ['baton lock acquire --mode housekeeping --wait', 'until those in the way have ended'],
    ],
  })
    .option('--session <id>', 'ID that proves ownership; a new one unless told')
    .option('--label <label>', 'label of the session; BRANCH-DATE-MODE-N unless told')
    .option('--mode <mode>', 'feature, deep, housekeeping, …', 'feature')
    .option('--ttl <hours>', 'hours without heartbeat after which it counts no more', hours)
    .option('--take-over', 'replace the lock of a session that gives no sign of life')
    .option('--go-on', 'go on beside the others')
    .option('--wait', 'wait until nobody is in the way')
    .action((flags: AcquireFlags, command: Command) =>
      cli.run(command, async ({ context, err }) => {
        const [{ acquireSessionLock }, { nextSessionLabel }] = await Promise.all([
          import('../../core/actions/waves/sessionLock.ts'),
          import('../../core/actions/waves/sessionLabel.ts'),
        ]);
        const sessionId = flags.session ?? (await context.ports.orchestrator()).newId();
        const label = flags.label ?? (await nextSessionLabel(context, flags.mode));
        const acquire = () =>
          acquireSessionLock(context, {
            sessionId,
            label,
            mode: flags.mode,
            ...(flags.ttl !== undefined && { ttlHours: flags.ttl }),
            isByHand: true,
            takeOver: flags.takeOver === true,
            despitePeers: flags.goOn === true,
          });
        const attempt =
          flags.wait === true ? await waitForLock(context, acquire, (text) => err.line(text)) : await acquire();
        if (!isTaken(attempt)) throw refusal(attempt);
        return {
          data: { ...toAttemptView(attempt), session: sessionId, label },
          print: (out) => {
            out.line(`The lock is held by ${plainText(sessionId)} (${plainText(label)}).`);
            printNextStep(out, `baton lock release --session ${sessionId}`);
          },
        };
      }),
    );
}

interface ReleaseFlags {
  readonly session?: string;
  readonly stale?: boolean;
}

function declareRelease(lock: Command, cli: Cli): void {
  declareVerb(lock, {
    name: 'release',
    summary: 'Give the lock back',
    details:
      'Without --session: the one that was taken here with "acquire". A wave run gives its own back at its end.\n\n--json: released, reason.',
    examples: [
      ['baton lock release', 'what "acquire" took here'],
      ['baton lock release --session ID', 'as the session that has it'],
      ['baton lock release --stale', 'remove one that gives no sign of life'],
    ],
  })
    .option('--session <id>', 'ID of the session whose lock it is')
    .option('--stale', 'remove a lock without sign of life, whoever’s')
    .action(({ session, stale }: ReleaseFlags, command: Command) =>
      cli.run(command, async ({ context }) => {
        const { findHandTaken, releaseSessionLock, removeStaleLock } = await import(
          '../../core/actions/waves/sessionLock.ts'
        );
        if (stale === true) {
          const released = await removeStaleLock(context);
          return { data: { released }, print: (out) => out.line(released ? 'Removed.' : 'There is none to remove.') };
        }
        const owner = session ?? (await findHandTaken(context));
        const { released, reason } =
          owner === undefined ? await assertNoLock(context) : await releaseSessionLock(context, owner);
        if (!released && reason !== 'no-lock') {
          throw new BatonError('locked', 'The lock is another session’s, and stays.', {
            hint: '"baton lock status" tells whose it is.',
            data: { released, reason },
          });
        }
        return {
          data: { released, reason: reason ?? null },
          print: (out) => out.line(released ? 'Given back.' : 'Nobody had the lock.'),
        };
      }),
    );
}

/** Nobody said whose lock it is. */
async function assertNoLock({ ports }: ActionContext): Promise<LockRelease> {
  const files = await ports.orchestrator();
  if ((await files.readText(sessionLockPath)) === undefined) return { released: false, reason: 'no-lock' };
  throw new BatonError('locked', 'The lock was not taken by hand here: only the ID of its session gives it back.', {
    hint: 'Pass --session ID; or --stale for one without sign of life.',
  });
}

async function waitForLock(
  { cancellation }: Pick<ActionContext, 'cancellation'>,
  acquire: () => Promise<LockAttempt>,
  say: (text: string) => void,
): Promise<LockAttempt> {
  let told = '';
  for (;;) {
    const attempt = await acquire();
    const mayPass = attempt.outcome.startsWith('active');
    if (!mayPass) return attempt;
    const waitsFor = describeInTheWay(attempt);
    if (waitsFor !== told) say(`Waiting for ${waitsFor}.`);
    told = waitsFor;
    throwIfCancelled(cancellation);
    await sleep(pollMs);
    throwIfCancelled(cancellation);
  }
}

function isTaken({ outcome }: LockAttempt): boolean {
  return outcome === 'acquired' || outcome === 'renewed' || outcome === 'taken-over';
}

function refusal(attempt: LockAttempt): BatonError {
  const data = toAttemptView(attempt);
  switch (attempt.outcome) {
    case 'stale-pid-dead':
    case 'stale-pid-alive':
      return new BatonError(
        'session-conflict',
        `The lock is of ${describeInTheWay(attempt)}, which gives no sign of life.`,
        {
          hint: '--take-over replaces it.',
          data,
        },
      );
    case 'fs-error':
      return new BatonError('io-failed', `The lock cannot be written: ${attempt.error ?? ''}`, { data });
    case 'active-readonly-bypass':
      return new BatonError(
        'session-conflict',
        'A session that only reads needs no lock beside others, and got none.',
        { data },
      );
    default:
      return new BatonError('session-conflict', `In the way: ${describeInTheWay(attempt)}.`, {
        hint: hintFor(attempt),
        data,
      });
  }
}

function hintFor({ decision: { options } }: LockAttempt): string {
  const ways = options.flatMap((option) => {
    if (option === 'wait') return ['wait for it (--wait)'];
    if (option === 'worktree') return ['work in a worktree of its own ("git worktree add")'];
    return option === 'go-on' ? ['go on beside it (--go-on)'] : ['stop here'];
  });
  return ways.length === 0 ? 'Wait for it (--wait), or stop here.' : `You can ${ways.join(', or ')}.`;
}

function describeInTheWay({ decision, lock }: LockAttempt): string {
  const peers = decision.peers.map((peer) => `${peer.label ?? peer.sessionId} (${peer.mode ?? 'unknown mode'})`);
  if (peers.length > 0) return plainText(peers.join(', '));
  return lock === undefined ? 'a lock that cannot be read' : plainText(lock.semantic_session_id ?? lock.session_id);
}

function toAttemptView({ outcome, lock, peers, decision }: LockAttempt) {
  const { outcome: verdict, modeClass, options, unknownModes } = decision;
  return {
    outcome,
    lock: lock ?? null,
    peers: peers.map(toPeerView),
    decision: {
      outcome: verdict,
      modeClass,
      options,
      unknownModes,
      peers: decision.peers.map((peer) => peer.sessionId),
    },
  };
}

function toPeerView(peer: Peer) {
  return {
    source: peer.source,
    sessionId: peer.sessionId,
    label: peer.label ?? null,
    mode: peer.mode ?? null,
    worktree: peer.worktreePath,
    here: peer.isHere,
    ageHours: peer.ageHours === undefined ? null : Number(peer.ageHours.toFixed(2)),
    currentWave: peer.currentWave ?? null,
    abandoned: peer.isAbandoned === true,
    file: peer.file ?? null,
  };
}

function describeLock(lock: SessionLock, isLive: boolean): string {
  const name = plainText(lock.semantic_session_id ?? lock.session_id);
  const since = plainText(lock.last_heartbeat.slice(0, 16).replace('T', ' '));
  return `${name} (${plainText(lock.mode)}) has the lock${isLive ? '' : ', but gives no sign of life'}; last heartbeat ${since} UTC.`;
}

function printPeers(out: Output, peers: readonly Peer[]): void {
  for (const peer of peers) {
    const age = peer.ageHours === undefined ? '' : `, ${peer.ageHours.toFixed(1)} h old`;
    const where = peer.file ?? (peer.isHere ? 'this tree' : peer.worktreePath);
    const state = peer.isAbandoned === true ? ', abandoned' : peer.isSuperseded === true ? ', probably ended' : '';
    const text = `${peer.label ?? peer.sessionId} (${peer.mode ?? 'unknown mode'}${age}${state}), ${where}`;
    out.wrapped(plainText(text), { label: 'Beside: ' });
  }
}

function hours(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0 && value <= 168) return value;
  throw new InvalidArgumentError('It must be a number of hours, at most 168.');
}
