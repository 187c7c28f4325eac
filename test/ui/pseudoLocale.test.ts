/**
 * Every text of Baton can be translated: the window runs in a language whose every text stands between `⟦` and `⟧`, so that one which is
 * not taken from a bundle is seen at once.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createSampleFolder, type SampleFolder } from '../support/sampleFolder.ts';
import { openWindow, type VscodeWindow } from '../support/vscodeWindow.ts';

const locale = 'qps-ploc';
const statusBarItem = 'baton.baton-session-orchestrator.baton.activeSession';
const planFile = 'docs/HARBOUR_PROMPTS.md';
const progressFile = 'docs/progress/HARBOUR_PROGRESS.md';
const sessionFile = 'docs/sessions/SESSION.md';

/** Names, which no language changes: of products, of files, and what the window itself adds to a label for screen readers. */
const known =
  /^(?:Baton|Claude Code|GitHub Copilot|Copilot|Codex|README\.md|docs\/\S+|\S+\.md|SESSION\.md|checked|not checked|Section|Use Tab to .*)$/;

/** Puts marks round the text, and leaves alone what a translator must: commands of links, placeholders, icons. */
const mark = (text: string): string =>
  text
    .replace(/[^\n]+/g, '⟦$&⟧')
    .replace(/⟦(\[[^\]]*\]\(command:[^)]*\))⟧/g, (_, link: string) => link.replace(/^\[([^\]]*)\]/, '[⟦$1⟧]'));

/** Writes the bundles of the language beside the English ones. */
function addLanguage(dataDir: string): void {
  const extensions = join(dataDir, 'extensions');
  const folder = readdirSync(extensions).find((name) => name.startsWith('baton.'));
  if (folder === undefined) throw new Error('Baton is not installed');
  const bundles = [
    ['package.nls.json', `package.nls.${locale}.json`],
    ['resources/l10n/bundle.l10n.json', `resources/l10n/bundle.l10n.${locale}.json`],
  ] as const;
  for (const [from, to] of bundles) {
    const texts: Record<string, string> = JSON.parse(readFileSync(join(extensions, folder, from), 'utf8'));
    const marked = Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, mark(text)]));
    writeFileSync(join(extensions, folder, to), JSON.stringify(marked));
  }
}

describe('a window in another language', () => {
  let window: VscodeWindow;
  let sample: SampleFolder;

  beforeAll(async () => {
    sample = await createSampleFolder();
    window = await openWindow({ path: sample.path, vsix: [inject('vsix')], locale, prepare: addLanguage });
    await window.setTheme('dark');
  });
  afterAll(async () => {
    await window?.close();
    sample?.remove();
  });

  /** What of these texts is neither from a bundle nor from a file of the repository. */
  const unmarked = (texts: readonly (string | null)[]): readonly string[] => {
    const files = [planFile, progressFile, sessionFile].map((file) => sample.read(file)).join('\n');
    const corpus = files
      .replaceAll(/[`*_\\]/g, '')
      .replaceAll(/[\s:|]+/g, ' ')
      .toLowerCase();
    return texts.flatMap((text) => {
      let rest = text ?? '';
      for (let before = ''; before !== rest; ) {
        before = rest;
        rest = rest.replaceAll(/⟦[^⟦⟧]*⟧/g, '\n');
      }
      return rest
        .split(/\n|\s{2,}|\u00a0{2,}| · |, /)
        .map((piece) => piece.replaceAll(/[\s\u00a0\u200b:|]+/g, ' ').replace(/^[^\p{L}]+|[^\p{L}\p{N}]+$/gu, ''))
        .filter((piece) => /\p{L}/u.test(piece) && !known.test(piece) && !corpus.includes(piece.toLowerCase()));
    });
  };

  const attributes = (locator: Locator, name: string) =>
    locator.evaluateAll((elements, attribute) => elements.map((element) => element.getAttribute(attribute)), name);

  /** A picker's title, placeholder, labels and details; closes it. */
  async function textsOfPicker(): Promise<readonly (string | null)[]> {
    const widget = await window.quickInput();
    const rows = widget.locator('.monaco-list-row');
    await rows.first().waitFor();
    const texts = [
      await widget.locator('.quick-input-title').innerText(),
      ...(await attributes(widget.locator('input.input'), 'placeholder')),
      ...(await attributes(rows, 'aria-label')),
    ];
    await window.page.keyboard.press('Escape');
    return texts;
  }

  it('says everything in it: views', async () => {
    await window.openContainer('Baton');
    await window.row(/^BE-04, Seat Reservations/, 'Sessions'.replace(/^/, '⟦')).waitFor();
    for (const view of ['⟦Current Session', '⟦Sessions', '⟦Task Lists']) {
      const rows = window.view(view).getByRole('treeitem');
      const parts = window
        .view(view)
        .locator(
          '.pane-header h3, .pane-header .description, .label-name, .label-description, .welcome-view-content p',
        );
      const texts = [...(await attributes(rows, 'aria-label')), ...(await parts.allInnerTexts())];
      expect(texts.length).toBeGreaterThan(2);
      expect(texts.join()).toContain('⟦');
      expect(unmarked(texts), view).toEqual([]);
    }
    await window.screenshot('pseudo-views');
  });

  it('hovers and status bar', async () => {
    const hover = await window.hoverText(/^BE-04, Seat Reservations/, '⟦Sessions');
    expect(hover).toContain('⟦');
    expect(unmarked([hover])).toEqual([]);
    const item = window.statusBarItem(statusBarItem);
    const label = await item.locator('a').first().getAttribute('aria-label');
    expect(label).toContain('⟦');
    expect(unmarked([label, ...((await item.textContent()) ?? '').split(' ')])).toEqual([]);
    await window.restPointer();
  });

  it.each([
    ['What Can Be Done Now', 3],
    ['Filter Sessions', 5],
    ['Copy ID of Task or List', 0],
    ['Plan from TODOs and Issues List', 1],
    ['New Task List', 0],
    ['Connect Agents', 2],
  ])('the picker of “%s”', async (title, least) => {
    if (!(await window.hasCommand(`Baton: ⟦${title}⟧`))) {
      expect(least).toBe(0);
      return;
    }
    await window.command(`Baton: ⟦${title}⟧`);
    const widget = await window.quickInput();
    await widget.locator('.quick-input-title', { hasText: '⟦' }).waitFor();
    if ((await widget.locator('.monaco-list-row').count()) === 0 && least === 0) {
      const message = await window.inputMessage().innerText();
      expect(
        unmarked([await widget.locator('.quick-input-title').innerText(), message.split(' (Press ')[0] ?? '']),
      ).toEqual([]);
      await window.page.keyboard.press('Escape');
      return;
    }
    const texts = await textsOfPicker();
    expect(texts.length).toBeGreaterThanOrEqual(least);
    expect(unmarked(texts)).toEqual([]);
  });

  it('lenses', async () => {
    await window.openFile(progressFile);
    await window.codeLens(/⟦/).first().waitFor();
    const texts = await window.page.locator('.editor-instance .codelens-decoration a').allInnerTexts();
    expect(texts.length).toBeGreaterThan(2);
    expect(unmarked(texts)).toEqual([]);
    await window.screenshot('pseudo-lenses');
  });

  it('the walkthrough', async () => {
    await window.command('Baton: ⟦Get Started⟧');
    const page = window.page.locator('.gettingStartedContainer');
    await page.getByText('⟦Make a plan, or adopt yours⟧').first().waitFor();
    const parts = page.locator(
      '.gettingStartedDetailsContent .category-title, .gettingStartedDetailsContent .category-description, .getting-started-step .step-title, .getting-started-step .step-description-container',
    );
    const texts = (await parts.allInnerTexts()).filter((text) => text !== '');
    expect(texts.length).toBeGreaterThanOrEqual(7);
    expect(unmarked(texts)).toEqual([]);
    await window.screenshot('pseudo-walkthrough');
  });
});
