import type { Range } from '../base/range.ts';

/** The value of an attribute, entities decoded, and where it stands between its quotes. */
export interface XmlAttribute {
  readonly value: string;
  readonly range: Range;
}

/** An element as far as a person's XML can be understood. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, XmlAttribute>;
  /** From `<` of the opening to `>` of the closing tag; an unclosed one ends where its parent does. */
  readonly range: Range;
  readonly openTagRange: Range;
  /** Between the tags. */
  readonly contentRange: Range;
  readonly children: readonly XmlElement[];
}

/** Deeper elements are read as text, so that no input makes the search for an opening tag long. */
const maxDepth = 32;
/** A longer tag is text. */
const maxTagLength = 8_000;

interface Open {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, XmlAttribute>;
  readonly start: number;
  readonly openEnd: number;
  readonly children: XmlElement[];
}

interface Tag {
  readonly name: string;
  readonly closes: boolean;
  readonly selfClosing: boolean;
  readonly attributes: ReadonlyMap<string, XmlAttribute>;
  readonly end: number;
}

/**
 * Finds the elements in `range` of `text`. Tolerant and never throwing: a `<` that begins no tag is text, a closing tag without an opening
 * one is passed over, and so is an opening one whose name is never closed (a placeholder such as `<ID>`); an unclosed element ends with its
 * parent. Quotes behind a backslash do not end an attribute.
 */
export function parseXml(text: string, range: Range): XmlElement[] {
  const roots: XmlElement[] = [];
  const stack: Open[] = [];
  const end = Math.min(range.end, text.length);
  const closed = new Set(text.slice(range.start, end).match(/<\/[A-Za-z_][\w.:-]*/g));
  const close = (contentEnd: number, elementEnd: number) => {
    const open = stack.pop();
    if (!open) return;
    const { name, attributes, start, openEnd, children } = open;
    (stack.at(-1)?.children ?? roots).push({
      name,
      attributes,
      range: { start, end: elementEnd },
      openTagRange: { start, end: openEnd },
      contentRange: { start: Math.min(openEnd, contentEnd), end: contentEnd },
      children,
    });
  };
  let at = nextAngle(text, range.start, end);
  while (at < end) {
    const skipped = skipSpecial(text, at, end);
    const tag = skipped === undefined ? readTag(text, at, end) : undefined;
    if (tag?.closes) {
      const depth = stack.findLastIndex(({ name }) => name === tag.name);
      if (depth >= 0) {
        while (stack.length > depth + 1) close(at, at);
        close(at, tag.end);
      }
    } else if (
      tag &&
      stack.length < maxDepth &&
      (tag.selfClosing || stack.length === 0 || closed.has(`</${tag.name}`))
    ) {
      stack.push({ name: tag.name, attributes: tag.attributes, start: at, openEnd: tag.end, children: [] });
      if (tag.selfClosing) close(tag.end, tag.end);
    }
    at = nextAngle(text, skipped ?? tag?.end ?? at + 1, end);
  }
  while (stack.length > 0) close(end, end);
  return roots;
}

/** The text in an element without its tags, entities and CDATA resolved, trimmed. */
export function xmlText(text: string, element: XmlElement): string {
  let at = element.contentRange.start;
  let raw = '';
  for (const child of element.children) {
    raw += text.slice(at, child.range.start);
    at = child.range.end;
  }
  raw += text.slice(at, element.contentRange.end);
  return decodeEntities(
    raw.replace(/<!--(?:(?!<!--)[\s\S])*?-->/g, '').replace(/<!\[CDATA\[((?:(?!<!\[CDATA\[)[\s\S])*?)\]\]>/g, '$1'),
  ).trim();
}

/** The direct children called `name`. */
export function childrenNamed(element: XmlElement | undefined, name: string): XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Resolves the five named entities and numeric ones; anything else stays as it is. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:(lt|gt|amp|quot|apos)|#(\d{1,7})|#[xX]([0-9A-Fa-f]{1,6}));/g, (whole, name, digits, hex) => {
    if (name !== undefined) return named[name] ?? whole;
    const code = hex === undefined ? Number(digits) : Number.parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

function nextAngle(text: string, from: number, end: number): number {
  const at = text.indexOf('<', from);
  return at < 0 ? end : at;
}

/** The end of a comment, CDATA section, declaration or processing instruction that begins at `at`. */
function skipSpecial(text: string, at: number, end: number): number | undefined {
  const [opener, closer] = text.startsWith('<!--', at)
    ? ['<!--', '-->']
    : text.startsWith('<![CDATA[', at)
      ? ['<![CDATA[', ']]>']
      : text.startsWith('<?', at)
        ? ['<?', '?>']
        : ['', ''];
  if (opener === '') return undefined;
  const close = text.indexOf(closer, at + opener.length);
  return close < 0 || close + closer.length > end ? end : close + closer.length;
}

const tagStart = /<(\/?)([A-Za-z_][\w.:-]*)(?=[\s/>])/y;
const attributeName = /\s*([A-Za-z_][\w.:-]*)(?:\s*=\s*(["']?))?/y;
const bareValue = /[^\s"'<>/]+/y;
const tagEnd = /\s*(\/?)>/y;

function readTag(text: string, at: number, end: number): Tag | undefined {
  tagStart.lastIndex = at;
  const head = tagStart.exec(text);
  if (!head) return undefined;
  const limit = Math.min(end, at + maxTagLength);
  const attributes = new Map<string, XmlAttribute>();
  let position = at + head[0].length;
  while (position < limit) {
    tagEnd.lastIndex = position;
    const last = tagEnd.exec(text);
    if (last) {
      const stop = position + last[0].length;
      if (stop > end) return undefined;
      return { name: head[2] ?? '', closes: head[1] === '/', selfClosing: last[1] === '/', attributes, end: stop };
    }
    attributeName.lastIndex = position;
    const match = attributeName.exec(text);
    if (!match) return undefined;
    const start = position + match[0].length;
    const stop = valueEnd(text, start, match[2], limit, match[0].includes('='));
    if (stop === undefined) return undefined;
    const value = decodeEntities(text.slice(start, stop).replace(/\\(["'])/g, '$1'));
    if (!attributes.has(match[1] ?? '')) attributes.set(match[1] ?? '', { value, range: { start, end: stop } });
    position = match[2] ? stop + 1 : stop;
  }
  return undefined;
}

function valueEnd(
  text: string,
  start: number,
  quote: string | undefined,
  limit: number,
  hasValue: boolean,
): number | undefined {
  if (!quote) {
    if (!hasValue) return start;
    bareValue.lastIndex = start;
    return start + (bareValue.exec(text)?.[0].length ?? 0);
  }
  for (let at = start; at < limit; at += 1) {
    if (text[at] !== quote) continue;
    // People escape quotes as a shell would; a backslash at the very end of a value is a path's.
    if (text[at - 1] === '\\' && !/^["']\s*(?:\/?>|[\w.:-]+\s*=)/.test(text.slice(at, at + 80))) continue;
    return at;
  }
  return undefined;
}
