type Fields = Readonly<Record<string, unknown>>;

/** Tells whether a value that arrived is one of a kind. */
export type Check = (value: unknown) => boolean;

/** Any text. */
export const isText: Check = (value) => typeof value === 'string';
/** A finite number. */
export const isNumber: Check = (value) => typeof value === 'number' && Number.isFinite(value);
/** True or false. */
export const isFlag: Check = (value) => typeof value === 'boolean';

/** An object that is no list. */
export function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What may be missing. */
export const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

/** A list of such values. */
export const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);

/** An object whose values are such. */
export const recordOf =
  (check: Check): Check =>
  (value) =>
    isRecord(value) && Object.values(value).every(check);

/** An object with such fields; more may be there. */
export const shape = (fields: Readonly<Record<string, Check>>): Check => {
  const entries = Object.entries(fields);
  return (value) => isRecord(value) && entries.every(([name, check]) => check(value[name]));
};

/** One of these texts. */
export const oneOf =
  (values: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && values.includes(value);

/** A list of texts. */
export const isTexts: Check = listOf(isText);
