/**
 * The states that a progress row can say. `blocked` is what a person wrote (`❌ Blocked`); that a pending session waits for its
 * dependencies is derived and never written.
 */
export const sessionStatuses = ['pending', 'active', 'paused', 'blocked', 'done', 'failed', 'retry'] as const;

/** One of the states of a session. */
export type SessionStatus = (typeof sessionStatuses)[number];

/** What a status cell says. */
export interface StatusReading {
  /** The cell as it stands, without the white space around it. */
  readonly raw: string;
  /** The state that it means; undefined where no known icon or word is in it. */
  readonly status: SessionStatus | undefined;
  /** True where icon and word name different states; the word was taken. */
  readonly disagrees: boolean;
}
