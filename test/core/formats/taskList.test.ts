import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../src/core/base/textEdit.ts';
import { BatonError } from '../../../src/core/errors.ts';
import { parseTaskList, readTaskList } from '../../../src/core/formats/taskList.ts';
import {
  findTaskRow,
  planListEdit,
  planRowMove,
  planRowRemove,
  planTaskCells,
  planTaskRows,
} from '../../../src/core/formats/taskListEdits.ts';
import {
  planHandoff,
  planListNote,
  planSessionEnd,
  planSessionOpen,
} from '../../../src/core/formats/taskListSessions.ts';
import { newTaskListText } from '../../../src/core/formats/taskListText.ts';
import { joinTaskList } from '../../../src/core/store/joinTaskList.ts';
import { grayMatterFrontmatter } from '../../../src/platform/grayMatterFrontmatter.ts';

const path = 'docs/tasks/dbm.md';

function newText(title = 'Database migration'): string {
  return newTaskListText({
    id: 'dbm',
    title,
    createdAt: '2026-01-02T09:00:00+01:00',
    tasks: [
      { id: 'schema', title: 'Migrate schema', status: 'PENDING', after: [] },
      { id: 'data', title: 'Move a|b', status: 'PENDING', after: ['schema'] },
    ],
    session: { number: 1, started: '2026-01-02T09:00+01:00', who: 'Ada' },
  });
}

/** The list with its tasks as `id STATUS title <after`. */
function shortOf(text: string): string[] {
  return parseTaskList(text, path).value.tasks.map(
    ({ id, status, title, after }) => `${id} ${status} ${title}${after.map((name) => ` <${name}`).join('')}`,
  );
}

function edit(text: string, plan: Parameters<typeof planListEdit>[3]): string {
  return applyEdits(text, planListEdit(text, path, grayMatterFrontmatter, plan));
}

describe('a new task list', () => {
  it('reads back as it was made', () => {
    const { value, diagnostics } = parseTaskList(newText(), path);
    expect(diagnostics).toEqual([]);
    expect(value).toMatchObject({
      id: 'dbm',
      hasOwnId: true,
      title: 'Database migration',
      createdAt: '2026-01-02T09:00:00+01:00',
      session: 1,
      archived: false,
      sessions: [{ number: 1, started: '2026-01-02T09:00+01:00', who: 'Ada', completed: [] }],
      handoff: { text: 'Nothing has been handed off yet.' },
    });
    expect(shortOf(newText())).toEqual(['schema PENDING Migrate schema', 'data PENDING Move a|b <schema']);
  });

  it('keeps any title', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1 }).map((text) => text.replace(/\s+/g, ' ').trim()),
        (title) => {
          fc.pre(title !== '');
          expect(parseTaskList(newText(title), path, grayMatterFrontmatter).value.title).toBe(title);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('reading', () => {
  it('takes tables that people made: any order, other columns, formatting, other words', () => {
    const text =
      '# Mine\n\n| Notes | State | ID | Depends on | Name |\n|:--|:-:|---|---|---|\n| n | ✅ Done | `a` | - | First |\n| | in progress | **b** | `a`, c | Second |\n| | Pending | c | none | |\n';
    const { value, diagnostics } = parseTaskList(text, 'docs/tasks/mine.md');
    expect(diagnostics).toEqual([]);
    expect(value).toMatchObject({ id: 'mine', hasOwnId: false, title: 'Mine', session: 0 });
    expect(shortOf(text)).toEqual(['a COMPLETE First', 'b IN_PROGRESS Second <a <c', 'c PENDING c']);
  });

  it('says what it does not understand, and reads the rest', () => {
    const text =
      '| Task | Status | Title |\n|---|---|---|\n| a | PERHAPS | A |\n| a | PENDING | twice |\n| two words | PENDING | x |\n| b | PENDING |\n| | | |\n| c | COMPLETE | C | more |\n';
    const { value, diagnostics } = parseTaskList(text, path);
    expect(value.tasks.map(({ id, statusUnknown }) => [id, statusUnknown])).toEqual([
      ['a', true],
      ['a', false],
      ['b', false],
      ['c', false],
    ]);
    expect(diagnostics.map(({ code, range }) => `${code} ${text.slice(0, range.start).split('\n').length}`)).toEqual([
      'unknown-status 3',
      'duplicate-id 4',
      'malformed-row 5',
      'malformed-row 6',
      'malformed-row 8',
    ]);
  });

  it('leaves files alone that are no task lists', () => {
    expect(readTaskList('# Readme\n\n| a | b |\n|---|---|\n', 'docs/tasks/README.md').isTaskList).toBe(false);
    expect(readTaskList('---\nbaton: tasks/1\nid: x\n---\n', path).diagnostics.map(({ code }) => code)).toEqual([
      'no-task-table',
    ]);
  });

  it('reads a file without a final newline, with BOM, CRLF or mixed endings', () => {
    const plain = shortOf(newText());
    expect(shortOf(newText().trimEnd())).toEqual(plain);
    expect(shortOf(`\uFEFF${newText()}`)).toEqual(plain);
    expect(shortOf(newText().replace(/\n/g, '\r\n'))).toEqual(plain);
    expect(shortOf(newText().replace(/\n(?=\|)/g, '\r\n'))).toEqual(plain);
  });

  it('reads frontmatter that is not plain by the YAML parser, and says where it is broken', () => {
    const odd = newText().replace('title: Database migration', 'title: >\n  Database\n  migration\ntags: [a]');
    expect(parseTaskList(odd, path, grayMatterFrontmatter).value).toMatchObject({
      id: 'dbm',
      title: 'Database migration',
    });
    const broken = newText().replace('title: Database', 'title: "Database');
    const { value, diagnostics } = parseTaskList(broken, path, grayMatterFrontmatter);
    expect(value.tasks).toHaveLength(2);
    expect(diagnostics.map(({ code }) => code)).toEqual(['unreadable-frontmatter']);
  });

  it('finds the same in rows as Baton writes them and in rows that are read cell by cell', () => {
    const idCell = fc.constantFrom('a', 'b', 'task-3', 'd.4', '—', 'two words', '`a`', '**b**', '');
    const statusCell = fc.constantFrom('PENDING', 'IN_PROGRESS', 'COMPLETE', 'done', '?', '');
    const afterCell = fc.constantFrom('—', '-', 'a', 'a, b', 'b,a', 'none', 'task-3', 'gone', 'd.4, gone', '');
    const row = fc
      .tuple(
        idCell,
        statusCell,
        fc.constantFrom('A title', 'x \\| y', '', 'ü'),
        afterCell,
        fc.constantFrom(' |', ' | more |', ''),
      )
      .map(([id, status, title, after, end]) => ({ id, status, title, after, end }));
    const orders = fc.constantFrom(['id', 'status', 'title', 'after'], ['after', 'title', 'status', 'id']);
    const ending = fc.constantFrom('\n', '\r\n');
    // Code anywhere in the table makes each row be read cell by cell.
    const careful = '| `zz` | `zz` | `zz` | `zz` |';
    fc.assert(
      fc.property(fc.array(row, { maxLength: 12 }), orders, ending, (rows, order, newline) => {
        const lines = rows.map(
          (one) => `| ${order.map((name) => one[name as keyof typeof one]).join(' | ')}${one.end}`,
        );
        const head = `| ${order.map((name) => (name === 'id' ? 'Task' : name)).join(' | ')} |`;
        const textOf = (all: readonly string[]) => [head, '|---|---|---|---|', ...all, ''].join(newline);
        const [quick, slow] = [readTaskList(textOf(lines), path), readTaskList(textOf([...lines, careful]), path)];
        const [entry, slowEntry] = [joinTaskList(quick.list), joinTaskList(slow.list)];
        const { length } = quick.list.rows;
        expect(entry.tasks).toEqual(slowEntry.tasks.slice(0, length));
        expect(entry.criticalPath).toEqual(slowEntry.criticalPath);
        const behind = textOf(lines).length;
        const above = <T extends { readonly range: { readonly start: number } }>(all: readonly T[]) =>
          all.filter(({ range }) => range.start < behind);
        expect(quick.diagnostics).toEqual(above(slow.diagnostics));
        expect(entry.problems).toEqual(above(slowEntry.problems));
        const states = quick.list.tasks.map(({ status }) => status);
        const { pending, inProgress, complete } = entry.counts;
        expect([pending, inProgress, complete]).toEqual(
          ['PENDING', 'IN_PROGRESS', 'COMPLETE'].map((state) => states.filter((one) => one === state).length),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('comes to an end on any text, and gives ranges in it', () => {
    const piece = fc.constantFrom(
      '| Task | Status |\n|---|---|\n',
      '| a | PENDING |\n',
      '|',
      '\\|',
      '`',
      '<<<<<<< x\n',
      '=======\n',
      '>>>>>>> y\n',
      '## Sessions\n',
      '## Handoff\n',
      '---\n',
      'id: x\n',
      '\r',
      '\n',
      'ü',
      '\uFEFF',
      '```\n',
      '<!--',
      '-->',
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 20 }).map((parts) => parts.join('')),
        (text) => {
          const { value, diagnostics } = parseTaskList(text, path, grayMatterFrontmatter);
          for (const { range } of [...value.tasks, ...diagnostics]) {
            expect(range.start).toBeGreaterThanOrEqual(0);
            expect(range.end).toBeLessThanOrEqual(text.length);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('edits', () => {
  it('change the cells named, with one space each side, and nothing else', () => {
    const text = newText().replace('| schema | PENDING |', '|  schema  |PENDING|');
    const after = edit(text, (read) =>
      planTaskCells(read, findTaskRow(read.list, read.list.tasks, 'schema'), { status: 'COMPLETE', updated: 'now' }),
    );
    expect(after).toBe(
      text.replace('|PENDING|', '| COMPLETE |').replace(/(Migrate schema \| — \| — \|) — /, '$1 now '),
    );
  });

  it('leave every byte outside the row, whatever the file looks like', () => {
    const endings = fc.constantFrom('\n', '\r\n');
    const extra = fc.constantFrom(
      '',
      '\n## Mine\n\nText with | pipes and *marks*\n',
      '\n```\n| Task | Status |\n|---|---|\n| data | PENDING |\n```\n',
    );
    fc.assert(
      fc.property(endings, extra, fc.boolean(), fc.constantFrom('', '\uFEFF'), (ending, more, cut, bom) => {
        let text = bom + (newText() + more).replace(/\n/g, ending);
        if (cut) text = text.trimEnd();
        const after = edit(text, (read) =>
          planTaskCells(read, findTaskRow(read.list, read.list.tasks, 'data'), { status: 'IN_PROGRESS' }),
        );
        const at = text.indexOf('| data |');
        expect(after.slice(0, at)).toBe(text.slice(0, at));
        const tail = text.slice(text.indexOf(ending, at));
        expect(after.slice(-tail.length)).toBe(tail);
        expect(shortOf(after)[1]).toBe('data IN_PROGRESS Move a|b <schema');
      }),
    );
  });

  it('add rows at a place, in a table of another form too', () => {
    const row = { id: 'new', title: 'A | B', status: 'PENDING' as const, after: ['schema'] };
    for (const index of [0, 1, 2]) {
      const ids = shortOf(edit(newText(), (read) => planTaskRows(read, [row], index))).map(
        (line) => line.split(' ')[0],
      );
      expect(ids.indexOf('new')).toBe(index);
    }
    const other = '| X | Status | Task | Depends on |\n|---|---|---|---|\n| 1 | PENDING | schema | |';
    expect(edit(other, (read) => planTaskRows(read, [row], 1))).toBe(`${other}\n| — | PENDING | new | schema |`);
    const without = '| Task | Status |\n|---|---|\n';
    expect(() => edit(without, (read) => planTaskRows(read, [row], 0))).toThrow(/no column "After"/);
    expect(
      shortOf(edit('---\nbaton: tasks/1\nid: x\n---\n\n# T\n\n## Handoff\n', (read) => planTaskRows(read, [row], 0))),
    ).toEqual(['new PENDING A | B <schema']);
  });

  it('remove and move rows, also the last one of a file without a final newline', () => {
    const text = '| Task | Status |\n|---|---|\n| a | PENDING |\n| b | PENDING |\n| c | PENDING |';
    const order = (after: string): string =>
      shortOf(after)
        .map((line) => line[0])
        .join('');
    const rowOf = (read: Parameters<Parameters<typeof planListEdit>[3]>[0], id: string) =>
      findTaskRow(read.list, read.list.tasks, id);
    expect(edit(text, (read) => [planRowRemove(read, rowOf(read, 'c').line)])).toBe(
      text.replace('\n| c | PENDING |', ''),
    );
    for (const [id, index, wanted] of [
      ['a', 2, 'bca'],
      ['a', 1, 'bac'],
      ['c', 0, 'cab'],
      ['c', 1, 'acb'],
      ['b', 1, 'abc'],
      ['b', 9, 'acb'],
    ] as const) {
      const after = edit(text, (read) => planRowMove(read, rowOf(read, id), index));
      expect(order(after)).toBe(wanted);
      expect(after.length).toBe(text.length);
    }
  });

  it('open and end sessions, write notes and the handoff, and leave the rest', () => {
    let text = newText().replace(/\n/g, '\r\n');
    text = edit(text, (read) => {
      const [first] = read.list.sessions;
      if (!first) throw new Error('there is no session');
      return planSessionEnd(read, first, { ended: '2026-01-02T10:00+01:00', completed: ['schema', 'data'] });
    });
    text = edit(text, (read) => planSessionOpen(read, { number: 2, started: '2026-01-03T09:00+01:00', who: 'A | B' }));
    text = edit(text, (read) => [
      planListNote(read, { kind: 'removed', task: 'x', text: 'PENDING;\n## not a heading' }, 'T'),
    ]);
    text = edit(text, (read) => planHandoff(read, 'first\nsecond'));
    const { value, diagnostics } = parseTaskList(text, path);
    expect(diagnostics).toEqual([]);
    expect(value.session).toBe(2);
    expect(value.sessions).toMatchObject([
      { number: 1, ended: '2026-01-02T10:00+01:00', completed: ['schema', 'data'] },
      { number: 2, started: '2026-01-03T09:00+01:00', who: 'A | B' },
    ]);
    expect(value.notes).toMatchObject([{ kind: 'removed', task: 'x' }]);
    expect(value.handoff?.text).toBe('first\r\nsecond');
    expect(text.replace(/\r\n/g, '')).not.toMatch(/[\r\n]/);
    expect(text).toMatch(/## Sessions[\s\S]*## Notes[\s\S]*## Handoff/);
    const again = edit(text, (read) => planHandoff(read, 'first\nsecond'));
    expect(again).toBe(text);
  });

  it('say which row is meant, or that none is', () => {
    const { list } = readTaskList(
      '| Task | Status |\n|---|---|\n| schema | PENDING |\n| b | PENDING |\n| b | PENDING |\n',
      path,
    );
    const codeOf = (id: string): unknown => {
      try {
        return findTaskRow(list, list.tasks, id).id;
      } catch (error) {
        return BatonError.is(error) ? [error.code, error.hint] : error;
      }
    };
    expect(codeOf('Schema')).toBe('schema');
    expect(codeOf('shema')).toEqual(['unknown-task', 'Did you mean schema?']);
    expect(codeOf('b')).toEqual(['ambiguous-task', 'Give one of the rows another ID, or remove it.']);
  });
});

describe('what a merge left behind', () => {
  const rows = (ours: string, theirs: string): string =>
    newText().replace('| schema |', `<<<<<<< HEAD\n${ours}=======\n${theirs}>>>>>>> other\n| schema |`);

  it('is put together where each side only added rows, by the next edit or by check', () => {
    const text = rows('| x | PENDING | X | — | — | — |\n', '| y | PENDING | Y | — | — | — |\n');
    const { value, diagnostics } = parseTaskList(text, path);
    expect(value.tasks.map(({ id }) => id)).toEqual(['x', 'y', 'schema', 'data']);
    expect(diagnostics).toMatchObject([{ code: 'merge-markers', fix: { safe: true } }]);
    const fixed = applyEdits(text, diagnostics[0]?.fix?.edits ?? []);
    expect(fixed).toBe(
      newText().replace('| schema |', '| x | PENDING | X | — | — | — |\n| y | PENDING | Y | — | — | — |\n| schema |'),
    );
    const after = edit(text, (read) =>
      planTaskCells(read, findTaskRow(read.list, read.list.tasks, 'data'), { status: 'COMPLETE' }),
    );
    expect(after).toBe(fixed.replace('| data | PENDING |', '| data | COMPLETE |'));
  });

  it.each([
    ['changed one row', '| a | PENDING | A | — | — | — |\n', '| a | COMPLETE | A | — | — | — |\n'],
    ['added a row that is there already', '| data | PENDING | A | — | — | — |\n', '| b | PENDING | B | — | — | — |\n'],
    ['has text in it', 'text\n', '| b | PENDING | B | — | — | — |\n'],
  ])('is left alone where a side %s', (_name, ours, theirs) => {
    const text = rows(ours, theirs);
    expect(parseTaskList(text, path).value.tasks.length).toBeGreaterThan(2);
    expect(parseTaskList(text, path).diagnostics.filter(({ fix }) => fix !== undefined)).toEqual([]);
    expect(() => edit(text, (read) => planTaskRows(read, [], 0))).toThrow(/conflict marks/);
  });

  it('is never touched outside the tables', () => {
    const marks = '<<<<<<< HEAD\nmine\n=======\ntheirs\n>>>>>>> other\n';
    const text = newText() + marks;
    const after = edit(text, (read) =>
      planTaskCells(read, findTaskRow(read.list, read.list.tasks, 'data'), { status: 'COMPLETE' }),
    );
    expect(after.endsWith(marks)).toBe(true);
    expect(shortOf(after)[1]).toContain('COMPLETE');
  });

  it('keeps both sessions that two branches opened', () => {
    const text = newText().replace(
      /(\| 1 \|.*\n)/,
      '$1<<<<<<< HEAD\n| 2 | t1 | — | Ada | — |\n=======\n| 2 | t2 | — | Bob | — |\n>>>>>>> other\n',
    );
    const { value, diagnostics } = parseTaskList(text, path);
    expect(value.sessions.map(({ number, who }) => `${number} ${who}`)).toEqual(['1 Ada', '2 Ada', '2 Bob']);
    expect(diagnostics).toMatchObject([{ code: 'merge-markers', fix: { safe: true } }]);
  });

  it('does not hide the ID when it is in the frontmatter', () => {
    const text = newText().replace('session: 1\n', '<<<<<<< HEAD\nsession: 2\n=======\nsession: 3\n>>>>>>> other\n');
    const { value, diagnostics } = parseTaskList(text, path, grayMatterFrontmatter);
    expect(value).toMatchObject({ id: 'dbm', session: 3 });
    expect(diagnostics.map(({ code, fix }) => [code, fix])).toEqual([['merge-markers', undefined]]);
  });
});
