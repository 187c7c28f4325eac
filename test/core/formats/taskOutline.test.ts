import { describe, expect, it } from 'vitest';
import { readTaskOutline } from '../../../src/core/formats/taskOutline.ts';

describe('outlines of tasks', () => {
  it('in markdown: items, boxes, IDs, nesting, a title', () => {
    const text = `# Database migration

Some text | that is none.

- [x] database-migration - Migrate database schema
- [ ] application: Migrate application code after database-migration
- **validation** - Validate
  1. \`rows\` – Count rows
  2. Compare sums

\`\`\`
- not this
\`\`\`
`;
    expect(readTaskOutline(text)).toEqual({
      title: 'Database migration',
      tasks: [
        { id: 'database-migration', title: 'Migrate database schema', status: 'COMPLETE' },
        { id: 'application', title: 'Migrate application code', after: ['database-migration'] },
        { id: 'rows', title: 'Count rows' },
        { title: 'Compare sums' },
        { id: 'validation', title: 'Validate', after: ['rows', 'Compare sums'] },
      ],
    });
  });

  it.each([
    ['a list of lines', '- schema: Migrate schema\n- data: Move data after schema\n'],
    ['a map', 'schema: Migrate schema\ndata: Move data after schema\n'],
    ['maps', '- id: schema\n  title: Migrate schema\n- id: data\n  title: Move data\n  after: [schema]\n'],
    ['a map of maps', 'tasks:\n  schema: {title: Migrate schema}\n  data:\n    title: Move data\n    after: schema\n'],
    ['CRLF', '- schema: Migrate schema\r\n- data: Move data after schema\r\n'],
  ])('in YAML: %s', (_name, text) => {
    expect(readTaskOutline(text).tasks).toEqual([
      { id: 'schema', title: 'Migrate schema' },
      { id: 'data', title: 'Move data', after: ['schema'] },
    ]);
  });

  it('in YAML: a title, states, tasks below others', () => {
    const text =
      'title: Release\ntasks:\n  - id: build\n    title: Build\n    status: in_progress\n    tasks:\n      - Compile\n  - Ship\n';
    expect(readTaskOutline(text)).toEqual({
      title: 'Release',
      tasks: [
        { title: 'Compile' },
        { id: 'build', title: 'Build', status: 'IN_PROGRESS', after: ['Compile'] },
        { title: 'Ship' },
      ],
    });
  });

  it.each(['', '# Only a title\n', 'tasks: []\n'])('refuse %j, which has no tasks', (text) => {
    expect(() => readTaskOutline(text)).toThrow(/no tasks/);
  });

  it('refuse a state that is not known', () => {
    expect(() => readTaskOutline('- title: A\n  status: perhaps\n')).toThrow(/perhaps/);
  });
});
