import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CappedLog } from '../../src/platform/cappedLog.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

describe('a capped log', () => {
  it('keeps the end, and never takes more than twice its limit', async () => {
    const path = join(temporaryFolder(), 'output.log');
    const log = new CappedLog(path, 1_000);
    await log.open();
    for (let index = 0; index < 500; index++) {
      await log.append(Buffer.from(`line ${index}\n`));
      expect(statSync(path).size).toBeLessThanOrEqual(2_010);
    }
    await log.close();
    const text = readFileSync(path, 'utf8');
    expect(text.startsWith('[… the beginning was dropped]\n')).toBe(true);
    expect(text.endsWith('line 498\nline 499\n')).toBe(true);
  });

  it('goes on with what is there', async () => {
    const path = join(temporaryFolder(), 'output.log');
    for (const text of ['one\n', 'two\n']) {
      const log = new CappedLog(path);
      await log.open({ continues: true });
      await log.append(Buffer.from(text));
      await log.close();
    }
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
  });

  it.runIf(process.platform === 'linux')('on a full disk drops what does not fit, and harms nobody', async () => {
    const log = new CappedLog('/dev/full');
    await log.open();
    await expect(log.append(Buffer.from('lost\n'))).resolves.toBeUndefined();
    await expect(log.close()).resolves.toBeUndefined();
  });
});
