import { afterEach, beforeEach } from 'vitest';
import type { VscodeWindow } from './vscodeWindow.ts';

/**
 * For suites whose tests are the steps of one story: once a step has failed, keeps a picture of the window
 * (`failed-<step>.png`) and leaves out the steps after it, which would only wait for what cannot come. Left out counts
 * as failed.
 */
export function stopAtFirstFailure(window: () => VscodeWindow | undefined): void {
  let failed: string | undefined;
  beforeEach((context) => {
    if (failed !== undefined) context.skip(`“${failed}” failed`);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail' || failed !== undefined) return;
    failed = task.name;
    await window()?.screenshot(`failed-${task.name.replaceAll(/\W+/g, '-')}`);
  });
}
