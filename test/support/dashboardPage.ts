import type { Frame } from 'playwright-core';
import type { VscodeWindow } from './vscodeWindow.ts';

/** A violation of the content security policy of a webview. */
export interface PolicyViolation {
  readonly directive: string;
  readonly blocked: string;
  readonly sample: string;
}

/** From now on every frame of the window keeps the violations of its policy. */
export async function watchPolicies(window: VscodeWindow): Promise<void> {
  await window.page.context().addInitScript(() => {
    const kept: unknown[] = [];
    Object.assign(globalThis, { keptViolations: kept });
    document.addEventListener('securitypolicyviolation', (event) => {
      kept.push({ directive: event.effectiveDirective, blocked: event.blockedURI, sample: event.sample });
    });
  });
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

/** The violations that a frame has kept; throws where nobody watched it. */
export async function violationsOf(frame: Frame): Promise<readonly PolicyViolation[]> {
  return frame.evaluate(() => {
    const kept: unknown = Reflect.get(globalThis, 'keptViolations');
    if (!Array.isArray(kept)) throw new Error('the frame is not watched');
    return kept;
  });
}

/** Names of the dashboard's parts on their tabs; the inbox is there only where something waits. */
export const dashboardSections = ['Overview', 'Sessions', 'Timeline', 'Charts', 'Task Lists'] as const;

/** Goes to a part of the dashboard. */
export async function showSection(frame: Frame, section: (typeof dashboardSections)[number]): Promise<void> {
  const tab = frame.getByRole('tab', { name: new RegExp(`^${section}`) });
  await tab.click();
  await frame.locator(`[role=tabpanel][aria-labelledby="${await tab.getAttribute('id')}"]`).waitFor();
}
