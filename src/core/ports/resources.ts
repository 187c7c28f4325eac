import type { Cancellation } from '../base/cancellation.ts';

/**
 * Names the resources that whoever started a process holds for it, separated by spaces: `baton with` in it does not wait for those. The
 * engine sets it for an agent whose plan item uses resources.
 */
export const heldResourcesVariable = 'BATON_HELD_RESOURCES';

/** Who has a resource, as a waiting one is told. */
export interface ResourceHolder {
  readonly name: string;
  /** What it is held for, in its holder's words. */
  readonly holder: string;
  readonly pid: number;
  /** Milliseconds since the epoch. */
  readonly sinceMs: number;
}

/** A resource that is held. */
export interface HeldResource {
  /** Gives it back; again does nothing. */
  release(): Promise<void>;
}

/** Named resources (`build`, `db:test`, `port:3000`) that one at a time may use, among all processes and worktrees of the clone. */
export interface Resources {
  /**
   * Waits until the resource is free and holds it until it is released, or this process ends. `onWait` is told for whom it waits, at once
   * and whenever that changes.
   *
   * @throws BatonError `cancelled`, `invalid-argument` for a name that is none
   */
  acquire(
    name: string,
    options: {
      readonly holder: string;
      readonly onWait?: (current: ResourceHolder | undefined) => void;
      readonly cancellation: Cancellation;
    },
  ): Promise<HeldResource>;
  /** Those that are held now. */
  list(): Promise<readonly ResourceHolder[]>;
}
