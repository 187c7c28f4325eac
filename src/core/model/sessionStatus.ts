/**
 * The states that a progress row can say. `blocked` is what a person wrote (`❌ Blocked`); that a pending session waits for its
 * dependencies is derived and never written.
 */
export const sessionStatuses = ['pending', 'active', 'paused', 'blocked', 'done', 'failed', 'retry'] as const;

/** One of the states of a session. */
export type SessionStatus = (typeof sessionStatuses)[number];

/** The states that a person may write into a row: the others have a SESSION.md behind them, and verbs that make it. */
export const settableStatuses = [
  'pending',
  'blocked',
  'done',
  'failed',
  'retry',
] as const satisfies readonly SessionStatus[];

/** What a status cell says. */
export interface StatusReading {
  /** The cell as it stands, without the white space around it. */
  readonly raw: string;
  /** The state that it means; undefined where no known icon or word is in it. */
  readonly status: SessionStatus | undefined;
  /** True where icon and word name different states; the word was taken. */
  readonly disagrees: boolean;
}

interface IconMeaning {
  readonly status: SessionStatus;
  /** Other states for which people use the same icon, so that a word for one of them is no contradiction. */
  readonly also?: readonly SessionStatus[];
}

/** What the icons of formats.md §2.4 and of hand-made files mean. Traffic lights and warning signs mean nothing by themselves. */
const icons: ReadonlyMap<string, IconMeaning> = new Map<string, IconMeaning>([
  ['⬜', { status: 'pending' }],
  ['◻', { status: 'pending' }],
  ['☐', { status: 'pending' }],
  ['🔲', { status: 'pending' }],
  ['⚪', { status: 'pending' }],
  ['📋', { status: 'pending' }],
  ['⏳', { status: 'pending', also: ['active', 'paused'] }],
  ['⌛', { status: 'pending', also: ['active', 'paused'] }],
  ['🔄', { status: 'active', also: ['retry'] }],
  ['🚧', { status: 'active' }],
  ['▶', { status: 'active' }],
  ['🏃', { status: 'active' }],
  ['⏸', { status: 'paused', also: ['pending'] }],
  ['✅', { status: 'done' }],
  ['☑', { status: 'done' }],
  ['✔', { status: 'done' }],
  ['✓', { status: 'done' }],
  ['🎉', { status: 'done' }],
  ['🏁', { status: 'done' }],
  ['❌', { status: 'failed' }],
  ['✗', { status: 'failed' }],
  ['✘', { status: 'failed' }],
  ['💥', { status: 'failed' }],
  ['🔁', { status: 'retry', also: ['active'] }],
  ['⛔', { status: 'blocked' }],
  ['🚫', { status: 'blocked' }],
  ['🛑', { status: 'blocked' }],
]);

const wordLists: Readonly<Record<SessionStatus, readonly string[]>> = {
  pending: [
    'pending',
    'not started',
    'not yet started',
    'not begun',
    'unstarted',
    'todo',
    'to do',
    'ready',
    'planned',
    'waiting',
    'queued',
    'open',
    'scheduled',
    'backlog',
    'proposed',
    'new',
    'upcoming',
    'next',
  ],
  active: [
    'active',
    'in progress',
    'inprogress',
    'running',
    'wip',
    'work in progress',
    'ongoing',
    'started',
    'working',
    'doing',
    'in session',
    'in review',
    'in development',
    'in dev',
    'underway',
    'under way',
    'current',
  ],
  paused: ['paused', 'pause', 'on hold', 'hold', 'suspended', 'deferred', 'postponed', 'parked'],
  blocked: ['blocked', 'stuck'],
  done: [
    'done',
    'complete',
    'completed',
    'shipped',
    'merged',
    'closed',
    'archived',
    'fixed',
    'finished',
    'delivered',
    'released',
    'resolved',
  ],
  failed: ['failed', 'failure', 'error', 'errored', 'broken', 'aborted'],
  retry: ['retry', 'redo', 'rolled back', 'reverted', 'reopened', 'needs retry', 'rework'],
};

const words: ReadonlyMap<string, SessionStatus> = new Map(
  sessionStatuses.flatMap((status) => wordLists[status].map((word): [string, SessionStatus] => [word, status])),
);

const longestWord = Math.max(...[...words.keys()].map((word) => word.split(' ').length));

const iconPattern = new RegExp(`(?:${[...icons.keys()].join('|')})\\uFE0F?`, 'gu');

const written: Readonly<Record<SessionStatus, string>> = {
  pending: '⬜ Pending',
  active: '🔄 Active',
  paused: '⏸️ Paused',
  // Not the ❌ of the reference: with it the icon would contradict the word.
  blocked: '⛔ Blocked',
  done: '✅ Done',
  failed: '❌ Failed',
  retry: '🔁 Retry',
};

/** What a status cell says when Baton writes it. */
export function writeStatus(status: SessionStatus): string {
  return written[status];
}

/**
 * Reads a status cell: an icon, a word (any case, formatted or linked, with more text behind it) or both. The word wins. A blank cell or a
 * dash is pending.
 *
 * Nothing is guessed where the cell leaves it open: a part of the work (`3/5 done`, `60%`), a choice (`Ready / Closed`), a question
 * (`Done?`), contradicting icons or a word that is not known behind a mere signal colour (`🟡 Bugs Open`) have no status. `5/5 done` is done.
 * A clear icon counts also before unknown words.
 */
export function readStatus(cell: string): StatusReading {
  const raw = cell.trim();
  if (/^(?:[-\u2010-\u2015\u2212]*|&nbsp;)$/.test(raw)) return { raw, status: 'pending', disagrees: false };
  const text = removeMarks(raw);
  const meaning = meaningOfIcons(text);
  const word = meaningOfWords(text.replace(iconPattern, ' '));
  if (word === 'open') return { raw, status: undefined, disagrees: false };
  if (word === undefined) return { raw, status: meaning?.status, disagrees: false };
  const disagrees = meaning !== undefined && meaning.status !== word && meaning.also?.includes(word) !== true;
  return { raw, status: word, disagrees };
}

/** The cell's text with its icon made to agree with `status`; the words and what stands behind them stay. */
export function withIconOf(cell: string, status: SessionStatus): string {
  let replaced = false;
  return cell.replace(iconPattern, (icon) => {
    if (replaced) return icon;
    replaced = true;
    return written[status].split(' ', 1)[0] ?? icon;
  });
}

/** Removes formatting; what is struck out goes wholly where something else is there. */
function removeMarks(raw: string): string {
  const unlinked = raw.replace(/!?\[([^[\]]*)\](?:\([^()]*\)|\[[^[\]]*\])/g, '$1').replace(/<[^<>]*>/g, ' ');
  const kept = unlinked.replace(/~~[^~]*~~/g, ' ');
  return (/[\p{L}\p{N}\p{So}]/u.test(kept) ? kept : unlinked).replace(/[*`~\\]/g, '').replace(/_/g, ' ');
}

/** The one meaning of all known icons; undefined where there is none, or where they contradict each other. */
function meaningOfIcons(text: string): IconMeaning | undefined {
  const found = (text.match(iconPattern) ?? []).map((icon) => icons.get(icon.replace('\uFE0F', '')));
  const first = found[0];
  return found.every((meaning) => meaning?.status === first?.status) ? first : undefined;
}

/** The state that the words begin with; `open` where they leave it open; undefined where no known word is at their beginning. */
function meaningOfWords(text: string): SessionStatus | 'open' | undefined {
  const plain = text
    .toLowerCase()
    .replace(/[\p{So}\p{Sk}]|\uFE0F|\u200D/gu, ' ')
    .trim();
  const fraction = /^\(?(\d+)\s*(?:\/|of)\s*(\d+)\)?\s*/.exec(plain);
  if (fraction !== null) {
    if (fraction[1] !== fraction[2]) return 'open';
    return wordAt(plain.slice(fraction[0].length)) ?? 'open';
  }
  if (/^~?\d+(?:[.,]\d+)?\s*%/.test(plain))
    return /^100\s*%/.test(plain) ? (wordAt(plain.slice(4).trim()) ?? 'done') : 'open';
  const parts = plain.split(/\s+or\s+|\s*\/\s*/);
  const meanings = parts.map(wordAt);
  const [first, ...others] = meanings;
  if (first === undefined)
    return /^(?:not|partly|partial|partially|almost|nearly|half)\b/.test(plain) ? 'open' : undefined;
  return others.some((other) => other !== undefined && other !== first) ? 'open' : first;
}

function wordAt(text: string): SessionStatus | undefined {
  const tokens = text.replace(/^[^\p{L}\p{N}]+/u, '').match(/\p{L}+|[^\p{L}\s-]+/gu) ?? [];
  for (let length = Math.min(longestWord, tokens.length); length > 0; length--) {
    const status = words.get(tokens.slice(0, length).join(' '));
    if (status !== undefined) return tokens[length]?.startsWith('?') === true ? undefined : status;
  }
  return undefined;
}
