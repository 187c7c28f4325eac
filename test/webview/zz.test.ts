import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { it } from 'vitest';
import { bareSession, dayMs, dependsOn, doneSession, hourMs, nowMs, projectOf } from './support/chartSessions.ts';

it('x', () => {
  const { renderReport } = createRequire(import.meta.url)('/tmp/w2dist/report.cjs');
  let seed = 7;
  const r = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const mk = (n: number, done: number, p: string) =>
    Array.from({ length: n }, (_, i) => {
      const repo = ['api', 'web', 'mobile'][Math.floor(r() * 3)]!;
      const deps =
        i > 2
          ? [i - 1 - Math.floor(r() * 3)].map((k) => ({ ...dependsOn(`${p}-${k}`, k < done), key: `${p}/${p}-${k}` }))
          : [];
      const v = {
        key: `${p}/${p}-${i}`,
        project: p,
        repository: repo,
        dependencies: deps,
        estimateMinutes: 30 + Math.floor(r() * 6) * 15,
        model: r() > 0.4 ? 'sonnet' : 'opus',
        unblocksCount: Math.floor(r() * 6),
        critical: i >= done && i % 4 === 0,
        cells: {},
      };
      if (i < done) return doneSession(`${p}-${i}`, (((n - i) * 30) / n) * (0.9 + r() * 0.2), 20 + r() * 300, v);
      if (i === done) return bareSession(`${p}-${i}`, { ...v, state: 'active', startedMs: nowMs - 3 * hourMs });
      if (i === done + 1)
        return bareSession(`${p}-${i}`, {
          ...v,
          state: 'failed',
          startedMs: nowMs - 3 * dayMs,
          endedMs: nowMs - 2 * dayMs,
        });
      if (i === done + 2) return bareSession(`${p}-${i}`, { ...v, state: 'blocked', startedMs: nowMs - 4 * dayMs });
      return bareSession(`${p}-${i}`, { ...v, state: deps.every((d) => d.met) ? 'ready' : 'waiting' });
    });
  for (const [name, a, b] of [
    ['mid', 36, 22],
    ['huge', 9000, 5000],
  ] as const) {
    const A = mk(a, b, 'SHOP'),
      B = mk(8, 3, 'DEPOT');
    const all = [...A, ...B];
    const p = (n: string, s: typeof A) => ({
      ...projectOf(
        s,
        s.filter((x) => x.critical).map((x) => x.key),
      ),
      name: n,
    });
    const html = renderReport(
      {
        name: 'shop',
        takenMs: nowMs,
        projects: [p('SHOP', A), p('DEPOT', B)],
        sessions: all,
        next: [],
        taskLists: [
          {
            id: 't-1',
            title: 'Tidy up the checkout',
            path: 'x',
            counts: { pending: 3, inProgress: 1, complete: 6, total: 10 },
            archived: false,
            ready: [{ id: 'T3', title: 'Name the fields' }],
            inProgress: [{ id: 'T2', title: 'Move the tests' }],
          },
        ],
        inbox: [
          {
            id: 'q',
            kind: 'question',
            question: 'Which currency is shown first?',
            options: [],
            blocking: true,
            askedAt: '',
            session: 'SHOP-3',
          },
        ],
        problems: [{ path: 'docs/X.md', message: 'The table has no ID column.' }],
      },
      { locale: 'en-GB' },
    );
    writeFileSync(`/tmp/w2-${name}.html`, html);
    console.log(name, html.length);
  }
});
