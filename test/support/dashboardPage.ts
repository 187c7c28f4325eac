import type { Frame } from 'playwright-core';
import type { VscodeWindow } from './vscodeWindow.ts';

/**
 * From now on keeps what the browser says of violations of content security policies, in whatever frame. Not by an event in the frame:
 * VS Code writes a webview's document anew, which takes all listeners from it.
 */
export function watchPolicies(window: VscodeWindow): readonly string[] {
  const kept: string[] = [];
  window.page.on('console', (message) => {
    if (/content.security.policy/i.test(message.text())) kept.push(message.text());
  });
  return kept;
}

/** The page of the dashboard, once it has something to show. */
export async function dashboardFrame(window: VscodeWindow, timeoutMs = 30_000): Promise<Frame> {
  for (const end = Date.now() + timeoutMs; Date.now() < end; await window.page.waitForTimeout(100)) {
    for (const frame of window.page.frames()) {
      const isIt = await frame
        .locator('.dashboard')
        .count()
        .then(
          (count) => count > 0,
          () => false,
        );
      if (isIt) return frame;
    }
  }
  throw new Error('The dashboard is not shown');
}

/** Names of the dashboard's parts on their tabs; the inbox is there only where something waits. */
export const dashboardSections = ['Overview', 'Sessions', 'Timeline', 'Charts', 'Task Lists'] as const;

/** Goes to a part of the dashboard. */
export async function showSection(frame: Frame, section: (typeof dashboardSections)[number] | 'Inbox'): Promise<void> {
  const tab = frame.getByRole('tab', { name: new RegExp(`^${section}`) });
  await tab.click();
  await frame.locator(`[role=tabpanel][aria-labelledby="${await tab.getAttribute('id')}"]`).waitFor();
}
