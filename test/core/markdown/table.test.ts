import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../src/core/base/textEdit.ts';
import { parseMarkdown } from '../../../src/core/markdown/document.ts';
import {
  escapeCell,
  isBlankCell,
  parseTable,
  plainCellText,
  planCellEdits,
  planRowInsert,
  type Table,
} from '../../../src/core/markdown/table.ts';
import { cellText, documentText, lineEnding } from './support.ts';

function tableOf(text: string, index = 0): Table {
  const doc = parseMarkdown(text);
  const block = doc.tables[index];
  if (block === undefined) throw new Error(`no table in ${JSON.stringify(text)}`);
  return parseTable(doc, block);
}

function rowsOf(text: string): string[][] {
  return tableOf(text).rows.map((row) => row.cells.map((cell) => cell.text));
}

function edit(text: string, row: number, changes: Record<number, string>): string {
  const table = tableOf(text);
  const source = table.rows[row];
  if (source === undefined) throw new Error('no row');
  return applyEdits(
    text,
    planCellEdits(table, source, new Map(Object.entries(changes).map(([column, value]) => [Number(column), value]))),
  );
}

describe('reading a table', () => {
  it('needs a header with pipes and a delimiter row with as many cells', () => {
    expect(parseMarkdown('| a | b |\n|---|\n').tables).toEqual([]);
    expect(parseMarkdown('a\n---\n').tables).toEqual([]);
    expect(parseMarkdown('| a |\n|---|\n').tables).toHaveLength(1);
    expect(parseMarkdown('a | b\n:-- | --:\n').tables).toHaveLength(1);
    expect(parseMarkdown('| a | b |\n| - | - |\n').tables).toHaveLength(1);
    expect(parseMarkdown('text\n| a | b |\n|---|---|\n| 1 | 2 |\n').tables).toHaveLength(1);
  });

  it('ends at a blank line and where another block begins', () => {
    const head = '| a | b |\n|---|---|\n| 1 | 2 |\n';
    for (const tail of ['\n| 3 | 4 |\n', '# h\n', '> q\n', '- item\n', '```\n', '---\n', '<div>\n']) {
      expect(rowsOf(head + tail)).toEqual([['1', '2']]);
    }
    expect(rowsOf(`${head}text\n`)).toEqual([['1', '2'], ['text']]);
  });

  it('takes outer pipes as optional and escaped ones as text', () => {
    expect(rowsOf('a | b\n--|--\n1 | 2\n| 1 | 2\n1 | 2 |\nx \\| y | z\n')).toEqual([
      ['1', '2'],
      ['1', '2'],
      ['1', '2'],
      ['x \\| y', 'z'],
    ]);
    expect(rowsOf('| a | b |\n|---|---|\n|  |  |\n| |\n||\n|\n')).toEqual([['', ''], [''], [''], []]);
  });

  it('splits at a pipe in code as GitHub does, where the row has the right number of cells that way', () => {
    expect(rowsOf('| a | b |\n|---|---|\n| `x | y` |\n')).toEqual([['`x', 'y`']]);
  });

  it('keeps code whole where GitHub would drop the end of the row', () => {
    const table = tableOf('| a | b | c |\n|---|---|---|\n| 1 | `x || y` | 3 |\n| 1 | `x | 2 | y | 3 |\n');
    expect(table.rows[0]?.cells.map(({ text }) => text)).toEqual(['1', '`x || y`', '3']);
    expect(table.rows[0]).toMatchObject({ ragged: false });
    expect(table.rows[0]?.codePipes).toHaveLength(2);
    expect(table.rows[1]).toMatchObject({ ragged: true, codePipes: [] });
  });

  it('finds the cells of tables in quotes and lists', () => {
    const text = '> | a | b |\n> |---|---|\n> | 1 | 2 |\n\n- x\n\n  | a | b |\n  |---|---|\n  | 3 | 4 |\n';
    expect(tableOf(text, 0).rows.map((row) => row.cells.map((cell) => cell.text))).toEqual([['1', '2']]);
    expect(tableOf(text, 1).rows.map((row) => row.cells.map((cell) => cell.text))).toEqual([['3', '4']]);
  });
});

describe('writing cells', () => {
  it('gives what it writes one space on each side and touches nothing else', () => {
    const text = '\uFEFF|a|  b|c  |\r\n|-|-|-|\r\n|1|  2|   3   |\t\r\n';
    expect(edit(text, 0, { 1: 'x' })).toBe('\uFEFF|a|  b|c  |\r\n|-|-|-|\r\n|1| x |   3   |\t\r\n');
    expect(edit(text, 0, { 2: '3' })).toBe(text);
  });

  it('never changes code with pipes in another cell', () => {
    const text = '| a | b | c |\n|---|---|---|\n| 1 | `x || y` | 3 |\n';
    expect(edit(text, 0, { 2: 'new' })).toBe('| a | b | c |\n|---|---|---|\n| 1 | `x || y` | new |\n');
  });

  it('adds the cells that a short row lacks', () => {
    const head = '| a | b | c |\n|---|---|---|\n';
    expect(edit(`${head}| 1 |\n`, 0, { 2: 'x' })).toBe(`${head}| 1 |  | x |\n`);
    expect(edit(`${head}| 1\n`, 0, { 1: 'x' })).toBe(`${head}| 1 | x |\n`);
    expect(edit(`${head}1 | 2  \n`, 0, { 1: '', 2: 'x' })).toBe(`${head}1 |  | x |  \n`);
    expect(edit(`${head}|\n`, 0, { 0: 'x' })).toBe(`${head}| x |\n`);
  });

  it('gives an open row the pipe that a blank or a first cell needs', () => {
    expect(edit('a | b\n--|--\n1 | 2\n', 0, { 1: '' })).toBe('a | b\n--|--\n1 |  |\n');
    expect(edit('a | b\n--|--\n1 | 2\n', 0, { 0: '# x' })).toBe('a | b\n--|--\n| # x | 2\n');
  });

  it('refuses a column that is not there', () => {
    expect(() => edit('| a |\n|---|\n| 1 |\n', 0, { 1: 'x' })).toThrow(RangeError);
  });

  it('reads back what it wrote, and leaves every byte outside the row', () => {
    const value = cellText.map(escapeCell);
    const line = fc
      .array(cellText, { minLength: 0, maxLength: 6 })
      .map((cells) => `|${cells.map((cell) => `${cell}|`).join('')}`);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(line, lineEnding), { minLength: 1, maxLength: 5 }),
        fc.array(fc.tuple(fc.nat(3), value), { minLength: 1, maxLength: 4 }),
        fc.nat(4),
        (lines, changes, pick) => {
          const text = `\uFEFFbefore\r\n\r\n|a|b|c|d|\r\n|-|-|-|-|\r\n${lines.map(([row, ending]) => row + ending).join('')}\r\nafter`;
          const table = tableOf(text);
          const row = table.rows[pick % Math.max(1, table.rows.length)];
          if (row === undefined) return;
          const wanted = new Map(changes);
          const after = applyEdits(text, planCellEdits(table, row, wanted));
          expect(after.startsWith(text.slice(0, row.range.start))).toBe(true);
          expect(after.endsWith(text.slice(row.range.end))).toBe(true);
          const changed = tableOf(after).rows[table.rows.indexOf(row)];
          if (row.codePipes.length === 0 && !row.ragged) {
            for (const [column, text] of wanted) expect(changed?.cells[column]?.text).toBe(text);
            expect(changed?.cells.length).toBe(row.cells.length);
            expect(changed && planCellEdits(tableOf(after), changed, wanted)).toEqual([]);
          }
        },
      ),
      { numRuns: Number(process.env.FC_RUNS ?? 500) },
    );
  });
});

describe('adding rows', () => {
  function add(text: string, after: number | 'end', cells: string[]): string {
    const doc = parseMarkdown(text);
    const table = tableOf(text);
    const row = after === 'end' ? after : table.rows[after];
    if (row === undefined) throw new Error('no row');
    return applyEdits(text, planRowInsert(doc, table, row, cells));
  }

  it('takes the line ending of the place, and leaves a file without final newline so', () => {
    expect(add('| a |\r\n|---|\r\n| 1 |', 'end', ['2'])).toBe('| a |\r\n|---|\r\n| 1 |\r\n| 2 |');
    expect(add('| a |\n|---|\n| 1 |\n| 3 |\n', 0, ['2'])).toBe('| a |\n|---|\n| 1 |\n| 2 |\n| 3 |\n');
    expect(add('| a |\n|---|', 'end', ['1 | 2'])).toBe('| a |\n|---|\n| 1 \\| 2 |');
  });

  it('stays in the quote or list', () => {
    expect(add('> | a |\n> |---|\n> | 1 |\n\nx', 'end', ['2'])).toBe('> | a |\n> |---|\n> | 1 |\n> | 2 |\n\nx');
    expect(add('- | a |\n  |---|\n', 'end', ['2'])).toBe('- | a |\n  |---|\n  | 2 |\n');
  });

  it('makes exactly one more row in any document', () => {
    fc.assert(
      fc.property(documentText, fc.array(cellText, { minLength: 1, maxLength: 3 }), (text, cells) => {
        const doc = parseMarkdown(text);
        for (const block of doc.tables) {
          const table = parseTable(doc, block);
          // A row is never written with more cells than its table has: how its backticks pair is then anybody's guess.
          const fitting = cells.slice(0, table.header.cells.length);
          const after = applyEdits(text, planRowInsert(doc, table, 'end', fitting));
          const again = parseMarkdown(after);
          const same = again.tables.find(({ range }) => range.start === block.range.start);
          if (same === undefined) throw new Error('the table is gone');
          const rows = parseTable(again, same).rows;
          expect(rows.length).toBe(table.rows.length + 1);
          expect(rows.at(-1)?.cells.map((cell) => cell.text)).toEqual(fitting.map(escapeCell));
        }
      }),
      { numRuns: Number(process.env.FC_RUNS ?? 500) },
    );
  });
});

describe('cell texts', () => {
  it('are escaped once', () => {
    expect(escapeCell(' a | b\r\n c ')).toBe('a \\| b c');
    expect(escapeCell('a \\| b')).toBe('a \\| b');
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(escapeCell(escapeCell(text))).toBe(escapeCell(text));
      }),
    );
  });

  it('lose their formatting for reading', () => {
    expect(plainCellText('**`a \\| b`**')).toBe('a | b');
    expect(plainCellText('[BE-01](x)')).toBe('BE-01');
    expect(plainCellText('~~x~~ \\| y')).toBe('x | y');
  });

  it.each(['', ' ', '-', '—', '–', '--', '&nbsp;', '−'])('are blank: "%s"', (text) => {
    expect(isBlankCell(text)).toBe(true);
  });

  it('are not blank otherwise', () => {
    expect(isBlankCell('0')).toBe(false);
    expect(isBlankCell('- x')).toBe(false);
  });
});
