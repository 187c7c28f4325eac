import type { ConflictOption, ExclusivityDecision, ModeClass, Peer } from '../../model/waves/sessionLock.ts';

/** The exclusivity matrix (formats.md §1.6). */
const matrix: Readonly<Record<string, ModeClass>> = {
  bootstrap: 'exclusive',
  housekeeping: 'exclusive',
  'memory-cleanup': 'exclusive',
  deep: 'parallel-ok',
  feature: 'parallel-ok',
  discovery: 'always-ok',
  evolve: 'always-ok',
  plan: 'always-ok',
  'repo-audit': 'always-ok',
  portfolio: 'always-ok',
};

/** The class of a mode; undefined for one that nobody knows, `session` for instance, which all real locks have. */
export function classOfMode(mode: string | undefined): ModeClass | undefined {
  return mode === undefined || !Object.hasOwn(matrix, mode.trim()) ? undefined : matrix[mode.trim()];
}

/**
 * Says whether a session of that mode may begin beside those peers. An exclusive one anywhere in the clone blocks; one that may run in
 * parallel is only in the way of another in the same tree, because a tree of its own is the way out that is offered.
 */
export function decideExclusivity(mode: string, peers: readonly Peer[]): ExclusivityDecision {
  const modeClass = classOfMode(mode) ?? 'parallel-ok';
  const counted = peers.filter((peer) => peer.isAbandoned !== true && peer.isSuperseded !== true);
  const modes = [mode, ...counted.flatMap((peer) => peer.mode ?? [])];
  const unknownModes = [...new Set(modes.filter((one) => classOfMode(one) === undefined))];
  const decide = (
    outcome: ExclusivityDecision['outcome'],
    inTheWay: readonly Peer[],
    options: readonly ConflictOption[],
  ): ExclusivityDecision => ({ outcome, modeClass, peers: inTheWay, options, unknownModes });

  if (modeClass === 'always-ok') return decide('PASS_THROUGH', [], []);
  const classOf = (peer: Peer): ModeClass => classOfMode(peer.mode) ?? 'parallel-ok';
  // What only a STATE.md says may be left over; it asks, and never forbids.
  const exclusive = counted.filter((peer) => peer.source === 'discovered' && classOf(peer) === 'exclusive');
  if (exclusive.length > 0) return decide('EXCLUSIVE_BLOCKED', exclusive, ['wait', 'stop']);
  const others = counted.filter((peer) => classOf(peer) !== 'always-ok');
  if (modeClass === 'exclusive') {
    return others.length === 0
      ? decide('PASS_THROUGH', [], [])
      : decide('EXCLUSIVE_CHOICE', others, ['wait', 'go-on', 'stop']);
  }
  const here = others.filter((peer) => peer.isHere);
  return here.length === 0
    ? decide('PASS_THROUGH', [], [])
    : decide('PROMOTION_OFFER', here, ['worktree', 'wait', 'go-on', 'stop']);
}
