/** A value of STATE.md's frontmatter as the reference implementation knows them. */
export type StateScalar = string | number | boolean | null | readonly StateScalar[];

/** What may stand without quotes. */
const bare = /^[\w\-./:+@]+$/;

/**
 * What the reference implementation reads in the text behind a key (formats.md §1.2): a YAML subset that never fails. A leading zero of a
 * whole number is lost, a list is split at every comma, and only a quote that closes at the end counts.
 */
export function readStateScalar(raw: string): StateScalar {
  if (raw === '' || raw === 'null' || raw === '~') return null;
  if (raw === 'true' || raw === 'false') return raw === 'true';
  if (/^-?\d+$/.test(raw)) return Number.parseInt(raw, 10);
  if (/^-?\d+\.\d+$/.test(raw)) return Number.parseFloat(raw);
  if (raw.startsWith('[') && raw.endsWith(']')) {
    const inner = raw.slice(1, -1).trim();
    return inner === '' ? [] : inner.split(',').map((part) => readStateScalar(part.trim()));
  }
  if (raw.startsWith('"') && raw.endsWith('"')) return unquote(raw);
  return raw.startsWith("'") && raw.endsWith("'") ? raw.slice(1, -1) : raw;
}

function unquote(raw: string): StateScalar {
  try {
    return JSON.parse(raw) as StateScalar;
  } catch {
    return raw.slice(1, -1);
  }
}

/** The reference's serialised form of a value: bare only where it reads as the same text again, else JSON. */
export function writeStateScalar(value: StateScalar): string {
  if (value === null) return 'null';
  if (typeof value === 'object') return `[${value.map(writeStateScalar).join(', ')}]`;
  if (typeof value !== 'string') return String(value);
  return bare.test(value) && readStateScalar(value) === value ? value : JSON.stringify(value);
}

/** Tells whether a value stands in the reference's serialised form, so that reading and writing it again changes nothing. */
export function isCanonicalScalar(raw: string): boolean {
  return raw !== '' && writeStateScalar(readStateScalar(raw)) === raw;
}

/**
 * The value that a person means who gives a text for a key: a number, true, false, null or a list where the text is the serialised form of
 * one, else the text itself. `0112233` and `1.50` stay texts: they would not come back as they are.
 */
export function meantValue(text: string): StateScalar {
  const value = readStateScalar(text);
  if (typeof value === 'string') return text;
  if (writeStateScalar(value) === text) return value;
  if (typeof value !== 'object' || value === null) return text;
  // A comma within quotes would be taken for the end of an item.
  const isPlain = value.every((item) => typeof item !== 'object' && !/["'[\]{}]/.test(String(item)));
  return isPlain ? value : text;
}
