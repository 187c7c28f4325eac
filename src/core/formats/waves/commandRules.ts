import { type Fields, listField, readFields, textField } from '../agents/fields.ts';

/** A shell command that agents may not run, or that is remarked on (formats.md §1.5: `.orchestrator/policy/blocked-commands.json`). */
export interface CommandRule {
  readonly pattern: string;
  readonly severity: 'block' | 'warn';
  /** A command all of whose paths lie below one of these is let through. */
  readonly allowedPaths: readonly string[];
}

/** Reads the rules of a policy, or of a file that `writeCommandRules` made; broken ones are passed over. */
export function readCommandRules(text: string): readonly CommandRule[] {
  return listField(readFields(text), 'rules').flatMap((rule): readonly CommandRule[] => {
    const pattern = textField(rule, 'pattern')?.trim();
    const severity = textField(rule, 'severity');
    if (!pattern || (severity !== 'block' && severity !== 'warn')) return [];
    const allowed = rule['path-allowlist'];
    const allowedPaths = Array.isArray(allowed) ? allowed.filter((path) => typeof path === 'string') : [];
    return [{ pattern, severity, allowedPaths }];
  });
}

/** The first rule that a shell line falls under, a blocking one before a remark. */
export function findCommandRule(line: string, rules: readonly CommandRule[]): CommandRule | undefined {
  const commands = splitCommands(line);
  const found = rules.filter((rule) => {
    const hits = commands.filter((words) => matchesCommand(words, rule.pattern));
    if (hits.length > 0) return hits.some((words) => !isAllowed(words, rule));
    return saysLiterally(line, rule.pattern);
  });
  return found.find(({ severity }) => severity === 'block') ?? found[0];
}

/** What stands before a command and runs it. */
const wrappers: ReadonlySet<string> = new Set(['sudo', 'env', 'command', 'exec', 'nohup', 'time', 'xargs', 'builtin']);

/** The words of each simple command of a line, without what is set before it; what stands in quotes is one word. */
function splitCommands(line: string): readonly (readonly string[])[] {
  const commands: string[][] = [[]];
  const token = /"((?:[^"\\]|\\.)*)"|'([^']*)'|([;&|\n(){}`]|\$\()|([^\s;&|(){}`"']+)/g;
  let end = -1;
  for (const match of line.matchAll(token)) {
    const [whole, double, single, separator, plain] = match;
    const words = commands.at(-1);
    if (separator !== undefined) commands.push([]);
    else if (words !== undefined) {
      const word = double ?? single ?? plain ?? '';
      // Quoted and plain parts without a space between are one word.
      if (match.index === end && words.length > 0) words.push(`${words.pop()}${word}`);
      else words.push(word);
    }
    end = separator === undefined ? match.index + whole.length : -1;
  }
  return commands.map(withoutWrappers).filter((words) => words.length > 0);
}

function withoutWrappers(words: readonly string[]): readonly string[] {
  const first = words.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word) && !wrappers.has(nameOf(word)));
  return first < 0 ? [] : words.slice(first);
}

function nameOf(word: string): string {
  return word.slice(word.lastIndexOf('/') + 1).replace(/^\\/, '');
}

/** Long forms of the short options that the usual rules name. */
const longForms: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  rm: { r: '--recursive', R: '--recursive', f: '--force' },
  git: { f: '--force', d: '--directories', D: '--delete' },
};

/** Tells whether the words of a command are what a pattern says: its words in their order, its options anywhere and in any spelling. */
function matchesCommand(words: readonly string[], pattern: string): boolean {
  const [program = '', ...wanted] = pattern.split(/\s+/);
  const [first = '', ...given] = words;
  if (nameOf(first) !== program) return false;
  const options = optionsOf(program, given);
  // Behind a `--` that the pattern has everything stands as it is.
  const dashes = wanted.indexOf('--');
  const before = dashes < 0 ? wanted : wanted.slice(0, dashes);
  const after = dashes < 0 ? [] : wanted.slice(dashes);
  const plain = before.filter((word) => !word.startsWith('-'));
  const wantedOptions = optionsOf(program, before);
  const rest = given.filter((word) => !word.startsWith('-') || word === '--');
  return (
    [...wantedOptions].every((option) => options.has(option)) &&
    isSubsequence(plain, rest) &&
    (after.length === 0 || isRun(after, rest))
  );
}

function optionsOf(program: string, words: readonly string[]): ReadonlySet<string> {
  const long = longForms[program] ?? {};
  return new Set(
    words.flatMap((word) => {
      if (/^--[^-]/.test(word)) return [word.split('=')[0] ?? word];
      return /^-[A-Za-z]/.test(word) ? [...word.slice(1)].map((letter) => long[letter] ?? `-${letter}`) : [];
    }),
  );
}

function isSubsequence(wanted: readonly string[], words: readonly string[]): boolean {
  let at = 0;
  for (const word of words) if (word === wanted[at]) at += 1;
  return at === wanted.length;
}

function isRun(wanted: readonly string[], words: readonly string[]): boolean {
  return words.some((_word, start) => wanted.every((one, index) => words[start + index] === one));
}

/** What is passed to another shell or to a database stands in a text; there capitals do not count. */
function saysLiterally(line: string, pattern: string): boolean {
  const text = pattern
    .trim()
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/\s+/g, '\\s+');
  return new RegExp(`(?:^|[^\\w-])${text}(?:$|[^\\w-])`, 'i').test(line);
}

function isAllowed(words: readonly string[], { pattern, allowedPaths }: CommandRule): boolean {
  if (allowedPaths.length === 0) return false;
  const own = new Set(pattern.split(/\s+/));
  const paths = words.slice(1).filter((word) => !word.startsWith('-') && !own.has(word));
  return paths.length > 0 && paths.every((path) => !path.split('/').includes('..') && allowedPaths.some(begins(path)));
}

function begins(path: string): (allowed: string) => boolean {
  return (allowed) => path === allowed || path.startsWith(allowed.endsWith('/') ? allowed : `${allowed}/`);
}

/** Reads what `guard.json` says of rules: the same form as a policy. */
export function ruleRecords(rules: readonly CommandRule[]): readonly Fields[] {
  return rules.map(({ pattern, severity, allowedPaths }) => ({ pattern, severity, 'path-allowlist': allowedPaths }));
}
