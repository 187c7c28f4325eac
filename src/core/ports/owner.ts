/** Identifies a process beyond its PID, which is used again. */
export interface Owner {
  readonly pid: number;
  /** When the process started, in the system's own unit; text, only compared. */
  readonly startTime: string;
  /** Names the boot, so that a PID from before a restart is not mistaken for a living one. */
  readonly bootId: string;
  readonly host: string;
}

/** Says who this process is, and whether another one still lives. */
export interface Owners {
  readonly self: Owner;
  /** `unknown` for a process of another host: it must not be taken for dead. */
  stateOf(owner: Owner): Promise<'alive' | 'dead' | 'unknown'>;
}
