import { type Fields, fieldsField, isFields, numberField, textField } from '../agents/fields.ts';

/** A session that Amplify keeps, as it stands; Baton never changes one. */
export interface AmplifySession {
  readonly id: string;
  /** In its words; states that Baton does not have too. Undefined where the record does not say. */
  readonly status?: string;
  readonly item?: string;
  readonly branch?: string;
  /** Absolute. */
  readonly worktree?: string;
  readonly pid?: number;
  /** As it was written. */
  readonly startedAt?: string;
  readonly completedAt?: string;
}

/**
 * Reads a `state.json` of Amplify (formats.md §4.1). Only `status` and `completedAt` are published; the other names are those of its command
 * line's output and their short forms. What cannot be understood is a session of which only the ID is known.
 */
export function readAmplifySession(id: string, text: string): AmplifySession {
  const fields = parse(text);
  const first = (...names: readonly string[]) =>
    names.map((name) => textField(fields, name)).find((value) => value !== undefined);
  const status = first('status', 'state');
  const worktrees = fieldsField(fields, 'worktree');
  const item =
    first('beadsItemId', 'beadsId', 'beadsItem', 'itemId') ?? textField(fieldsField(fields, 'beadsItem'), 'id');
  const branch = first('worktreeBranch', 'branch') ?? textField(worktrees, 'branch');
  const worktree = first('worktreePath', 'worktree') ?? textField(worktrees, 'path');
  const pid = numberField(fields, 'pid') ?? numberField(fields, 'PID');
  const startedAt = first('startedAt', 'createdAt', 'dispatchedAt');
  const completedAt = first('completedAt');
  return {
    id,
    ...(status !== undefined && { status }),
    ...(item !== undefined && { item }),
    ...(branch !== undefined && { branch }),
    ...(worktree !== undefined && { worktree }),
    ...(pid !== undefined && { pid }),
    ...(startedAt !== undefined && { startedAt }),
    ...(completedAt !== undefined && { completedAt }),
  };
}

function parse(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
