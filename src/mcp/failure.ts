import type { CallToolResult } from '@modelcontextprotocol/server';
import { BatonError, type ErrorCode } from '../core/errors.ts';

/**
 * The next step for an agent, where it is another one than the error itself names (those are written for the command line), or where the
 * error names none.
 */
const hints: Partial<Record<ErrorCode, string>> = {
  'approval-required':
    'Ask the person to read these commands and approve them: `baton verify` in a terminal, or "Baton: Verify Session" in VS Code. Then call again. Do not run them in their place.',
  'foreign-session-file': 'Ask the person; with force it is kept under another name.',
  'verification-failed':
    'Mend what failed, then complete again. The session is still active and nothing was committed.',
};

/** Overrides are arguments here, not options of a command line. */
function inArguments(hint: string): string {
  return hint
    .replace(/`?--force`?/g, '`force: true`')
    .replace(/`?--no-verify`?/g, '`verify: false`')
    .replace(/`?--(plan|project) (?:"([^"]*)"|(\S+?))`?(?=\s|\.(?:\s|$)|$)/g, (_, name, quoted, bare) => {
      return `\`${name}: "${quoted ?? bare}"\``;
    });
}

/** The result of a call that was refused or failed: code, message, hint and facts, never a stack. */
export function toFailure(error: unknown): CallToolResult {
  const known = BatonError.is(error);
  const code = known ? error.code : 'internal';
  const message = error instanceof Error ? error.message : String(error);
  const hint = known
    ? (hints[error.code] ?? (error.hint === undefined ? undefined : inArguments(error.hint)))
    : 'This is a bug in Baton; its log is on stderr.';
  const data = (known && error.data) || undefined;
  return {
    isError: true,
    content: [{ type: 'text', text: describe(code, message, hint, data) }],
    structuredContent: { error: { code, message, hint: hint ?? null, data: data ?? null } },
  };
}

function describe(code: string, message: string, hint: string | undefined, data: unknown): string {
  const lines = [`${code}: ${message}`];
  if (hint !== undefined) lines.push(`hint: ${hint}`);
  if (data !== undefined) lines.push(`data: ${JSON.stringify(data)}`);
  return lines.join('\n');
}
