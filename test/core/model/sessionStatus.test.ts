import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  readStatus,
  type SessionStatus,
  sessionStatuses,
  withIconOf,
  writeStatus,
} from '../../../src/core/model/sessionStatus.ts';

describe('reading a status cell', () => {
  const cells: readonly (readonly [string, SessionStatus | undefined])[] = [
    ['', 'pending'],
    [' — ', 'pending'],
    ['-', 'pending'],
    ['⬜', 'pending'],
    ['⏳', 'pending'],
    ['⏳ Not Started', 'pending'],
    ['⬜ Not Started', 'pending'],
    ['TODO', 'pending'],
    ['to-do', 'pending'],
    ['Ready', 'pending'],
    ['Waiting On Hardware Queue', 'pending'],
    ['🔄', 'active'],
    ['🔄 In Progress', 'active'],
    ['in_progress', 'active'],
    ['IN-PROGRESS (60%)', 'active'],
    ['⏳ In Progress', 'active'],
    ['WIP', 'active'],
    ['⏸', 'paused'],
    ['⏸️', 'paused'],
    ['⏸️ On hold', 'paused'],
    ['Deferred', 'paused'],
    ['✅', 'done'],
    ['✅ Complete', 'done'],
    ['✅Done', 'done'],
    ['Done ✅', 'done'],
    ['☑️', 'done'],
    ['✅ SHIPPED (bypass)', 'done'],
    ['✅ Archived', 'done'],
    ['**`Merged`**', 'done'],
    ['[Done](https://x.y/z)', 'done'],
    ['~~Pending~~ ✅ Done', 'done'],
    ['~~Done~~', 'done'],
    ['Completed 2026-01-01', 'done'],
    ['done, merged', 'done'],
    ['5/5 done', 'done'],
    ['100%', 'done'],
    ['❌', 'failed'],
    ['Error: no network', 'failed'],
    ['🔁', 'retry'],
    ['Rolled back', 'retry'],
    ['⛔ Blocked by BE-06', 'blocked'],
    ['🔴 Blocked', 'blocked'],
    ['✅ froze', 'done'],
    ['**3/5 done**', undefined],
    ['✅ 3 of 5', undefined],
    ['60%', undefined],
    ['🟡 Bugs Open', undefined],
    ['🟢', undefined],
    ['⚠️ PARTIAL', undefined],
    ['Ready / In Session / Closed', undefined],
    ['Done or failed', undefined],
    ['Done?', undefined],
    ['✅ ⏳', undefined],
    ['✅ not done', undefined],
    ['almost done', undefined],
    ['doneish', undefined],
    ['Phase 2', undefined],
  ];

  it.each(cells)('%s → %s', (cell, status) => {
    expect(readStatus(cell)).toEqual({ raw: cell.trim(), status, disagrees: false });
  });

  it.each([
    ['❌ Blocked', 'blocked'],
    ['✅ Pending', 'pending'],
    ['⬜ Done', 'done'],
  ] as const)('takes the word of %s and says that the icon disagrees', (cell, status) => {
    expect(readStatus(cell)).toMatchObject({ status, disagrees: true });
    expect(readStatus(withIconOf(cell, status))).toMatchObject({ status, disagrees: false });
  });

  it('reads what Baton writes, each state by one cell', () => {
    for (const status of sessionStatuses)
      expect(readStatus(writeStatus(status))).toMatchObject({ status, disagrees: false });
    expect(new Set(sessionStatuses.map(writeStatus)).size).toBe(sessionStatuses.length);
  });

  it('does not mind variation selectors, case and formatting', () => {
    const dress = fc.constantFrom(
      (text: string) => text,
      (text: string) => `**${text}**`,
      (text: string) => `\`${text}\``,
      (text: string) => text.toUpperCase(),
    );
    fc.assert(
      fc.property(fc.constantFrom(...sessionStatuses), dress, fc.boolean(), (status, wear, plain) => {
        const written = writeStatus(status);
        const cell = wear(plain ? written.replaceAll('\uFE0F', '') : written);
        expect(readStatus(cell)).toMatchObject({ status, disagrees: false });
      }),
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(readStatus(text).raw).toBe(text.trim());
      }),
    );
  });
});
