import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { phrase } from '../core/base/phrase.ts';
import { BatonError } from '../core/errors.ts';
import { type Fields, isFields, numberField, textField } from '../core/formats/agents/fields.ts';
import type { Beads, BeadsIssue } from '../core/ports/isolatedPorts.ts';

const timeoutMs = 30_000;

/** IDs of issues come from outside and become arguments. */
const issueId = /^[A-Za-z0-9][\w.-]{0,99}$/;

/** Beads by its command line `bd` (formats.md §4.2); nothing is started where the project has no `.beads`. */
export function createBeads(root: string, command = 'bd'): Beads {
  const run = (args: readonly string[]) => runBd(command, args, root);
  return {
    async ready() {
      if (!(await hasBeads(root))) return undefined;
      const { exitCode, stdout, stderr } = await run(['ready', '--json']);
      if (exitCode === undefined) return undefined;
      // Nothing on stdout and exit code 1 is also how older versions say that nothing is ready.
      if (stdout.trim() === '' && readError(stderr) === undefined) return [];
      if (exitCode !== 0) throw failed('bd ready', stderr || stdout);
      const issues = readIssues(stdout);
      if (issues === undefined) throw failed('bd ready', 'what it says is no list of issues');
      return issues;
    },
    async close(id, reason) {
      if (!issueId.test(id)) throw new BatonError('invalid-argument', phrase`"${id}" cannot be the ID of an issue`);
      const { exitCode, stdout, stderr } = await run(['close', id, '--reason', reason, '--json']);
      if (exitCode === undefined) throw failed('bd close', 'bd was not found');
      // Nothing closed is nothing on stdout.
      if (exitCode !== 0 || stdout.trim() === '') throw failed(`bd close ${id}`, stderr || 'it was not closed');
    },
  };
}

/** Reads `bd ready --json`: a bare list, or (BD_JSON_ENVELOPE, the announced default) `{"schema_version": 1, "data": […]}`. */
export function readIssues(text: string): readonly BeadsIssue[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const list = isFields(value) ? value['data'] : value;
  if (!Array.isArray(list)) return undefined;
  return list.filter(isFields).flatMap((fields) => readIssue(fields) ?? []);
}

function readIssue(fields: Fields): BeadsIssue | undefined {
  const id = textField(fields, 'id');
  if (id === undefined || !issueId.test(id)) return undefined;
  const description = textField(fields, 'description');
  const design = textField(fields, 'design');
  const acceptanceCriteria = textField(fields, 'acceptance_criteria');
  const notes = textField(fields, 'notes');
  return {
    id,
    title: textField(fields, 'title') ?? id,
    ...(description !== undefined && { description }),
    ...(design !== undefined && { design }),
    ...(acceptanceCriteria !== undefined && { acceptanceCriteria }),
    ...(notes !== undefined && { notes }),
    priority: numberField(fields, 'priority') ?? 4,
    dependentCount: numberField(fields, 'dependent_count') ?? 0,
  };
}

async function hasBeads(root: string): Promise<boolean> {
  for (let at = root; ; at = dirname(at)) {
    if (await stat(join(at, '.beads')).catch(() => undefined)) return true;
    if ((await stat(join(at, '.git')).catch(() => undefined)) || dirname(at) === at) return false;
  }
}

function runBd(command: string, args: readonly string[], cwd: string) {
  return new Promise<{ exitCode: number | undefined; stdout: string; stderr: string }>((done) => {
    const options = { cwd, timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024, windowsHide: true };
    execFile(command, [...args], options, (error, stdout, stderr) => {
      if (error === null) return done({ exitCode: 0, stdout, stderr });
      done({
        exitCode: typeof error.code === 'number' ? error.code : error.code === 'ENOENT' ? undefined : 1,
        stdout,
        stderr,
      });
    });
  });
}

/** Errors are JSON on stderr; notices stand there too. */
function readError(stderr: string): string | undefined {
  for (const line of stderr.split(/\r?\n/)) {
    try {
      const value: unknown = JSON.parse(line);
      if (isFields(value) && typeof value['error'] === 'string') return value['error'];
    } catch {
      // A notice.
    }
  }
  return undefined;
}

function failed(what: string, why: string): BatonError {
  return new BatonError(
    'process-failed',
    phrase`${what} failed: ${readError(why) ?? why.trim().split('\n')[0] ?? ''}`,
    {
      hint: 'Run it by hand to see what it says.',
    },
  );
}
