import { phrase } from '../../base/phrase.ts';
import {
  type Enforcement,
  type ExecutionConfig,
  enforcements,
  type Isolation,
  isolations,
} from '../../model/waves/wavePlan.ts';
import type { WaveProblem } from '../../model/waves/waveProblem.ts';
import { fieldOfLine, plainValue, type WaveLine } from './waveLines.ts';

/** What `### Execution Config` says; `planFile` holds for every agent without one of its own. */
export interface ReadExecution {
  readonly fields: ExecutionConfig;
  readonly issues: readonly number[];
  readonly planFile?: string;
  readonly session?: string;
  readonly sessionType?: string;
  readonly problems: readonly WaveProblem[];
}

/** Reads the Execution Config of a plan: `- Waves: 5 | Isolation: auto`, several on a line or one; rows of a table too. */
export function readExecution(lines: readonly WaveLine[]): ReadExecution {
  const fields: { -readonly [K in keyof ExecutionConfig]: ExecutionConfig[K] } = {};
  const problems: WaveProblem[] = [];
  let issues: readonly number[] = [];
  let planFile: string | undefined;
  let session: string | undefined;
  let sessionType: string | undefined;
  const refuse = (key: string, value: string, expected: string): void =>
    void problems.push({
      code: 'unknown-value',
      severity: 'warning',
      message: phrase`Execution Config: ${key} is "${value}", not ${expected}`,
      hint: 'The value of the project holds instead.',
    });
  const count = (key: string, value: string): number | undefined => {
    const number = /^\d{1,4}\b/.test(value) ? Number.parseInt(value, 10) : undefined;
    if (number === undefined) refuse(key, value, phrase`a whole number`);
    return number;
  };
  const oneOf = <T extends string>(key: string, value: string, known: readonly T[]): T | undefined => {
    const word = /^[a-z-]+/i.exec(value)?.[0].toLowerCase();
    const found = known.find((one) => one === word);
    if (found === undefined) refuse(key, value, known.join(', '));
    return found;
  };
  for (const { key, value: said } of pairsOf(lines)) {
    const value = plainValue(said);
    if (value === '') continue;
    if (key === 'waves') assign(fields, 'waves', count(key, value));
    else if (/^agents per wave/.test(key)) assign(fields, 'agentsPerWave', count(key, value) || undefined);
    else if (key === 'isolation') assign(fields, 'isolation', oneOf<Isolation>(key, value, isolations));
    else if (key === 'enforcement') assign(fields, 'enforcement', oneOf<Enforcement>(key, value, enforcements));
    else if (/^max ?turns$/.test(key))
      assign(
        fields,
        'maxTurns',
        turnsOf(value, () => count(key, value)),
      );
    else if (/^(?:bite sized )?plan(?: file)?$/.test(key))
      planFile = value.replace(/^none\b.*$/i, '').replace(/^`([^`]+)`.*$/, '$1') || undefined;
    else if (key === 'issues') issues = issuesIn(value);
    else if (key === 'session') session = value;
    else if (key === 'session type') sessionType = value.toLowerCase();
  }
  return {
    fields,
    issues,
    ...(planFile !== undefined && { planFile }),
    ...(session !== undefined && { session }),
    ...(sessionType !== undefined && { sessionType }),
    problems,
  };
}

/** Numbers of issues in a text: `#12, #15`, `[12, 15]`. */
export function issuesIn(text: string): readonly number[] {
  const marked = [...text.matchAll(/#(\d{1,9})\b/g)].map((match) => Number(match[1]));
  if (marked.length > 0 || !/^[\s[\]\d,]+$/.test(text)) return marked;
  return [...text.matchAll(/\d{1,9}/g)].map(([digits]) => Number(digits));
}

function assign<K extends keyof ExecutionConfig>(
  fields: { -readonly [P in keyof ExecutionConfig]: ExecutionConfig[P] },
  key: K,
  value: ExecutionConfig[K] | undefined,
): void {
  if (value !== undefined && fields[key] === undefined) fields[key] = value;
}

function turnsOf(value: string, read: () => number | undefined): number | 'auto' | undefined {
  if (/^(?:auto|n\/a|none)\b/i.test(value)) return 'auto';
  return read() || undefined;
}

function pairsOf(lines: readonly WaveLine[]): readonly { readonly key: string; readonly value: string }[] {
  return lines.flatMap(({ text }) => {
    if (text.startsWith('|')) {
      const [key = '', value = ''] = text.split('|').slice(1);
      return fieldOfLine(`${key.trim()}: ${value.trim()}`) ?? [];
    }
    return text.split(/\s+\|\s+/).flatMap((part) => fieldOfLine(part.replace(/^(.*?)\s+cap:/i, '$1:')) ?? []);
  });
}
