import type { ErrorClass } from '../../model/waves/finding.ts';
import { numberOf, type ToolUse } from './toolUse.ts';

const editFriction =
  /old_str(?:ing)?\b.*(?:not found|did not (?:match|appear)|exactly the same|multiple)|string to replace not found|not unique|found \d+ matches|whitespace|has not been read yet|modified since (?:it was )?read|failed to find (?:expected lines|context)|invalid patch|no changes? to make|did not appear verbatim/is;
/** Said by a guard of scopes, and by nobody else. */
const outsideScope = /outside of the scope|scope violation/i;
const scopeDenied =
  /\bscope\b|allowed ?paths|outside (?:of )?(?:the |its |your )?(?:allowed|project|working|workspace)|path-?guard|read-only wave/i;
const commandBlocked =
  /\b(?:command|bash)\b.{0,120}\b(?:blocked|denied|forbidden|not (?:allowed|permitted)|requires approval|rejected)|\bis blocked\b|\bblocked by\b|blocked[ -]?command|destructive[ -]guard|permission to use/is;
const hookError = /\bhook (?:error|blocked|denied)|PreToolUse\b/i;

/** The class of an error that an agent met (formats.md §1.4): by what was called and what was answered. */
export function errorClassOf(use: Pick<ToolUse, 'kind'>, text: string): ErrorClass {
  const shown = text.slice(0, 2_000);
  if (outsideScope.test(shown)) return 'scope-denied';
  if (use.kind === 'shell') {
    if (commandBlocked.test(shown)) return 'command-blocked';
    return hookError.test(shown) ? 'command-blocked' : 'other';
  }
  if (use.kind !== 'edit') return scopeDenied.test(shown) && hookError.test(shown) ? 'scope-denied' : 'other';
  // What a hook says counts before what it quotes of the edit.
  if (hookError.test(shown) || scopeDenied.test(shown)) return 'scope-denied';
  return editFriction.test(shown) ? 'edit-format-friction' : 'other';
}

/** What differs from one time to the next though the error is the same: durations, times of day, addresses, temporary names. */
const passing =
  /\d+(?:\.\d+)?\s?(?:ms|s|sec|seconds|min|µs)\b|\d{4}-\d\d-\d\d[T ][\d:.]+Z?|\b\d\d:\d\d:\d\d(?:\.\d+)?|0x[0-9a-f]+|\/tmp\/[\w.-]+|\p{Cc}\[[\d;]*m/giu;

const longestCompared = 1_500;

/** Names what was answered so that the same is known again, whatever passes from one time to the next. */
export function answerKeyOf(text: string): string {
  return String(numberOf(plainOf(text)));
}

/**
 * Names an error so that the same one is known again; undefined where nothing was said that could be compared (`Exit code 1` alone is how
 * many a harmless command ends).
 */
export function errorKeyOf(text: string): string | undefined {
  const plain = plainOf(text);
  const said = plain.replace(/^(?:error: )?(?:command failed with )?exit(?:ed with)? code:? \d+\W*/i, '');
  return /\w{3}/.test(said) ? `${said.length}#${numberOf(plain)}` : undefined;
}

function plainOf(text: string): string {
  const isLong = text.length > 2 * longestCompared;
  const sample = isLong ? text.slice(0, longestCompared) + text.slice(-longestCompared) : text;
  return sample.replace(passing, '#').replace(/\s+/g, ' ').trim();
}

/** The first line of an error that says something, in short. */
export function firstLineOf(text: string): string {
  const lines = text
    .slice(0, 4_000)
    .split(/\r?\n/)
    .map((line) => line.trim());
  const said = lines.find((line) => /\w{3}/.test(line) && !/^exit code:? \d+$/i.test(line)) ?? lines[0] ?? '';
  return said.replace(/^<tool_use_error>/, '').slice(0, 160);
}
