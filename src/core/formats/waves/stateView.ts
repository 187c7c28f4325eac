import { parseMarkdown } from '../../markdown/document.ts';
import { sectionOf } from '../../markdown/sections.ts';
import { type FrontmatterEntry, findEntry, readListItems, readStateFrontmatter } from './stateFrontmatter.ts';
import { readStateScalar, type StateScalar } from './stateScalar.ts';

/** A value of the frontmatter as it is shown: a scalar, a list of mappings, or the text of another block. */
export type ShownValue = StateScalar | readonly Readonly<Record<string, StateScalar>>[];

/** The keys of the frontmatter, of several with one name the last; empty where there is none that can be read. */
export function readStateFields(text: string): ReadonlyMap<string, ShownValue> {
  const found = new Map<string, ShownValue>();
  const frontmatter = tryRead(text);
  for (const entry of frontmatter?.entries ?? []) found.set(entry.key, shownValue(text, entry));
  return found;
}

function tryRead(text: string): ReturnType<typeof readStateFrontmatter> {
  try {
    return readStateFrontmatter(text);
  } catch {
    return undefined;
  }
}

function shownValue(text: string, entry: FrontmatterEntry): ShownValue {
  const { raw, below } = entry;
  if (below.length === 0) return shownScalar(raw);
  const items = readListItems(text, entry);
  const isMapping = ({ fields }: (typeof items)[number]): boolean => fields.every(({ key }) => /^[\w-]+$/.test(key));
  const isNested = below.some((line) => /^\s+-\s/.test(text.slice(line.start, line.end))) && items.length > 0;
  if (isNested && items.every((item) => item.fields.length > 0 && isMapping(item))) {
    return items.map(({ fields }) =>
      Object.fromEntries(fields.map(({ key, raw: value }) => [key, shownScalar(value)])),
    );
  }
  const lines = below.map((line) => text.slice(line.start, line.end));
  const scalars = lines.map((line) => /^\s*-\s+(.*\S)\s*$/.exec(line)?.[1]);
  const plain = scalars.flatMap((scalar) => (scalar === undefined ? [] : [shownScalar(scalar)]));
  return raw === '' && plain.length === lines.length ? plain : [raw, ...lines].join('\n').trim();
}

/** Numbers that would not come back as they are written stay texts: `0112233`, `1.50`. */
function shownScalar(raw: string): StateScalar {
  const value = readStateScalar(raw);
  if (typeof value === 'number' && String(value) !== raw) return raw;
  return raw.startsWith("'") && typeof value === 'string' ? value.replaceAll("''", "'") : value;
}

/** One value of the frontmatter; undefined where the key is not there. */
export function readStateField(text: string, key: string): ShownValue | undefined {
  const frontmatter = tryRead(text);
  const entry = frontmatter && findEntry(frontmatter, key);
  return entry && shownValue(text, entry);
}

/** The sections of the second level: their titles, and what they say. */
export function readStateParts(text: string): readonly { readonly title: string; readonly content: string }[] {
  const doc = parseMarkdown(text);
  return doc.headings
    .filter(({ level }) => level === 2)
    .map((heading) => {
      const { start, end } = sectionOf(doc, heading).bodyRange;
      return { title: heading.text, content: text.slice(start, end).trim() };
    });
}
