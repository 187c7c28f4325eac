import { describe, expect, it } from 'vitest';
import { errorClassOf, errorKeyOf, firstLineOf } from '../../../../src/core/formats/waves/errorText.ts';
import { judgeCommand, judgeWrite, type ToolGuard } from '../../../../src/core/formats/waves/toolGuard.ts';

const hook = (tool: string, reason: string) => `PreToolUse:${tool} hook error: [node guard.cjs]: ${reason}`;
const guard: ToolGuard = {
  folder: '/shop',
  outbox: '/shop/.baton',
  scope: ['src/a.ts'],
  enforcement: 'strict',
  rules: [{ pattern: 'git push --force', severity: 'block', allowedPaths: [] }],
};
const blocked = judgeCommand(guard, 'git push --force').reason;
const outside = judgeWrite(guard, 'src/b.ts', 'src/b.ts').reason;

describe('the class of an error', () => {
  it.each([
    ['edit', 'String to replace not found in file.\nString: x', 'edit-format-friction'],
    ['edit', 'Found 3 matches of the string to replace, but replace_all is false.', 'edit-format-friction'],
    ['edit', 'File has not been read yet. Read it first before writing to it.', 'edit-format-friction'],
    ['edit', 'old_string is not unique in the file', 'edit-format-friction'],
    ['edit', outside, 'scope-denied'],
    ['edit', hook('Edit', "Scope violation: 'src/b.ts' not in allowed paths [src/a.ts]"), 'scope-denied'],
    ['edit', hook('Write', 'exit 2'), 'scope-denied'],
    ['shell', hook('Bash', outside), 'scope-denied'],
    ['shell', hook('Bash', blocked), 'command-blocked'],
    ['shell', blocked, 'command-blocked'],
    ['shell', "Blocked by fallback safety list: 'rm -rf' found in command", 'command-blocked'],
    ['shell', "Blocked command: 'rm -rf' found in command", 'command-blocked'],
    ['shell', 'This command requires approval', 'command-blocked'],
    ['shell', 'Permission to use Bash with command rm has been denied.', 'command-blocked'],
    ['shell', 'Exit code 1\nexpected 1 to be 2', 'other'],
    ['shell', 'error: the variable is not in scope', 'other'],
    ['read', 'File does not exist.', 'other'],
    ['edit', 'EACCES: permission denied', 'other'],
  ] as const)('of %s %j', (kind, text, errorClass) => {
    expect(errorClassOf({ kind }, text)).toBe(errorClass);
  });
});

it('an error is the same one whatever time it took', () => {
  const one = errorKeyOf('1 test failed (12 ms) at 10:00:01 in /tmp/x-1\n\u001b[31mError\u001b[0m');
  expect(one).toBe(errorKeyOf('1 test failed (3.4s) at 11:22:33 in /tmp/y-2\n\u001b[1mError\u001b[0m'));
  expect(one).not.toBe(errorKeyOf('2 tests failed (12 ms) at 10:00:01 in /tmp/x-1\nError'));
  expect(errorKeyOf('Exit code 1')).toBeUndefined();
  expect(firstLineOf('Exit code 1\n\n  not ok\n')).toBe('not ok');
});
