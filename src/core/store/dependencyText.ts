/** One dependency as a cell or a plan names it. */
export interface NamedDependency {
  readonly id: string;
  readonly reason?: string;
}

/** What people write for "none". */
const noneWords = /^(?:none|no|n\/a|na|nil|null|keine|tbd|[-–—]+|\[\s*\]|0)$/i;
/** `06-09`, `BE-01–BE-04`, `BE-01..04`, `S1 to S4`: a prefix, a number, a range mark, the same prefix or none, a number. */
const rangePattern = /^(.*?)(\d{1,9})\s*(?:-|–|—|\.{2,3}|…|\bto\b|\bthrough\b|\bthru\b|\bbis\b)\s*(.*?)(\d{1,9})$/iu;
/** Longer text is no range; the pattern would be slow on it. */
const longestRange = 100;
/** A range that spans more numbers than this is taken for a name; no table has so many rows between two of its sessions. */
const widestRange = 500;

/**
 * Reads the text of a `Dependencies` cell (formats.md §2.3): IDs divided by commas and the like, each perhaps with a reason in
 * parentheses, ranges such as `06-09`. `isKnown` tells which IDs the project has: it decides whether `BE-01-04` is an ID or a range,
 * and which words of a prose cell are sessions.
 */
export function readDependencies(text: string, isKnown: (id: string) => boolean): readonly NamedDependency[] {
  const found: NamedDependency[] = [];
  const whole = text.trim();
  if (isKnown(whole)) return [{ id: whole }];
  if (whole.length < 12 && noneWords.test(whole)) return found;
  for (const { name, reason } of splitOutsideParentheses(text)) {
    for (const id of idsOf(name, isKnown)) found.push(reason === undefined ? { id } : { id, reason });
  }
  return found;
}

/** How people note a dependency where their table has no column for it: `Waiting for 06-09`. */
const waitingNote = /^(?:waiting (?:for|on)|blocked by|depends on|requires|needs|after)\s+([^.;\n]{1,100})/i;

/** The sessions that a `Notes` cell says a session waits for; what it names besides them is prose. */
export function readWaitingNote(notes: string, isKnown: (id: string) => boolean): readonly NamedDependency[] {
  const names = waitingNote.exec(notes)?.[1];
  return names === undefined ? [] : readDependencies(names, isKnown).filter(({ id }) => isKnown(id));
}

/** The sessions that one name stands for: itself, the ones of a range, or itself again where it is not known. */
export function expandDependency(name: string, isKnown: (id: string) => boolean): readonly string[] {
  if (isKnown(name) || name.length > longestRange) return [name];
  const match = rangePattern.exec(name);
  if (!match) return [name];
  const [, prefix = '', first = '', secondPrefix = '', last = ''] = match;
  const [from, to] = [Number(first), Number(last)];
  if ((secondPrefix !== '' && secondPrefix !== prefix) || to < from || to - from > widestRange) return [name];
  const ids: string[] = [];
  for (let number = from; number <= to; number += 1) {
    const padded = prefix + String(number).padStart(first.length, '0');
    const plain = `${prefix}${number}`;
    if (isKnown(padded)) ids.push(padded);
    else if (isKnown(plain)) ids.push(plain);
  }
  return ids.length > 0 ? ids : [name];
}

function idsOf(name: string, isKnown: (id: string) => boolean): readonly string[] {
  const plain = name.replace(/^(?:after|needs|requires|waits? for|waiting for|depends on|sessions?)\s+/i, '').trim();
  if (plain === '' || (noneWords.test(plain) && !isKnown(plain))) return [];
  const expanded = expandDependency(plain, isKnown);
  if (expanded.length !== 1 || expanded[0] !== plain || isKnown(plain)) return expanded;
  const words = plain.split(/\s+/);
  if (words.length === 1) return [plain];
  // Prose: the sessions that it names, else what looks like an ID (letters, a mark, digits); words alone are no session.
  const known = words.filter(isKnown);
  return known.length > 0
    ? known
    : words.filter((word) => /^[A-Z][A-Z0-9]*(?:[-.][A-Z0-9]+)*[-.]\d+[A-Za-z]?$/.test(word));
}

function splitOutsideParentheses(text: string): readonly { readonly name: string; readonly reason?: string }[] {
  const pieces: { name: string; reason?: string }[] = [];
  let depth = 0;
  let name = '';
  let reason = '';
  const push = (): void => {
    if (name.trim() !== '')
      pieces.push(reason.trim() === '' ? { name: name.trim() } : { name: name.trim(), reason: reason.trim() });
    name = '';
    reason = '';
  };
  const balanced = isBalanced(text) ? text : text.replace(/[()]/g, ',');
  for (const part of balanced.replace(/<br\s*\/?>/gi, ',').split(/([(),;&+\n]|(?<=\s)and(?=\s))/)) {
    if (part === '(') depth += 1;
    if (depth > 0) {
      const isOuter = (part === '(' && depth === 1) || (part === ')' && depth === 1);
      if (!isOuter) reason += part;
      if (part === ')') depth -= 1;
    } else if (/^(?:[,;&+\n]|and)$/.test(part)) push();
    else name += part;
  }
  push();
  return pieces;
}

function isBalanced(text: string): boolean {
  let depth = 0;
  for (const mark of text.match(/[()]/g) ?? []) {
    depth += mark === '(' ? 1 : -1;
    if (depth < 0) return false;
  }
  return depth === 0;
}
