import { deflateSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assembleApng, decodePng } from '../../scripts/lib/apng.ts';
import { startBrowser } from '../support/browser.ts';

describe('a recording', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  }, 120_000);
  afterAll(() => browser?.close());

  it('shows in a browser what its frames show, in turn', async () => {
    const page = await browser.newPage({ viewport: { width: 60, height: 40 } });
    const pictures: Buffer[] = [];
    for (const colour of ['rgb(255, 0, 0)', 'rgb(0, 128, 0)']) {
      await page.setContent(`<body style="margin:0;background:linear-gradient(white, navy)">
        <div style="position:absolute;left:10px;top:5px;width:20px;height:10px;background:${colour}"></div>`);
      pictures.push(await page.screenshot());
    }
    const apng = assembleApng(pictures.map((png) => ({ png, shownMs: 300 })));
    const [first, second] = pictures.map(decodePng);
    expect(decodePng(apng)).toEqual(first);
    expect(first?.data.subarray((5 * 60 + 10) * 3, (5 * 60 + 10) * 3 + 3)).toEqual(Buffer.from([255, 0, 0]));
    expect(second?.data.subarray((14 * 60 + 29) * 3, (14 * 60 + 29) * 3 + 3)).toEqual(Buffer.from([0, 128, 0]));
    // The second frame is the twenty by ten pixels that changed.
    const control = apng.lastIndexOf('fcTL') + 4;
    expect([4, 8, 12, 16].map((at) => apng.readUInt32BE(control + at))).toEqual([20, 10, 10, 5]);
    await page.setContent(`<body style="margin:0"><img src="data:image/png;base64,${apng.toString('base64')}">`);
    const shown = async () => decodePng(await page.screenshot()).data.toString('base64');
    const seen = new Set<string>();
    await expect
      .poll(async () => seen.add(await shown()).size, { timeout: 30_000, interval: 50 })
      .toBeGreaterThanOrEqual(2);
    expect([...seen].sort()).toEqual([first, second].map((one) => one?.data.toString('base64') ?? '').sort());
    await page.close();
  });

  it('is not made of frames of two sizes, of none, or of what is no picture', () => {
    const of = (width: number) => {
      const header = Buffer.alloc(13);
      header.writeUInt32BE(width, 0);
      header.writeUInt32BE(1, 4);
      header.set([8, 2, 0, 0, 0], 8);
      const part = (type: string, data: Buffer) => {
        const length = Buffer.alloc(4);
        length.writeUInt32BE(data.length);
        return Buffer.concat([length, Buffer.from(type), data, Buffer.alloc(4)]);
      };
      const mark = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
      return Buffer.concat([mark, part('IHDR', header), part('IDAT', deflateSync(Buffer.alloc(width * 3 + 1)))]);
    };
    expect(() =>
      assembleApng([
        { png: of(2), shownMs: 1 },
        { png: of(3), shownMs: 1 },
      ]),
    ).toThrow('not of one size');
    expect(() => assembleApng([])).toThrow('at least one frame');
    expect(() => assembleApng([{ png: Buffer.from('GIF89a'), shownMs: 1 }])).toThrow('no PNG');
  });
});
