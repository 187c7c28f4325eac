/** What a person sees and does in the editor of a state file: states beside the lines, and a rename over all files with its preview and undo. */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createSampleFolder, type SampleFolder } from '../support/sampleFolder.ts';
import { stopAtFirstFailure } from '../support/steps.ts';
import { openWindow, type ThemeKind, themes, type VscodeWindow } from '../support/vscodeWindow.ts';

const plan = 'docs/HARBOUR_PROMPTS.md';
const progress = 'docs/progress/HARBOUR_PROGRESS.md';
const longMs = 30_000;

describe('the editor of a progress file', () => {
  let sample: SampleFolder;
  let window: VscodeWindow;

  beforeAll(async () => {
    sample = await createSampleFolder();
    window = await openWindow({ path: sample.path, vsix: [inject('vsix')] });
    await window.setTheme('dark');
  });
  afterAll(async () => {
    await window?.close();
    sample?.remove();
  });
  stopAtFirstFailure(() => window);

  const lineOf = (file: string, text: string): number =>
    sample
      .read(file)
      .split(/\r?\n/)
      .findIndex((line) => line.startsWith(text)) + 1;

  /** How many different pictures of ours stand in the margin. */
  const pictures = async (): Promise<number> => {
    const images = await window.page
      .locator('.margin .cgmr, .glyph-margin-widgets .cgmr')
      .evaluateAll((all) => all.map((one) => getComputedStyle(one).backgroundImage));
    return new Set(images.filter((image) => image.includes('data:image/svg+xml'))).size;
  };

  it.each(Object.keys(themes) as ThemeKind[])('shows the states beside the lines in %s', async (kind) => {
    await window.setTheme(kind);
    await window.openFile(progress);
    await window.goToLine(lineOf(progress, '| BE-04'));
    await expect.poll(pictures, { timeout: longMs }).toBeGreaterThanOrEqual(3);
    await window.screenshot(`editor-states-${kind}`);
  });

  it('renames an ID everywhere, asking about prose', async () => {
    await window.setTheme('dark');
    await window.openFile(progress);
    await window.goToLine(lineOf(progress, '| BE-05'));
    for (let count = 0; count < 4; count++) await window.page.keyboard.press('ArrowRight');
    const box = window.page.locator('.rename-box input.rename-input');
    await expect
      .poll(
        async () => {
          await window.page.keyboard.press('F2');
          return box.isVisible().catch(() => false);
        },
        { timeout: longMs, interval: 2_000 },
      )
      .toBe(true);
    expect(await box.inputValue()).toBe('BE-05');
    await box.fill('DL-05');
    await box.press('Enter');
    const preview = window.page.locator('.bulk-edit-panel');
    await preview.getByText('HARBOUR_PROMPTS.md').first().waitFor({ timeout: longMs });
    await window.screenshot('editor-rename-preview');
    await preview.getByRole('button', { name: 'Apply' }).click();
    await expect.poll(() => sample.read(progress).includes('| DL-05 |'), { timeout: longMs }).toBe(true);
    await expect.poll(() => sample.read(plan).includes('## Session DL-05'), { timeout: longMs }).toBe(true);
    // What only prose says was not ticked in the preview.
    expect(sample.read(plan)).toContain('BE-05');
  });

  it('takes it back in one step', async () => {
    await window.openFile(progress);
    await window.goToLine(lineOf(progress, '| DL-05'));
    await window.page.keyboard.press('ControlOrMeta+z');
    // VS Code may ask whether all files are meant.
    const isBack = async (): Promise<boolean> => {
      const asks = await window.modal().filter({ hasText: /undo/i }).isVisible();
      if (asks) await window.answerModal(/Undo in \d+ Files/);
      return ![plan, progress].some((file) => sample.read(file).includes('DL-05'));
    };
    await expect.poll(isBack, { timeout: longMs, interval: 500 }).toBe(true);
    expect(sample.git('diff', '--stat', '--', plan)).toBe('');
  });
});
