import { describe, expect, it } from 'vitest';
import { type AgentEnding, judgeAgent, recoveryOf } from '../../../../src/core/actions/waves/judgeAgent.ts';
import type { Finding } from '../../../../src/core/model/waves/finding.ts';

const end = { exitCode: 0, text: 'I did it.', isError: false, stopped: false };
const done = { status: 'done', note: '' } as const;
const partial = { status: 'partial', note: 'half' } as const;

function found(pattern: Finding['pattern'], severity: Finding['severity'] = 'stop'): readonly Finding[] {
  return [{ pattern, severity, occurrences: 3, evidence: [], at: '2026-01-01T00:00:00Z' }];
}

describe('what became of an agent', () => {
  it.each<[string, Partial<AgentEnding>, string]>([
    ['its STATUS line', { report: partial, changed: ['a'] }, 'partial'],
    ['its STATUS line, also where its process failed', { report: done, end: { ...end, exitCode: 1 } }, 'done'],
    ['a spiral overrides it', { report: done, findings: found('spiral') }, 'spiral'],
    ['a repetition is a spiral', { report: done, findings: found('turn-key-repetition') }, 'spiral'],
    ['an echo has failed', { report: done, findings: found('error-echo') }, 'failed'],
    ['paging goes on narrower', { findings: found('pagination-spiral') }, 'partial'],
    ['a turn limit leaves the rest', { changed: ['a'], findings: found('turn-limit') }, 'partial'],
    ['a warning changes nothing', { report: done, findings: found('spiral', 'warning') }, 'done'],
    ['a person stopped it', { end: { ...end, stopped: true } }, 'stopped'],
    ['without a line: changes', { changed: ['a'] }, 'done'],
    ['without a line: an error', { end: { ...end, isError: true } }, 'failed'],
    ['without a line: an exit code', { end: { ...end, exitCode: 2 } }, 'failed'],
    ['without a line: an error in the middle of work', { end: { ...end, isError: true }, changed: ['a'] }, 'partial'],
    ['without a line: a signal', { end: { ...end, exitCode: undefined }, changed: ['a'] }, 'partial'],
    ['without a line: no last words', { end: { ...end, text: ' \n' } }, 'partial'],
    [
      'without a line: it speaks of an error',
      { end: { ...end, text: 'Looked.\nI could not find the table.' } },
      'failed',
    ],
    ['without a line: it only read', { end: { ...end, text: 'The parser has two callers.' } }, 'done'],
  ])('%s', (_, ending, status) => {
    expect(judgeAgent({ report: undefined, end, changed: [], findings: [], ...ending })).toBe(status);
  });
});

describe('what happens with its task', () => {
  it.each([
    ['done', [], { kind: 'none' }],
    ['partial', [], { kind: 'carry-forward' }],
    ['failed', [], { kind: 'fix', carryOver: true }],
    ['failed', ['failed'], { kind: 'fix', carryOver: false }],
    ['spiral', [], { kind: 'narrow' }],
    ['spiral', ['failed', 'done'], { kind: 'narrow' }],
    ['spiral', ['spiral'], { kind: 'escalate', carryOver: true }],
    ['stopped', ['spiral'], { kind: 'none' }],
  ] as const)('%s after %j', (status, before, recovery) => {
    expect(recoveryOf(status, before)).toEqual(recovery);
  });
});
