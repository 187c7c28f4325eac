/** An object of unknown keys. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads a line as a JSON object; undefined for anything else. */
export function readFields(line: string): Fields | undefined {
  if (!line.trimStart().startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function textField(fields: Fields | undefined, key: string): string | undefined {
  const value = fields?.[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function numberField(fields: Fields | undefined, key: string): number | undefined {
  const value = fields?.[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

export function fieldsField(fields: Fields | undefined, key: string): Fields | undefined {
  const value = fields?.[key];
  return isFields(value) ? value : undefined;
}

/** The objects of a list; other members are passed over. */
export function listField(fields: Fields | undefined, key: string): readonly Fields[] {
  const value = fields?.[key];
  return Array.isArray(value) ? value.filter(isFields) : [];
}

const longestInput = 400;

/** What a tool was called with, in short: its command, file or pattern where it has one. */
export function describeInput(input: Fields | undefined): string {
  if (input === undefined) return '';
  const named = ['command', 'cmd', 'file_path', 'path', 'pattern', 'url', 'query', 'description', 'prompt'];
  const key = named.find((name) => textField(input, name) !== undefined);
  const text =
    key === undefined ? (Object.keys(input).length === 0 ? '' : JSON.stringify(input)) : textField(input, key);
  const line = (text ?? '').replace(/\s+/g, ' ').trim();
  return line.length > longestInput ? `${line.slice(0, longestInput - 1)}…` : line;
}
