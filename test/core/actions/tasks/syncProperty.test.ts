import fc from 'fast-check';
import { expect, it } from 'vitest';
import { listPath, SyncRig } from './syncSupport.ts';

/** What can happen between two syncs; numbers choose a task, whatever there is. */
type Event =
  | { readonly kind: 'set here' | 'set there'; readonly at: number; readonly status: number }
  | {
      readonly kind: 'rename here' | 'rename there' | 'create here' | 'create there';
      readonly at: number;
      readonly title: string;
    }
  | { readonly kind: 'depend here' | 'depend there'; readonly at: number; readonly on: number }
  | {
      readonly kind: 'remove here' | 'remove there' | 'drop complete' | 'lose mark' | 'tear' | 'sync' | 'kill';
      readonly at: number;
    };

const statuses = ['PENDING', 'IN_PROGRESS', 'COMPLETE'] as const;
const storeStatuses = ['pending', 'in_progress', 'completed'] as const;
const index = fc.nat({ max: 9 });
const title = fc.oneof(
  fc.constantFrom('Test', 'Write docs', 'A | B', 'Größe\\', '—', '#1', 'x  y\n z', '`code`', ' '),
  fc.string({ maxLength: 12 }),
);
const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('set here' as const, 'set there' as const),
      at: index,
      status: fc.nat({ max: 2 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'rename here' as const,
        'rename there' as const,
        'create here' as const,
        'create there' as const,
      ),
      at: index,
      title,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('depend here' as const, 'depend there' as const),
      at: index,
      on: index,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        ...(['remove here', 'remove there', 'drop complete', 'lose mark', 'tear', 'sync', 'sync', 'kill'] as const),
      ),
      at: index,
    }),
  },
);

/** Everything that either side has said so far: nothing of it may be nowhere at the end, unless somebody removed it. */
class World {
  readonly rig = new SyncRig([
    ['schema', 'PENDING', 'Write the schema'],
    ['data', 'PENDING', 'Move the data', 'schema'],
  ]);
  #made = 0;

  async play(happening: Event): Promise<void> {
    const { rig } = this;
    const { claude } = rig;
    const row = rig.list.tasks[happening.at % Math.max(1, rig.list.tasks.length)];
    const numbers = claude.tasks.map(({ id }) => id);
    const number = numbers[happening.at % Math.max(1, numbers.length)];
    switch (happening.kind) {
      case 'set here':
        if (row) this.#cell(row.id, 1, statuses[happening.status] ?? '');
        break;
      case 'set there':
        if (number) claude.update(number, { status: storeStatuses[happening.status] ?? '' });
        break;
      case 'rename here':
        if (row) this.#cell(row.id, 2, happening.title.replace(/[\r\n|\\]/g, '').trim() || 'Title');
        break;
      case 'rename there':
        if (number) claude.update(number, { subject: happening.title });
        break;
      case 'create here':
        this.#made += 1;
        rig.edit(
          '\n\n## Sessions',
          `\n| n${this.#made} | PENDING | ${happening.title.replace(/[\r\n|\\]/g, '').trim() || 'Title'} | — | — | — |\n\n## Sessions`,
        );
        break;
      case 'create there':
        claude.create(happening.title);
        break;
      case 'depend here': {
        const on = rig.list.tasks[happening.on % Math.max(1, rig.list.tasks.length)];
        if (row && on && row !== on) this.#cell(row.id, 3, on.id);
        break;
      }
      case 'depend there': {
        const on = numbers[happening.on % Math.max(1, numbers.length)];
        if (number && on && on !== number) claude.block(number, on);
        break;
      }
      case 'remove here':
        if (row) rig.edit(new RegExp(`\\n\\| ${row.id} \\|.*`), '');
        break;
      case 'remove there':
        if (number) claude.delete(number);
        break;
      case 'drop complete':
        for (const { id, status } of claude.tasks) if (status === 'completed') claude.files.delete(id);
        break;
      case 'lose mark':
        claude.highWaterMark = 0;
        break;
      case 'tear':
        // Half a write that is finished before the next look but one.
        if (number) {
          const text = claude.files.get(number) ?? '';
          claude.files.set(number, text.slice(0, 20));
          await rig.sync();
          claude.files.set(number, text);
        }
        break;
      case 'sync':
        await rig.sync();
        break;
      case 'kill': {
        let left = happening.at;
        const tick = () => {
          left -= 1;
          if (left === 0) throw new Error('killed');
        };
        claude.beforeChange = tick;
        rig.project.beforeChange = tick;
        await rig.sync().catch((error: unknown) => expect(String(error)).toContain('killed'));
        claude.beforeChange = undefined;
        rig.project.beforeChange = undefined;
      }
    }
  }

  #cell(id: string, column: number, value: string): void {
    const text = this.rig.project.text(listPath) ?? '';
    const lines = text.split('\n').map((line) => {
      const cells = line.split(/(?<!\\)\|/);
      if (cells[1]?.trim() !== id || cells.length !== 8) return line;
      cells[column + 1] = ` ${value} `;
      return cells.join('|');
    });
    this.rig.project.set(listPath, lines.join('\n'));
  }
}

it('comes to rest after any interleaving, with nothing lost, and then agrees wherever it reports no conflict', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 25 }), async (events) => {
      const world = new World();
      const { rig } = world;
      for (const one of events) await world.play(one);
      const completeBefore = rig.list.tasks.filter(({ status }) => status === 'COMPLETE').map(({ id }) => id);
      const rowsBefore = rig.list.tasks.map(({ id }) => id);
      const numbersBefore = [...rig.claude.files.keys()];
      const first = await rig.sync();
      // Rows go only where that is told, and never complete ones.
      const ids = new Set(rig.list.tasks.map(({ id }) => id));
      const removed = first.changes
        .filter(({ side, kind }) => side === 'list' && kind === 'removed')
        .map(({ task }) => task);
      for (const id of rowsBefore) expect(ids.has(id) || removed.includes(id)).toBe(true);
      for (const id of removed) expect(completeBefore).not.toContain(id);
      // Files go only where their row was removed.
      const removedThere = first.changes.flatMap(({ side, kind, number }) =>
        side === 'claude' && kind === 'removed' ? [number] : [],
      );
      for (const number of numbersBefore)
        expect(rig.claude.files.has(number) || removedThere.includes(number)).toBe(true);
      // A second look finds nothing to do.
      const [text, files] = [rig.project.text(listPath), new Map(rig.claude.files)];
      const second = await rig.sync();
      expect(second.changes).toEqual([]);
      expect(rig.project.text(listPath)).toBe(text);
      expect(rig.claude.files).toEqual(files);
      expect(second.conflicts).toEqual(first.conflicts);
      expect(second.rescued).toEqual(first.rescued);
      // Where there is no conflict, each row has its file, and both say the same.
      const disputed = new Set(second.conflicts.map(({ task }) => task));
      const byTag = new Map(rig.claude.tasks.map((task) => [task.metadata?.['baton'], task]));
      for (const task of rig.list.tasks) {
        if (disputed.has(task.id) || second.rescued.includes(task.id)) continue;
        const file = byTag.get(task.id);
        expect(file?.status, `${task.id}: ${JSON.stringify(second.conflicts)}`).toBe(
          storeStatuses[statuses.indexOf(task.status)],
        );
      }
      // A preferred side settles what is in dispute, except for tasks that cannot be told apart and circles.
      const settled = await rig.sync({ prefer: 'list' });
      expect(settled.conflicts.filter(({ kind }) => kind !== 'ambiguous' && kind !== 'dependencies')).toEqual([]);
      await rig.sync();
      expect((await rig.sync()).changes).toEqual([]);
    }),
    { numRuns: Number(process.env.SYNC_RUNS ?? 150) },
  );
}, 60_000);
