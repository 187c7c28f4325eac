import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createSampleWorkspace } from '../../scripts/lib/sampleWorkspace.ts';
import { openWindow, type ThemeKind, themes, type VscodeWindow } from '../support/vscodeWindow.ts';

describe('a window with Baton', () => {
  const folder = mkdtempSync(join(tmpdir(), 'baton-ui-'));
  let window: VscodeWindow;

  beforeAll(async () => {
    const path = join(folder, 'harbour-ferries');
    await createSampleWorkspace(path);
    window = await openWindow({ path, vsix: [inject('vsix')] });
  });

  afterAll(async () => {
    await window?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('runs it', async () => {
    expect(await window.runningExtension('Baton: Session Orchestrator')).toMatch(/Activation: \d+ms/);
  });

  it('opens the plan', async () => {
    await window.openFile('docs/HARBOUR_PROMPTS.md');
    await window.goToLine(12);
    expect(await window.page.locator('.editor-instance .view-lines').textContent()).toContain('Session');
  });

  it('lists files in a tree', async () => {
    await window.openContainer('Explorer');
    await window.expandRow(/^docs/);
    await window.row(/^HARBOUR_PROMPTS.md/).waitFor();
    await window.rowMenu(/^HARBOUR_PROMPTS.md/, 'Open to the Side');
    await expect.poll(() => window.tab('HARBOUR_PROMPTS.md').count()).toBe(2);
  });

  it('has what the palette offers, and no more', async () => {
    expect(await window.hasCommand('View: Close All Editors')).toBe(true);
    expect(await window.hasCommand('View: Close All Octopuses')).toBe(false);
  });

  it('asks in pickers', async () => {
    await window.command('Change Language Mode');
    await window.quickInput('Select Language Mode');
    await window.pick('XML');
    await window.statusBarItem('status.editor.mode').filter({ hasText: 'XML' }).waitFor();
    await window.command('View: Close All Editors');
  });

  it.each(Object.keys(themes) as ThemeKind[])('can be seen in %s', async (kind) => {
    await window.setTheme(kind);
    expect(await window.screenshot(`window-${kind}`)).toMatch(/\.png$/);
  });
});
