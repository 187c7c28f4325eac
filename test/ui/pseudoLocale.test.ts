/**
 * Every text of Baton can be translated: the window runs in a language whose every text stands between `⟦` and `⟧`, so that one which is
 * not taken from a bundle is seen at once.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { dashboardFrame } from '../support/dashboardPage.ts';
import { createSampleFolder, type SampleFolder } from '../support/sampleFolder.ts';
import { openWindow, type VscodeWindow } from '../support/vscodeWindow.ts';

const locale = 'qps-ploc';
const statusBarItem = 'baton.baton-session-orchestrator.baton.activeSession';
const planFile = 'docs/HARBOUR_PROMPTS.md';
const progressFile = 'docs/progress/HARBOUR_PROGRESS.md';
const sessionFile = 'docs/sessions/SESSION.md';

/** Names, which no language changes: of products, of files; what the window adds to a label for screen readers; days, which `Intl` writes. */
const known =
  /^(?:Baton|Claude Code|GitHub Copilot|Copilot|Codex|README\.md|docs\/\S+|\S+\.md|SESSION\.md|checked|not checked|Section|Use Tab to .*|\p{Lu}\p{Ll}{2} \d{1,2})$/u;

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
    const files = [sample.path, ...[planFile, progressFile, sessionFile].map((file) => sample.read(file))].join('\n');
    const corpus = files
      .replaceAll(/[`*_\\]/g, '')
      .replaceAll(/[\s:|]+/g, ' ')
      .toLowerCase();
    // A blocker stands behind the session that it is of.
    const isFromFiles = (piece: string): boolean =>
      [piece, piece.replace(/^\S+ /, '')].some((one) => one !== '' && corpus.includes(one.toLowerCase()));
    return texts.flatMap((text) => {
      let rest = text ?? '';
      for (let before = ''; before !== rest; ) {
        before = rest;
        rest = rest.replaceAll(/⟦[^⟦⟧]*⟧/g, '\n');
      }
      return rest
        .split(/\n|\s{2,}|\u00a0{2,}| · |, /)
        .map((piece) => piece.replaceAll(/[\s\u00a0\u200b:|]+/g, ' ').replace(/^[^\p{L}]+|[^\p{L}\p{N}]+$/gu, ''))
        .filter((piece) => /\p{L}/u.test(piece) && !known.test(piece) && !isFromFiles(piece));
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
    ['What Can Be Done Now', 10],
    ['Filter Sessions', 8],
    ['Start Session', 6],
    ['Plan from TODOs and Issues List', 3],
    ['Connect Agents', 4],
    ['New Task List', 4],
  ])('the picker of “%s”', async (title, least) => {
    await window.command(`Baton: ⟦${title}⟧`);
    const widget = await window.quickInput();
    await widget.locator('.quick-input-title', { hasText: '⟦' }).waitFor();
    const texts = await textsOfPicker();
    expect(texts.length).toBeGreaterThanOrEqual(least);
    expect(unmarked(texts)).toEqual([]);
  });

  it('input boxes', async () => {
    await window.command('Baton: ⟦Checkpoint⟧');
    const widget = await window.quickInput();
    await widget.locator('.quick-input-title', { hasText: '⟦' }).waitFor();
    const message = (await window.inputMessage().innerText()).replace(/ \(Press .*$/s, '');
    expect(message).toContain('⟦');
    expect(unmarked([await widget.locator('.quick-input-title').innerText(), message])).toEqual([]);
    await window.page.keyboard.press('Escape');
  });

  it('notifications', async () => {
    await window.command('Baton: ⟦Check State Files⟧');
    const shown = window.notification(/⟦/);
    await shown.waitFor();
    expect(unmarked(await shown.locator('.notification-list-item-message, .monaco-button').allInnerTexts())).toEqual(
      [],
    );
    await window.clearNotifications();
  });

  it('what the core refuses', async () => {
    await window.command('Baton: ⟦Start Session⟧');
    const widget = await window.quickInput();
    await widget.locator('.monaco-list-row').first().waitFor();
    await window.page.keyboard.press('Enter');
    const shown = window.notification(/⟦\S+ is active in this worktree⟧/);
    await shown.waitFor();
    expect(unmarked(await shown.locator('.notification-list-item-message, .monaco-button').allInnerTexts())).toEqual(
      [],
    );
    await window.clearNotifications();
  });

  it('problems', async () => {
    const before = sample.read(progressFile);
    sample.write(progressFile, before.replace(/(\| BE-07 \|)[^|]*\|/, '$1 Pnding |'));
    await window.openFile(progressFile);
    await window.command('Problems: Focus on Problems View');
    const problem = window.page.locator('.markers-panel .monaco-list-row', { hasText: 'Pnding' }).first();
    await problem.waitFor();
    const message = await problem.innerText();
    expect(message).toContain('⟦The status "Pnding" of BE-07');
    // Behind the message stand the rule's name and the place, which VS Code writes.
    const besides = /^(?:Baton\()?unknown-status$|^(?:Ln|Col) \d+$/;
    expect(unmarked([message]).filter((text) => !besides.test(text))).toEqual([]);
    await window.screenshot('pseudo-problems');
    sample.write(progressFile, before);
    await problem.waitFor({ state: 'detached' });
    await window.command('View: Hide Panel');
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

  it('the dashboard', async () => {
    await window.command('Baton: ⟦Open Dashboard⟧');
    const frame = await dashboardFrame(window);
    const tabs = frame.getByRole('tab');
    const seen: (string | null)[] = [];
    for (let at = 0; at < (await tabs.count()); at += 1) {
      await tabs.nth(at).click();
      await tabs.nth(at).and(frame.locator('[aria-selected=true]')).waitFor();
      seen.push(...(await frame.locator('.dashboard').innerText()).split(/\n|\t/));
      seen.push(...(await attributes(frame.locator('[aria-label]'), 'aria-label')));
    }
    expect(seen.join()).toContain('⟦');
    expect([...new Set(unmarked(seen))]).toEqual([]);
  });
});
