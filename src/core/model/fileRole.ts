/** What a state file is for. */
export const fileRoles = ['plan', 'progress', 'session', 'taskList', 'state'] as const;

/**
 * One of the roles: a plan, a progress file, SESSION.md (a paused one too), a task list, or the `STATE.md` of a wave run. A file of which
 * the globs of plans and of progress files both speak may have two.
 */
export type FileRole = (typeof fileRoles)[number];
