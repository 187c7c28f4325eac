/**
 * Measures the dashboard in a real window on a folder with 10,000 sessions: how long it takes from the arrival of its data until the table
 * is drawn, how many rows are in the document, and how much script a step of scrolling costs. Run with Node 24:
 * `npm run bench -- dashboard`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageExtension } from '../../scripts/lib/package.ts';
import { dashboardFrame, showSection } from '../support/dashboardPage.ts';
import { openWindow } from '../support/vscodeWindow.ts';

const sessions = 10_000;
const rounds = 5;
const steps = 100;
const budgets = { tableMs: 500, scriptMsPerStep: 8, rows: 200 };

/**
 * Keeps when a snapshot came, and when the first row stood in the document and a frame with it was drawn. It goes along with the page's own
 * listener: VS Code writes the document anew, which takes all listeners that were there before.
 */
function watchTable() {
  const times = {};
  const add = globalThis.addEventListener.bind(globalThis);
  const look = () => {
    if (document.querySelector('tr.session-row') === null) requestAnimationFrame(look);
    else
      requestAnimationFrame(() =>
        setTimeout(() => {
          times.drawn = performance.now();
        }),
      );
  };
  Object.assign(globalThis, {
    tableTimes: times,
    addEventListener: (type, listener, options) =>
      add(
        type,
        type !== 'message'
          ? listener
          : (event) => {
              if (event.data?.kind === 'snapshot' && times.arrived === undefined) {
                times.arrived = performance.now();
                requestAnimationFrame(look);
              }
              listener(event);
            },
        options,
      ),
  });
}

function writeProject(path) {
  const header =
    '| Session | Status | Started | Completed | Commit | Depends | Estimate | Notes |\n|---|---|---|---|---|---|---|---|\n';
  const row = (at) => {
    const done = at < sessions / 2;
    const times = done ? '2026-03-18 09:00 | 2026-03-18 11:45 | abc1234' : '— | — | —';
    const id = `S-${String(at).padStart(5, '0')}`;
    const after = at % 10 === 0 ? '' : `S-${String(at - 1).padStart(5, '0')}`;
    return `| ${id} | ${done ? '✅ Done' : '⬜ Pending'} | ${times} | ${after} | 2h | note ${at} |`;
  };
  mkdirSync(join(path, 'docs/progress'), { recursive: true });
  const rows = Array.from({ length: sessions }, (_, at) => row(at)).join('\n');
  writeFileSync(join(path, 'docs/progress/LARGE_PROGRESS.md'), `# Large Progress\n\n### Week 1\n\n${header}${rows}\n`);
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const line = (name, value, unit, budget) =>
  console.log(`${name.padEnd(44)}${value.toFixed(1).padStart(9)} ${unit.padEnd(4)} (budget ${budget})`);

const folder = await mkdtemp(join(tmpdir(), 'baton-bench-'));
let window;
try {
  const vsix = join(folder, 'baton.vsix');
  const path = join(folder, 'large');
  writeProject(path);
  await packageExtension(vsix);
  window = await openWindow({ path, vsix: [vsix], viewport: { width: 1600, height: 1000 } });
  window.page.setDefaultTimeout(120_000);
  await window.page.context().addInitScript(watchTable);
  // Commands are offered once the extension is known.
  await window.openContainer('Baton');
  await window.row(/^Large, /, 'Sessions').waitFor();
  await window.command('Baton: Open Dashboard');
  await showSection(await dashboardFrame(window, 120_000), 'Sessions');
  const tables = [];
  let frame;
  for (let round = 0; round < rounds; round += 1) {
    // A hidden page is gone; when it is shown again it asks for its data.
    await window.command('File: New Untitled Text File');
    await window.command('Baton: Open Dashboard');
    frame = await dashboardFrame(window, 120_000);
    await frame.locator('tr.session-row').first().waitFor();
    await frame.waitForFunction(() => globalThis.tableTimes?.drawn !== undefined);
    tables.push(await frame.evaluate(() => globalThis.tableTimes.drawn - globalThis.tableTimes.arrived));
  }
  const metrics = await window.page.context().newCDPSession(window.page);
  await metrics.send('Performance.enable');
  const scriptMs = async () => {
    const { metrics: all } = await metrics.send('Performance.getMetrics');
    return (all.find(({ name }) => name === 'ScriptDuration')?.value ?? 0) * 1000;
  };
  const scripts = [];
  let most = 0;
  for (let step = 0; step < steps; step += 1) {
    const before = await scriptMs();
    most = Math.max(
      most,
      await frame.evaluate(async () => {
        const row = document.querySelector('tr.session-row');
        let scroller = row?.parentElement;
        while (scroller && scroller.scrollHeight <= scroller.clientHeight + 1) scroller = scroller.parentElement;
        scroller?.scrollBy(0, 400);
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        return document.querySelectorAll('tr.session-row').length;
      }),
    );
    scripts.push((await scriptMs()) - before);
  }
  line(`${sessions} sessions, data to table, median of ${rounds}`, median(tables), 'ms', `${budgets.tableMs} ms`);
  line('rows in the document while scrolling, most', most, '', `${budgets.rows}`);
  line(`script per step, median of ${steps}`, median(scripts), 'ms', `${budgets.scriptMsPerStep} ms`);
  if (median(tables) > budgets.tableMs || median(scripts) > budgets.scriptMsPerStep || most > budgets.rows)
    process.exitCode = 1;
} finally {
  await window?.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
