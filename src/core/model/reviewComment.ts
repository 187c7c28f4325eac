/** What a person says about a line of an isolated session's changes. */
export interface ReviewComment {
  /** Unique in its session. */
  readonly id: string;
  /** Relative to the worktree. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** The line as it was, so that it is found again when it has moved. */
  readonly lineText: string;
  readonly text: string;
  /** ISO 8601 with zone. */
  readonly at: string;
  /** Since when it waits for the next turn of a session that is at work. ISO 8601 with zone. */
  readonly queuedAt?: string;
  /** When the session was told. ISO 8601 with zone. */
  readonly sentAt?: string;
}

/** Whether its session is told with its next turn. */
export function isQueued({ queuedAt, sentAt }: ReviewComment): boolean {
  return queuedAt !== undefined && sentAt === undefined;
}

/** Takes an unknown value for comments, leaving out what has not their shape. */
export function readReviewComments(value: unknown): readonly ReviewComment[] {
  if (typeof value !== 'object' || value === null || !('comments' in value)) return [];
  const { comments } = value;
  return Array.isArray(comments) ? comments.filter(isReviewComment) : [];
}

function isReviewComment(value: unknown): value is ReviewComment {
  if (typeof value !== 'object' || value === null) return false;
  const one = value as Partial<ReviewComment>;
  return (
    typeof one.id === 'string' &&
    typeof one.path === 'string' &&
    Number.isInteger(one.line) &&
    typeof one.lineText === 'string' &&
    typeof one.text === 'string' &&
    typeof one.at === 'string'
  );
}
