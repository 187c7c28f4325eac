/** What the active session changed, where a person looks for it: Source Control, the diff of all its files, the Testing view. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createSampleFolder, type SampleFolder } from '../support/sampleFolder.ts';
import { stopAtFirstFailure } from '../support/steps.ts';
import { openWindow, type ThemeKind, themes, type VscodeWindow } from '../support/vscodeWindow.ts';

describe('the changes of a session in a window', () => {
  let window: VscodeWindow;
  let sample: SampleFolder;

  beforeAll(async () => {
    sample = await createSampleFolder();
    writeFileSync(join(sample.path, 'notes über seats.txt'), 'one\n');
    window = await openWindow({
      path: sample.path,
      vsix: [inject('vsix')],
      viewport: { width: 1280, height: 930 },
    });
    await window.setTheme('dark');
  });

  afterAll(async () => {
    await window?.close();
    sample?.remove();
  });

  stopAtFirstFailure(() => window);

  it('are a group of Source Control beside git’s, without an input box of its own', async () => {
    await window.openContainer('Source Control');
    await window.page.getByText('Changes of BE-04').first().waitFor({ timeout: 60_000 });
    await window.page.getByText('notes über seats.txt').first().waitFor();
    await window.screenshot('source-control');
  });

  it('open as diffs in one editor', async () => {
    await window.command('Baton: Show Changes of Session');
    await window.page.getByRole('tab', { name: /^BE-04 since [0-9a-f]{7}/ }).waitFor({ timeout: 60_000 });
    await window.page
      .locator('.multiDiffEditor .monaco-diff-editor, .multiDiffEntry')
      .first()
      .waitFor({ timeout: 60_000 });
    await window.screenshot('changes-of-session');
  });

  it('have their commands in the Testing view and in the gutter of SESSION.md', async () => {
    await window.openFile('docs/sessions/SESSION.md');
    await window.openContainer('Testing');
    await window.page
      .getByText(/BE-04: Seat Reservations/)
      .first()
      .waitFor({ timeout: 60_000 });
    await window.screenshot('testing-view');
  });

  it.each(Object.keys(themes) as ThemeKind[])('can be seen in %s', async (kind) => {
    await window.setTheme(kind);
    await window.screenshot(`testing-view-${kind}`);
    await window.openContainer('Source Control');
    await window.page.getByRole('tab', { name: /^BE-04 since [0-9a-f]{7}/ }).click();
    await window.page.locator('.multiDiffEntry').first().waitFor();
    await window.restPointer();
    expect(await window.screenshot(`changes-of-session-${kind}`)).toMatch(/\.png$/);
    await window.openContainer('Testing');
    await window.tab('SESSION.md').click();
  });
});
