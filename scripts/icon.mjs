/** Draws media/icon.png from media/source/icon.svg. */
import './lib/node24.mjs';

const { readFileSync } = await import('node:fs');
const { join } = await import('node:path');
const { startBrowser } = await import('../test/support/browser.ts');

const media = join(import.meta.dirname, '../media');
const browser = await startBrowser();
const page = await browser.newPage({ viewport: { width: 256, height: 256 } });
const svg = readFileSync(join(media, 'source/icon.svg'), 'utf8');
await page.setContent(`<style>body { margin: 0 } svg { display: block }</style>${svg}`);
await page.screenshot({ path: join(media, 'icon.png'), omitBackground: true });
await page.setViewportSize({ width: 900, height: 330 });
if (process.argv[2]) {
  const small = readFileSync(join(media, 'baton.svg'), 'utf8');
  await page.setContent(
    `<body style="margin:20px;background:#fff;color:#333">${svg}${small}${small.replace('<svg', '<svg style="width:192px;height:192px"')}<span style="background:#222;color:#fff">${small}</span></body>`,
  );
  await page.screenshot({ path: process.argv[2] });
}
await browser.close();
