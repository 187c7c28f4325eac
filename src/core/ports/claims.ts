/** Names something that can be claimed. */
export interface ClaimKey {
  /** ID of a task, or of a session of a plan. */
  readonly item: string;
  /** ID of the task's list. */
  readonly list?: string;
}

/** A claim as it is kept. */
export interface Claim extends ClaimKey {
  /** Who works on it. */
  readonly owner: string;
  /** True where the owner named itself; only then the same name means the same worker. */
  readonly isNamed: boolean;
  /** Milliseconds since the epoch. */
  readonly claimedAtMs: number;
  readonly expiresAtMs: number;
  readonly isExpired: boolean;
}

export interface ClaimRequest extends ClaimKey {
  readonly owner: string;
  readonly isNamed: boolean;
  readonly ttlMs: number;
  /** Takes over a claim that is expired; one that is not is never taken. */
  readonly takeover?: boolean;
}

/** Either the claim (with the one that it replaced), or who holds it. */
export type ClaimAttempt = { readonly claim: Claim; readonly replaced?: Claim } | { readonly heldBy: Claim };

/** Takes tasks and sessions for one worker each: shared by all worktrees of the clone, exclusive among all processes. */
export interface Claims {
  /** Claims it. The owner's own claim is renewed; an expired one of somebody else stays unless `takeover` is asked for. */
  claim(request: ClaimRequest): Promise<ClaimAttempt>;
  /** The claim that is there, expired or not. */
  read(key: ClaimKey): Promise<Claim | undefined>;
  /** Gives a claim back that `read` gave; false where somebody else took it meanwhile. */
  release(claim: Claim): Promise<boolean>;
  /** All claims, expired ones too. */
  list(): Promise<readonly Claim[]>;
}
