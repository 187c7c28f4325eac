/** Stands for a piece that must survive the removal of marks (code, escapes); both are private-use characters. */
const placeholder = /\uE000(\d+)\uE001/g;
const htmlTag =
  /<!--[^<>]*-->|<\/?(?:a|b|br|code|del|em|i|img|ins|kbd|mark|s|small|span|strong|sub|sup|u)(?:\s[^<>]*)?\/?>/gi;

/**
 * The plain text of inline markdown: links give their text, images their alternative text; the marks of emphasis, strikethrough and code,
 * backslashes of escapes and simple HTML tags go. Entities stay as they are written.
 */
export function plainText(raw: string): string {
  if (!/[*_~`[\\<]/.test(raw)) return raw.trim();
  const kept: string[] = [];
  const keep = (piece: string): string => `\uE000${kept.push(piece) - 1}\uE001`;
  let text = raw.includes('`') ? keepCode(raw, keep) : raw;
  if (text.includes('\\')) text = text.replace(/\\([!-/:-@[-`{-~])/g, (_, escaped: string) => keep(escaped));
  if (text.includes('<')) {
    text = text
      .replace(htmlTag, (tag) => (/^<br/i.test(tag) ? ' ' : ''))
      .replace(/<((?:https?|mailto):[^<>\s]*)>/g, (_, address: string) => keep(address));
  }
  if (text.includes('[')) text = text.replace(/!?\[([^[\]]*)\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^[\]]*\])/g, '$1');
  for (let before = ''; before !== text && /[*_~]/.test(text); ) {
    before = text;
    text = stripEmphasis(text);
  }
  return text.replace(placeholder, (whole, index: string) => kept[Number(index)] ?? whole).trim();
}

/** Replaces each code span by what `keep` makes of its content. A run of backticks is closed by the next run of the same length. */
function keepCode(text: string, keep: (piece: string) => string): string {
  let result = '';
  let at = 0;
  for (const span of codeSpansOf(text)) {
    result += text.slice(at, span.start) + keep(text.slice(span.contentStart, span.contentEnd).trim());
    at = span.end;
  }
  return result + text.slice(at);
}

interface CodeSpan {
  readonly start: number;
  readonly contentStart: number;
  readonly contentEnd: number;
  readonly end: number;
}

/** The code spans of one line, as CommonMark finds them. */
export function codeSpansOf(text: string): CodeSpan[] {
  const runs = [...text.matchAll(/`+/g)].map((run) => ({ start: run.index, length: run[0].length }));
  const spans: CodeSpan[] = [];
  // The run that closes another is looked up from behind, so that a line of many unpaired runs is read once and not once per run.
  const closingOf = new Map<number, number>();
  const lastOfLength = new Map<number, number>();
  for (let index = runs.length - 1; index >= 0; index--) {
    const length = runs[index]?.length ?? 0;
    const next = lastOfLength.get(length);
    if (next !== undefined) closingOf.set(index, next);
    lastOfLength.set(length, index);
  }
  for (let index = 0; index < runs.length; index++) {
    const run = runs[index];
    const next = closingOf.get(index);
    const closing = next === undefined ? undefined : runs[next];
    if (run === undefined || next === undefined || closing === undefined || text[run.start - 1] === '\\') continue;
    const contentStart = run.start + run.length;
    spans.push({ start: run.start, contentStart, contentEnd: closing.start, end: closing.start + closing.length });
    index = next;
  }
  return spans;
}

function stripEmphasis(text: string): string {
  let result = text;
  if (result.includes('*')) result = result.replace(/(\*{1,3})(?=[^\s*])([^*]*[^\s*])\1/g, '$2');
  if (result.includes('_')) {
    result = result
      .replace(/(?<![\p{L}\p{N}_])__(?=[^\s_])((?:[^_]|_(?!_))*)__(?![\p{L}\p{N}_])/gu, '$1')
      .replace(/(?<![\p{L}\p{N}_])_(?=[^\s_])([^_]*)_(?![\p{L}\p{N}_])/gu, '$1');
  }
  if (!result.includes('~')) return result;
  return result.replace(/~~(?=[^\s~])([^~]*)~~/g, '$1').replace(/(?<!~)~(?=[^\s~])([^~]*[^\s~])~(?!~)/g, '$1');
}
