import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeTail, openAgentLog } from '../../../src/platform/agents/agentLog.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const said = JSON.stringify({
  type: 'assistant',
  message: { id: 'm', content: [{ type: 'text', text: 'Half done.' }] },
});
const call = JSON.stringify({
  type: 'assistant',
  message: { id: 'n', content: [{ type: 'tool_use', id: 't', name: 'Bash', input: { command: 'npm test' } }] },
});

describe('the end of what an agent said', () => {
  it('is told in words, without a line that was cut', () => {
    const tail = `${said.slice(20)}\n${call}\nout of memory\n`;
    expect(describeTail('claude', tail, { isCut: true })).toBe('› Bash npm test\nout of memory');
    expect(describeTail('claude', said.slice(20), { isCut: true })).toBe('');
    expect(describeTail('mine', 'no such file\n', { isCut: false })).toBe('no such file');
  });
});

describe('the log of an agent', () => {
  it('is read for people as it grows, and as it came where that is asked for', async () => {
    const path = join(temporaryFolder(), 'output.log');
    const log = openAgentLog(path, { agent: 'claude', raw: false });
    expect(await log.read()).toEqual([]);
    writeFileSync(path, `${said}\n${call.slice(0, 30)}`);
    expect(await log.read()).toEqual(['Half done.']);
    appendFileSync(path, `${call.slice(30)}\n`);
    expect(await log.read()).toEqual(['› Bash npm test']);
    expect(await openAgentLog(path, { agent: 'claude', raw: true }).read()).toEqual([said, call]);
  });
});
