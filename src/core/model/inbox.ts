/** What waits for a person. Issue by issue more kinds come; each is one record `inbox/<id>.json` among the local records. */
export interface InboxItem {
  readonly id: string;
  /** `approval`: commands wait for a person to read and approve them; it is settled when they are approved, not by an answer. */
  readonly kind: 'question' | 'approval';
  readonly question: string;
  /** Answers that are proposed; any other text is an answer too. */
  readonly options: readonly string[];
  /** What the person needs to know to answer. */
  readonly context?: string;
  /** For `approval`: the exact commands. */
  readonly commands?: readonly string[];
  /** The asker cannot go on without the answer. */
  readonly blocking: boolean;
  /** ISO 8601 with zone. */
  readonly askedAt: string;
  /** The session that was active when it was asked. */
  readonly session?: string;
  /** The isolated session that asked. */
  readonly isolated?: string;
  /** The wave run that asked: `askedAs` is what it is about. */
  readonly wave?: string;
  /** The agent of that run that asked, by its key; undefined where the coordinator itself asks. */
  readonly waveAgent?: string;
  /** The one of `options` that is recommended. */
  readonly recommended?: string;
  /** Its own name for the question, where it gave one. */
  readonly askedAs?: string;
  readonly answer?: string;
  /** ISO 8601 with zone. */
  readonly answeredAt?: string;
  /** Since when whoever asked goes on without an answer; the question is open still. ISO 8601 with zone. */
  readonly noAnswerAt?: string;
}

/** Takes an unknown value, a record from disk, for an inbox item where it has one's shape. */
export function readInboxItem(value: unknown): InboxItem | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const candidate = value as Partial<InboxItem>;
  const isItem =
    typeof candidate.id === 'string' &&
    (candidate.kind === 'question' || candidate.kind === 'approval') &&
    isTexts(candidate.commands ?? []) &&
    typeof candidate.question === 'string' &&
    isTexts(candidate.options) &&
    typeof candidate.blocking === 'boolean' &&
    typeof candidate.askedAt === 'string' &&
    (candidate.answer === undefined || typeof candidate.answer === 'string');
  return isItem ? (candidate as InboxItem) : undefined;
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((text) => typeof text === 'string');
}
