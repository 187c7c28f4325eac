import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { cachedFolder } from '../../scripts/lib/cache.ts';
import { cacheDir, root } from '../../scripts/lib/paths.ts';

/**
 * Starts a headless Chromium: `CHROME_PATH`, else the one in the npm package `@sparticuz/chromium`. Its own
 * list of arguments is not used (`--single-process` breaks the workbench).
 */
export async function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: await installBrowser(),
    env: { ...process.env, FONTCONFIG_FILE: fontsConfig() },
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** Adds an emoji font to the machine's own: status cells begin with icons, and screenshots show them. */
function fontsConfig(): string {
  const inXml = (path: string): string => path.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const fonts = join(root, 'node_modules/@expo-google-fonts/noto-color-emoji/400Regular');
  const file = join(cacheDir, 'fonts.conf');
  mkdirSync(cacheDir, { recursive: true });
  writeFileSync(
    file,
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${inXml(fonts)}</dir>
  <cachedir>${inXml(join(cacheDir, 'font-cache'))}</cachedir>
</fontconfig>
`,
  );
  return file;
}

/** Path of the browser, unpacked into the cache at the first call. */
export async function installBrowser(): Promise<string> {
  if (process.env.CHROME_PATH) return process.env.CHROME_PATH;
  const folder = await cachedFolder('chromium-153.0.0', async (part) => {
    // The package unpacks to os.tmpdir() and trusts whatever is there already: give it an empty one.
    const before = process.env.TMPDIR;
    process.env.TMPDIR = part;
    try {
      const { default: packed } = await import('@sparticuz/chromium');
      await packed.executablePath();
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
  });
  return join(folder, 'chromium');
}
