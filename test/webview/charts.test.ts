import fc from 'fast-check';
import { h, type JSX } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { describe, expect, it } from 'vitest';
import type { DashboardSession } from '../../src/core/model/dashboard.ts';
import { shownStates } from '../../src/core/model/shownState.ts';
import { BurnUp } from '../../src/webview/charts/burnUp.tsx';
import { burnUpOf, burnUpRows } from '../../src/webview/charts/burnUpSeries.ts';
import type { ChartProps } from '../../src/webview/charts/chartProps.ts';
import { groupDurations, timedSessions } from '../../src/webview/charts/durationStats.ts';
import { Durations } from '../../src/webview/charts/durations.tsx';
import { dateTexts } from '../../src/webview/charts/formatTexts.ts';
import { NextUp } from '../../src/webview/charts/nextUp.tsx';
import { planAhead } from '../../src/webview/charts/planAhead.ts';
import { Timeline } from '../../src/webview/charts/timeline.tsx';
import { layOutTimeline, mostBars, type TimelineOptions } from '../../src/webview/charts/timelineLayout.ts';
import { roundNumbers, ticksBetween } from '../../src/webview/charts/timeScale.ts';
import { english } from '../../src/webview/texts.ts';
import {
  bareSession,
  chartProps,
  dayMs,
  dependsOn,
  doneSession,
  hourMs,
  nowMs,
  projectOf,
} from './support/chartSessions.ts';

const charts: readonly (readonly [name: string, chart: (props: ChartProps) => JSX.Element])[] = [
  ['Timeline', Timeline],
  ['BurnUp', BurnUp],
  ['Durations', Durations],
  ['NextUp', NextUp],
];

const drawn = (chart: (props: ChartProps) => JSX.Element, props: ChartProps): string => renderToString(h(chart, props));

/** The texts of the first cells of all rows of tables. */
const rowNames = (html: string): readonly string[] =>
  [...html.matchAll(/<th scope="row">([^<]*)<\/th>/g)].map(([, name]) => name ?? '');

/** Values of attributes that place something: they must be numbers or shares. */
function placesIn(html: string): readonly string[] {
  return [...html.matchAll(/ (?:x|y|x1|x2|y1|y2|cx|cy|width|height|d)="([^"]*)"/g)].map(([, value]) => value ?? '');
}

const layout = (sessions: readonly DashboardSession[], values: Partial<TimelineOptions> = {}) =>
  layOutTimeline({ sessions, nowMs, zoom: 'fit', planned: true, dates: dateTexts('en'), t: english, ...values });

const hostileTime = fc.oneof(
  fc.constantFrom(undefined, Number.NaN, Number.POSITIVE_INFINITY, -1, 0, 8.64e15, 8.65e15, 253_402_300_799_999, 1e300),
  fc.integer({ min: nowMs - 400 * dayMs, max: nowMs + 400 * dayMs }),
);
const hostileSession = fc
  .record({
    number: fc.integer({ min: 0, max: 30 }),
    state: fc.constantFrom(...shownStates),
    startedMs: hostileTime,
    endedMs: hostileTime,
    durationMinutes: hostileTime,
    estimateMinutes: hostileTime,
    title: fc.constantFrom('', '<script>alert(1)</script>', '"\'&', '\u0000\ud800', 'x'.repeat(2000)),
    model: fc.constantFrom(undefined, 'opus', '__proto__'),
    repository: fc.constantFrom(undefined, 'api', 'a\nb', ''),
    on: fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 3 }),
    critical: fc.boolean(),
  })
  .map(({ number, on, ...values }) => {
    const known = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
    return bareSession(`S-${number}`, { ...known, dependencies: on.map((each) => dependsOn(`S-${each}`)) });
  });
const hostileSessions = fc.uniqueArray(hostileSession, { selector: ({ key }) => key, maxLength: 25 });

describe.each(charts)('%s', (_name, chart) => {
  it('draws whatever the files say, with places that are numbers', () => {
    fc.assert(
      fc.property(hostileSessions, fc.boolean(), (sessions, interactive) => {
        const path = sessions.map(({ key }) => key);
        const props = chartProps(sessions, {
          projects: [projectOf(sessions, path)],
          ...(interactive && { onShow: () => {} }),
        });
        const html = drawn(chart, props);
        for (const place of placesIn(html)) expect(place).not.toMatch(/NaN|Infinity|undefined|e\+/);
        expect(html).not.toContain('<script>');
        expect(html).not.toMatch(/ style="/);
      }),
      { numRuns: 60 },
    );
  });

  it.each([0, 1])('draws %d sessions', (count) => {
    const sessions = Array.from({ length: count }, () => doneSession('A', 3));
    expect(drawn(chart, chartProps(sessions))).toMatch(/<h3 id="[^"]+">/);
  });

  it('draws 10,000 sessions in bounded size where rows are made on demand', () => {
    const sessions = Array.from({ length: 10_000 }, (_, index) =>
      index < 9_000
        ? doneSession(`S-${index}`, 900 - index / 10)
        : bareSession(`S-${index}`, { dependencies: [dependsOn(`S-${index - 1}`)] }),
    );
    const path = sessions.slice(9_000).map(({ key }) => key);
    // What is not linear takes minutes, and the run's limit ends it.
    const html = drawn(chart, chartProps(sessions, { projects: [projectOf(sessions, path)], onShow: () => {} }));
    expect(html.length).toBeLessThan(400_000);
    expect((html.match(/<(?:rect|line|path|g|li|tr)\b/g) ?? []).length).toBeLessThan(6_000);
  });

  it('names each picture, and none twice', () => {
    const html = drawn(chart, chartProps([doneSession('A', 9), doneSession('B', 5), bareSession('C')]));
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [picture] of html.matchAll(/<svg [^>]*role="img"[^>]*>/g)) {
      const names = / aria-(?:labelledby|label)="([^"]+)"/.exec(picture)?.[1] ?? '';
      expect(names).not.toBe('');
      for (const id of picture.includes('labelledby') ? names.split(' ') : []) expect(ids).toContain(id);
    }
  });
});

describe('the timeline', () => {
  it('has every session in its table, also those without a time', () => {
    const sessions = [doneSession('A', 9), bareSession('B', { state: 'active' }), bareSession('C'), bareSession('D')];
    expect(rowNames(drawn(Timeline, chartProps(sessions)))).toEqual(['A', 'B', 'C', 'D']);
    const many = Array.from({ length: 10_000 }, (_, index) => doneSession(`S-${index}`, index / 20));
    const html = drawn(Timeline, chartProps(many));
    expect(rowNames(html)).toHaveLength(10_000);
    expect(html).toContain(`${mostBars} of 10000 sessions are drawn`);
  });

  it('grows what goes on up to now, and marks it', () => {
    const active = bareSession('A', { state: 'active', startedMs: nowMs - 2 * hourMs });
    const [first, second] = [nowMs, nowMs + hourMs].map((at) => layout([active], { nowMs: at }));
    expect(first?.bars[0]?.span).toMatchObject({ open: true, endMs: nowMs });
    expect(second?.bars[0]?.span).toMatchObject({ open: true, endMs: nowMs + hourMs });
    expect(drawn(Timeline, chartProps([active]))).toContain('chart-bar-open');
  });

  it('says that an end lies before its start, and draws a point', () => {
    const odd = doneSession('A', 2, -600);
    expect(layout([odd]).bars[0]?.span).toMatchObject({ note: 'endBeforeStart', startMs: odd.startedMs });
    const html = drawn(Timeline, chartProps([odd]));
    expect(html).toContain('its end lies before its start');
    expect(html).toContain('(before its start)');
  });

  it('takes the length for a start or end that is missing', () => {
    const noStart = bareSession('A', { state: 'done', endedMs: nowMs - dayMs, durationMinutes: 60 });
    const noEnd = bareSession('B', { state: 'failed', startedMs: nowMs - dayMs, durationMinutes: 60 });
    const [a, b] = layout([noStart, noEnd]).bars.map(({ span }) => span);
    expect(a).toMatchObject({ note: 'noStart', startMs: nowMs - dayMs - hourMs });
    expect(b).toMatchObject({ note: 'noEnd', endMs: nowMs - dayMs + hourMs });
  });

  it('puts sessions that overlap into lanes of their own, one repository below the other', () => {
    fc.assert(
      fc.property(hostileSessions, fc.constantFrom('fit', 'week', 'day'), fc.boolean(), (sessions, zoom, planned) => {
        const { bars, groups, height } = layout(sessions, { zoom, planned });
        for (const bar of bars) {
          expect(bar.left).toBeGreaterThanOrEqual(0);
          expect(bar.right).toBeGreaterThan(bar.left);
          const group = groups.find(({ top, height: high }) => bar.top > top && bar.top < top + high);
          expect(group).toBeDefined();
          expect(bar.top).toBeLessThan(height);
          for (const other of bars) {
            if (other === bar || other.top !== bar.top) continue;
            expect(other.left >= bar.right || other.right <= bar.left).toBe(true);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('draws very many at one time without labels, in a bounded height, and names them all the same', () => {
    const crowd = Array.from({ length: 200 }, (_, index) => doneSession(`S-${index}`, 5, 60, { repository: 'api' }));
    const { bars, height } = layout([...crowd, doneSession('FIRST', 300, 60, { repository: 'web' })]);
    expect(bars).toHaveLength(201);
    expect(height).toBeLessThan(600);
    const html = drawn(Timeline, chartProps(crowd, { onShow: () => {} }));
    expect(html).toContain('aria-label="S-199 Title of S-199: Done');
  });

  it('places what is to come behind what it waits for, as long as its estimate', () => {
    const sessions = [
      bareSession('A', { estimateMinutes: 30 }),
      bareSession('B', { state: 'waiting', estimateMinutes: 60, dependencies: [dependsOn('A')] }),
      bareSession('C', { state: 'waiting', dependencies: [dependsOn('A'), dependsOn('B')] }),
      bareSession('D', { estimateMinutes: 90 }),
      bareSession('E', { state: 'active', startedMs: nowMs - hourMs, estimateMinutes: 100 }),
      bareSession('F', { state: 'waiting', estimateMinutes: 10, dependencies: [dependsOn('E')] }),
    ];
    const places = planAhead(sessions, nowMs).map(({ session, fromMinutes, toMinutes }) => [
      session.id,
      fromMinutes,
      toMinutes,
    ]);
    // C has no estimate: it gets the median of the others.
    expect(Object.fromEntries(places.map(([id, ...rest]) => [id, rest]))).toEqual({
      A: [0, 30],
      B: [30, 90],
      C: [90, 150],
      D: [0, 90],
      F: [40, 50],
    });
  });

  it('places sessions that wait for each other without end', () => {
    const circle = [
      bareSession('A', { state: 'waiting', dependencies: [dependsOn('B')] }),
      bareSession('B', { state: 'waiting', dependencies: [dependsOn('A')] }),
    ];
    expect(planAhead(circle, nowMs)).toHaveLength(2);
    const chain = Array.from({ length: 10_000 }, (_, index) =>
      bareSession(`S-${index}`, { state: 'waiting', dependencies: index === 0 ? [] : [dependsOn(`S-${index - 1}`)] }),
    );
    expect(planAhead([...chain].reverse(), nowMs).at(-1)).toMatchObject({ toMinutes: 10_000 * 60 });
  });

  it('draws a line for each dependency between bars, and none to what was met long ago', () => {
    const sessions = [
      doneSession('A', 9),
      doneSession('B', 5, 60, { dependencies: [dependsOn('A', true)] }),
      bareSession('C', { dependencies: [dependsOn('B', true)] }),
      bareSession('D', { state: 'waiting', dependencies: [dependsOn('C')] }),
    ];
    const links = layout(sessions).links.map(({ from, to }) => `${from.session.id}-${to.session.id}`);
    expect(links).toEqual(['A-B', 'C-D']);
    expect(layout(sessions, { planned: false }).bars.map(({ session }) => session.id)).toEqual(['A', 'B']);
  });

  it('makes bars buttons only where they lead somewhere, one of them in the order of Tab', () => {
    const sessions = [doneSession('A', 9), doneSession('B', 5), doneSession('C', 2)];
    const still = drawn(Timeline, chartProps(sessions));
    expect(still).not.toContain('role="button"');
    expect(still).toMatch(/<svg class="chart-svg chart-fit"[^>]*role="img"/);
    const lively = drawn(Timeline, chartProps(sessions, { onShow: () => {} }));
    expect(lively.match(/role="button"/g)).toHaveLength(3);
    expect(lively.match(/<g[^>]*tabindex="0"/g)).toHaveLength(1);
    expect(lively).toMatch(/<svg class="chart-svg chart-fit"[^>]*role="group"/);
  });
});

describe('the axis', () => {
  const dates = dateTexts('en-GB');

  it('has at most so many ticks, in order and within, for any range', () => {
    const time = fc.integer({ min: 0, max: 253_402_300_799_999 });
    fc.assert(
      fc.property(
        time,
        fc.integer({ min: 60_000, max: 200_000_000_000_000 }),
        fc.integer({ min: 2, max: 20 }),
        (from, span, most) => {
          const ticks = ticksBetween(from, Math.min(from + span, 253_402_300_799_999), most, dates);
          expect(ticks.length).toBeLessThanOrEqual(most + 2);
          for (const [index, { ms, label }] of ticks.entries()) {
            expect(ms).toBeGreaterThanOrEqual(ticks[index - 1]?.ms ?? from);
            expect(label).not.toMatch(/NaN|Invalid/);
          }
        },
      ),
    );
  });

  it.each([
    ['hours', 5 * hourMs, /^\d\d:\d\d$/],
    ['days', 5 * dayMs, /^\d+ \w{3}$/],
    ['months', 200 * dayMs, /^\w{3,4} 20\d\d$/],
    ['years', 4000 * dayMs, /^20\d\d$/],
  ])('names %s', (_unit, span, form) => {
    expect(ticksBetween(nowMs - span, nowMs, 8, dates).at(-1)?.label).toMatch(form);
  });

  it('counts in round whole numbers up to the greatest', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (greatest) => {
        const numbers = roundNumbers(greatest, 5);
        expect(numbers[0]).toBe(0);
        expect(numbers.at(-1)).toBeGreaterThanOrEqual(greatest);
        expect(numbers.length).toBeLessThanOrEqual(7);
        for (const number of numbers) expect(Number.isInteger(number)).toBe(true);
      }),
    );
  });

  it('falls back to English for a locale that is none', () => {
    expect(dateTexts('no such locale!').date(nowMs)).toContain('2026');
  });
});

describe('the burn-up', () => {
  it('counts up to what is done, and projects the rest by the pace of late', () => {
    const sessions = [8, 6, 4, 2].map((days, index) => doneSession(`D-${index}`, days));
    const left = ['X', 'Y', 'Z', 'W'].map((id) => bareSession(id));
    const series = burnUpOf([...sessions, ...left], nowMs);
    expect(series?.points.map(({ done }) => done)).toEqual([1, 2, 3, 4]);
    // Four in eight days: four more take eight days.
    expect(series?.projection).toMatchObject({ ms: nowMs + 8 * dayMs, days: 8, done: 4 });
    const html = drawn(BurnUp, chartProps([...sessions, ...left]));
    expect(html).toContain('4 of 8 sessions are done (50 %).');
    expect(html).toContain('If the pace holds (4 in 8 days)');
  });

  it.each([
    ['too few were done', [doneSession('A', 5), doneSession('B', 3), bareSession('C')]],
    ['all was done long ago', [200, 201, 202].map((days) => doneSession(`D-${days}`, days)).concat(bareSession('C'))],
    ['nothing is left', [5, 4, 3].map((days) => doneSession(`D-${days}`, days))],
    [
      'all was done within a day',
      [0.3, 0.2, 0.1].map((days) => doneSession(`D-${days}`, days)).concat(bareSession('C')),
    ],
  ])('projects nothing where %s', (_why, sessions) => {
    expect(burnUpOf(sessions, nowMs)).toMatchObject({ planned: sessions.length });
    expect(burnUpOf(sessions, nowMs)?.projection).toBeUndefined();
    expect(drawn(BurnUp, chartProps(sessions))).not.toContain('chart-projection');
  });

  it('counts what was done without a time from the beginning, and says so', () => {
    const sessions = [bareSession('A', { state: 'done' }), doneSession('B', 3)];
    expect(burnUpOf(sessions, nowMs)).toMatchObject({ done: 2, doneWithoutTime: 1 });
    expect(drawn(BurnUp, chartProps(sessions))).toContain('Done without a known time, counted from the beginning: 1.');
    expect(burnUpRows(sessions).rows.at(-1)).toMatchObject({ done: 1, total: 2 });
  });

  it('has rows that add up to what is done, by week where days are too many', () => {
    const days = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 120 });
    fc.assert(
      fc.property(days, (ago) => {
        const { unit, rows } = burnUpRows(ago.map((day, index) => doneSession(`D-${index}`, day)));
        expect(rows.reduce((sum, { done }) => sum + done, 0)).toBe(ago.length);
        expect(rows.at(-1)?.total).toBe(ago.length);
        expect(unit === 'week' || rows.length <= 60).toBe(true);
      }),
    );
  });
});

describe('the durations', () => {
  const sessions = [
    doneSession('A', 5, 30, { estimateMinutes: 60, model: 'opus', repository: 'api' }),
    doneSession('B', 4, 90, { estimateMinutes: 60, model: 'opus', repository: 'web' }),
    doneSession('C', 3, 60, { model: 'sonnet', repository: 'web' }),
    bareSession('D', { state: 'active', startedMs: nowMs - hourMs, durationMinutes: 60 }),
  ];

  it('are of what is over, the latest first', () => {
    expect(timedSessions(sessions).map(({ session, minutes }) => [session.id, minutes])).toEqual([
      ['C', 60],
      ['B', 90],
      ['A', 30],
    ]);
    expect(rowNames(drawn(Durations, chartProps(sessions))).slice(0, 3)).toEqual(['C', 'B', 'A']);
  });

  it('are grouped with median, sum, count and how they compare to estimates', () => {
    expect(groupDurations(timedSessions(sessions), ({ model }) => model)).toEqual([
      { name: 'opus', count: 2, sumMinutes: 120, medianMinutes: 60, toEstimate: 1 },
      { name: 'sonnet', count: 1, sumMinutes: 60, medianMinutes: 60 },
    ]);
    expect(groupDurations(timedSessions(sessions), ({ repository }) => repository).map(({ name }) => name)).toEqual([
      'web',
      'api',
    ]);
  });

  it('stay readable beside one session that was left open for weeks', () => {
    const usual = Array.from({ length: 12 }, (_, index) => doneSession(`S-${index}`, 20 - index, 60));
    const html = drawn(Durations, chartProps([...usual, doneSession('LONG', 30, 40_000)]));
    expect(html).toContain('chart-cut');
    const widths = [...html.matchAll(/class="chart-bar-fill"[^>]* width="([\d.]+)%"/g)].map(([, width]) =>
      Number(width),
    );
    expect(Math.min(...widths)).toBeGreaterThan(20);
  });
});

describe('what is next', () => {
  const sessions = [
    bareSession('A', { unblocksCount: 1, unblocks: ['X'], estimateMinutes: 45 }),
    bareSession('B', { unblocksCount: 7, unblocks: ['X', 'Y'], critical: true }),
    bareSession('C'),
    bareSession('X', { state: 'waiting', critical: true }),
  ];

  it('ranks by what a session unblocks, and says why', () => {
    const html = drawn(NextUp, chartProps(sessions));
    expect(rowNames(html)).toEqual(['B', 'A', 'C']);
    expect(html).toContain('unblocks 7: X, Y, … · on the critical path');
    expect(html).toContain('unblocks 1: X · estimate 45 min');
    expect(html).toContain('nothing waits for it');
  });

  it('names a session without a title of its own once', () => {
    const html = drawn(NextUp, chartProps([bareSession('A-1', { title: 'A-1' })]));
    expect(html.slice(0, html.indexOf('<details')).match(/A-1/g)).toHaveLength(1);
  });

  it('lists the critical path in its order', () => {
    const html = drawn(NextUp, chartProps(sessions, { projects: [projectOf(sessions, ['shop/B', 'shop/X'])] }));
    const path = html.slice(html.indexOf('chart-path'));
    expect([...path.matchAll(/<strong>([^<]*)<\/strong>/g)].map(([, id]) => id)).toEqual(['B', 'X']);
  });

  it.each([
    ['There are no sessions yet.', []],
    ['All sessions are done.', [doneSession('A', 3)]],
    [
      'Nothing can be started now: what is left waits for P.',
      [bareSession('P', { state: 'paused' }), bareSession('Q', { state: 'waiting' })],
    ],
  ])('says: %s', (text, all) => {
    expect(drawn(NextUp, chartProps(all))).toContain(text);
  });

  it('has buttons only where they lead somewhere', () => {
    expect(drawn(NextUp, chartProps(sessions))).not.toContain('<button');
    expect(drawn(NextUp, chartProps(sessions, { onShow: () => {} })).match(/<button/g)).toHaveLength(3);
  });
});
