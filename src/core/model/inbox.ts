/** What waits for a person. Issue by issue more kinds come; each is one record `inbox/<id>.json` among the local records. */
export interface InboxItem {
  readonly id: string;
  readonly question: string;
  /** Answers that are proposed; any other text is an answer too. */
  readonly options: readonly string[];
  /** What the person needs to know to answer. */
  readonly context?: string;
  /** The asker cannot go on without the answer. */
  readonly blocking: boolean;
  /** ISO 8601 with zone. */
  readonly askedAt: string;
  /** The session that was active when it was asked. */
  readonly session?: string;
  readonly answer?: string;
  /** ISO 8601 with zone. */
  readonly answeredAt?: string;
}

/** Takes an unknown value, a record from disk, for an inbox item where it has one's shape. */
export function readInboxItem(value: unknown): InboxItem | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const candidate = value as Partial<InboxItem>;
  const isItem =
    typeof candidate.id === 'string' &&
    typeof candidate.question === 'string' &&
    Array.isArray(candidate.options) &&
    candidate.options.every((option) => typeof option === 'string') &&
    typeof candidate.blocking === 'boolean' &&
    typeof candidate.askedAt === 'string' &&
    (candidate.answer === undefined || typeof candidate.answer === 'string');
  return isItem ? (candidate as InboxItem) : undefined;
}
