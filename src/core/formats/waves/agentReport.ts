import type { AgentReport } from '../../model/waves/finding.ts';

/**
 * `STATUS: done — …`, `STATUS: partial — … | REMAINING: …`, `STATUS: failed — …`, `STATUS: no-tests-needed` (formats.md §1.4), as agents
 * write it: in a list, in bold, in code, with another dash or none.
 */
const line =
  /^[\s>*_`#-]{0,20}STATUS[*_`]{0,3}\s{0,4}:[\s*_`]{0,6}(done|partial|failed|no-tests-needed)\b[*_`]{0,3}(.*)$/i;

/** Reads the last STATUS line of what an agent said; undefined where there is none. */
export function readReport(text: string): AgentReport | undefined {
  const found = text.split(/\r?\n/).findLast((one) => line.test(one));
  const [, word = '', rest = ''] = (found === undefined ? undefined : line.exec(found)) ?? [];
  if (word === '') return undefined;
  const [note = '', remaining] = splitRemaining(rest);
  const status = word.toLowerCase();
  return {
    status: status === 'partial' || status === 'failed' ? status : 'done',
    note,
    ...(remaining !== undefined && remaining !== '' && { remaining }),
    ...(status === 'no-tests-needed' && { noTestsNeeded: true }),
  };
}

function splitRemaining(rest: string): readonly string[] {
  const [note = '', ...others] = rest.split(/\|?\s{0,4}\bREMAINING\s{0,4}:/i);
  return others.length === 0 ? [plain(note)] : [plain(note), plain(others.join('REMAINING:'))];
}

/** Without the dash before it and the markup around it. */
function plain(text: string): string {
  return text
    .trim()
    .replace(/^(?:—|–|-{1,2}|:)\s*/, '')
    .replace(/[\s|*_`]+$/, '');
}
