import { join } from 'node:path';
import { packageExtension } from '../../scripts/lib/package.ts';
import { openWindow } from '../support/vscodeWindow.ts';

/**
 * Opens a real window with the packaged extension on a repository whose agents say the time in milliseconds, and tells how long each took
 * until it stood in its row of the tree "Agents", as the page drew it.
 *
 * @param sessions how many say it, so that all are waited for
 */
export async function measureRows({ root, folder, sessions, env, forMs }) {
  const vsix = join(folder, 'baton.vsix');
  await packageExtension(vsix);
  const viewport = { width: 1400, height: 1300 };
  const window = await openWindow({ path: root, vsix: [vsix], viewport, env });
  try {
    await window.openContainer('Baton');
    for (const view of ['Sessions', 'Current Session', 'Task Lists']) await window.collapseView(view);
    await window.expandView('Agents');
    await window.widenSideBar(300);
    const rows = window.view('Agents').locator('.monaco-list-row', { hasText: /\d{13}/ });
    await rows.nth(sessions - 1).waitFor({ timeout: 60_000 });
    return await window.page.evaluate(
      ({ selector, forMs }) =>
        new Promise((done) => {
          const seen = new Set();
          const latencies = [];
          const look = (isFirst) => {
            const now = Date.now();
            for (const row of document.querySelectorAll(selector)) {
              const [said] = /\d{13}/.exec(row.textContent) ?? [];
              if (said === undefined || seen.has(said)) continue;
              seen.add(said);
              if (!isFirst) latencies.push(now - Number(said));
            }
          };
          look(true);
          const observer = new MutationObserver(() => look(false));
          observer.observe(document.body, { subtree: true, childList: true, characterData: true });
          setTimeout(() => {
            observer.disconnect();
            done(latencies);
          }, forMs);
        }),
      { selector: '.monaco-list-row', forMs },
    );
  } finally {
    await window.close();
  }
}
