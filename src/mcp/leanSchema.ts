import type * as z from 'zod';

type JsonSchema = Record<string, unknown>;

/** Bounds that zod writes into every integer and nobody needs to read. */
const everyInteger: ReadonlySet<unknown> = new Set([Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]);

/**
 * The same schema, announced in fewer words: every agent pays for `tools/list` at every turn. `$schema` (2020-12 is the protocol's
 * default), `additionalProperties` and the bounds of safe integers are left out; what is checked stays as strict.
 */
export function leanSchema<Schema extends z.ZodType>(schema: Schema): Schema {
  const standard = schema['~standard'];
  const json = standard.jsonSchema;
  const lean = {
    ...standard,
    jsonSchema: {
      input: (options: Parameters<typeof json.input>[0]) => shorten(json.input(options)),
      output: (options: Parameters<typeof json.output>[0]) => shorten(json.output(options)),
    },
  };
  return Object.create(schema, { '~standard': { value: lean, enumerable: true } });
}

/** A lean schema that lets everything through: the server checks itself, so that a slip is refused in the form of all refusals. */
export function announcedSchema(schema: z.ZodObject): z.ZodObject {
  const lean = leanSchema(schema)['~standard'];
  return Object.create(schema, {
    '~standard': { value: { ...lean, validate: (value: unknown) => ({ value }) }, enumerable: true },
  });
}

function shorten(schema: JsonSchema): JsonSchema {
  const { $schema: _dialect, ...rest } = schema;
  return shortenValue(rest) as JsonSchema;
}

function shortenValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shortenValue);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(
    ([key, inner]) =>
      key !== 'additionalProperties' && !((key === 'maximum' || key === 'minimum') && everyInteger.has(inner)),
  );
  return Object.fromEntries(kept.map(([key, inner]) => [key, shortenValue(inner)]));
}
