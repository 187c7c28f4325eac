/**
 * The inputs of the language model tools. VS Code does not check them against the schemas in package.json, so that they are checked here.
 * A bundle of its own, loaded when a tool is called for the first time.
 */
import * as v from 'valibot';

const text = v.pipe(v.string(), v.nonEmpty(), v.maxLength(500));

const readOpenFileInput = v.strictObject({ path: v.optional(text), folder: v.optional(text) });

const revealInput = v.pipe(
  v.strictObject({
    session: v.optional(text),
    list: v.optional(text),
    task: v.optional(text),
    dashboard: v.optional(v.boolean()),
  }),
  v.check(
    ({ session, list, dashboard }) => (session === undefined) !== (list === undefined) || dashboard === true,
    'Give either "session", or "list" with or without "task".',
  ),
  v.check(
    ({ list, dashboard }) => dashboard !== true || list === undefined,
    '"dashboard" goes with "session", or alone.',
  ),
  v.check(({ session, task }) => session === undefined || task === undefined, '"task" goes with "list".'),
);

export type ReadOpenFileInput = v.InferOutput<typeof readOpenFileInput>;
export type RevealInput = v.InferOutput<typeof revealInput>;

/** Either the input, or what is wrong with it. */
export type Checked<T> = { readonly ok: true; readonly input: T } | { readonly ok: false; readonly message: string };

/** Checks what "Read Open State File" was called with. */
export function checkReadOpenFile(input: unknown): Checked<ReadOpenFileInput> {
  return check(readOpenFileInput, input);
}

/** Checks what "Show in Baton" was called with. */
export function checkReveal(input: unknown): Checked<RevealInput> {
  return check(revealInput, input);
}

function check<T>(schema: v.GenericSchema<unknown, T>, input: unknown): Checked<T> {
  const result = v.safeParse(schema, input);
  if (result.success) return { ok: true, input: result.output };
  const problems = result.issues.map((issue) => {
    const path = v.getDotPath(issue);
    return path === null ? issue.message : `${path}: ${issue.message}`;
  });
  return { ok: false, message: problems.join(' ') };
}
