import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../src/core/base/textEdit.ts';
import { idPlacesOf } from '../../../src/core/language/idPlaces.ts';
import { findRenamable, type PlannedRename, planRename } from '../../../src/core/language/renameId.ts';
import { files, mark, openStore, withCursor } from './idFiles.ts';

const stamp = '2026-01-05T08:00+01:00';
const plan = 'docs/FERRY_PROMPTS.md';
const progress = 'docs/progress/FERRY_PROGRESS.md';
const session = 'docs/sessions/SESSION.md';
const list = 'docs/tasks/release.md';

async function renameAt(marked: Readonly<Record<string, string>>, to: string): Promise<PlannedRename> {
  const { files: given, path, offset } = withCursor(marked);
  const store = await openStore(given);
  const workspace = await store.load();
  const { subject } = findRenamable(workspace, path, offset);
  return planRename(workspace, subject, to, { reread: (texts) => store.overlay(texts), stamp });
}

function apply(
  given: Readonly<Record<string, string>>,
  { files: changed, moves }: PlannedRename,
): Record<string, string> {
  const result = { ...given };
  for (const { path, edits } of changed) result[path] = applyEdits(given[path] ?? '', edits);
  for (const { from, to } of moves) {
    result[to] = result[from] ?? '';
    delete result[from];
  }
  return result;
}

describe('the places of a session', () => {
  it('are found in every file, and only those of its project', async () => {
    const { path, offset, files: given } = withCursor(mark(progress, '| BE-01 |', { into: 4 }));
    const workspace = await (await openStore(given)).load();
    const { subject } = findRenamable(workspace, path, offset);
    const found = idPlacesOf(workspace).placesOf(subject);
    const rolesIn = (file: string) => found.filter((place) => place.path === file).map(({ role }) => role);
    expect([...new Set(found.map((place) => place.path))].sort()).toEqual([plan, progress, session, list].sort());
    expect(rolesIn(plan)).toEqual([...['heading', 'named', 'mention', 'mention', 'named', 'mention', 'named']]);
    expect(rolesIn(progress)).toEqual([...['row', 'named', 'mention', 'named', 'named', 'named', 'named', 'mention']]);
    expect(rolesIn(session)).toEqual(['named', 'mention']);
    expect(rolesIn(list)).toEqual(['named']);
    for (const place of found) expect(given[place.path]?.slice(place.range.start, place.range.end)).toBe('BE-01');
  });

  it('go from any of them to its heading, and to its row where no plan has it', async () => {
    const { path, offset, files: given } = withCursor(mark(session, '- BE-01', { into: 3 }));
    const workspace = await (await openStore(given)).load();
    const places = idPlacesOf(workspace);
    const definitionsAt = (at: string, where: number) =>
      places.placeAt(at, where)?.subjects.flatMap((one) => places.definitionsOf(one)) ?? [];
    expect(definitionsAt(path, offset)).toMatchObject([{ path: plan, role: 'heading', id: 'BE-01' }]);
    const other = 'docs/progress/OTHER_PROGRESS.md';
    expect(definitionsAt(other, (given[other] ?? '').lastIndexOf('BE-01'))).toMatchObject([
      { path: other, role: 'row', id: 'BE-01' },
    ]);
  });
});

describe('renaming a session', () => {
  it('changes every place that names it, offers prose, and leaves other projects alone', async () => {
    const marked = mark(plan, 'BE-01');
    const result = await renameAt(marked, 'TT-10');
    const after = apply(withCursor(marked).files, result);
    expect(result.moves).toEqual([]);
    expect(after['docs/progress/OTHER_PROGRESS.md']).toBe(files['docs/progress/OTHER_PROGRESS.md']);
    expect(after[plan]).toContain('## Session TT-10: Timetable');
    expect(after[plan]).toContain('session_id: TT-10');
    expect(after[plan]).toContain('  - TT-10 (a timetable)');
    expect(after[plan]).toContain('<requires session="TT-10">');
    expect(after[plan]).toContain('Use what BE-01 made.');
    expect(after[plan]).toContain('| BE-01 | example |');
    expect(after[progress]).toContain('| TT-10 | ✅ Done |');
    expect(after[progress]).toContain('#### TT-10: Timetable');
    expect(after[progress]).toContain('- [ ] BE-02 blocked by TT-10');
    expect(after[progress]).toContain('| 2026-01-02 | TT-10 | Keep BE-01 small |');
    expect(after[session]).toContain('  - TT-10 (a timetable)');
    expect(after[list]).toContain('| — | TT-10 | schema |');
    expect(result.files.flatMap(({ mentions }) => mentions)).toHaveLength(6);
    expect(result.warnings).toHaveLength(1);
  });

  it('renames the file of a paused session', async () => {
    const marked = mark(progress, '| BE-03 |', { into: 3 });
    const result = await renameAt(marked, 'FA.1');
    expect(result.moves).toEqual([{ from: 'docs/sessions/paused/BE-03.md', to: 'docs/sessions/paused/FA.1.md' }]);
    const after = await (await openStore(apply(withCursor(marked).files, result))).load();
    expect(after.paused.map(({ id }) => id)).toEqual(['FA.1']);
    expect(after.sessions.find(({ id }) => id === 'FA.1')).toMatchObject({ status: 'pending', project: 'Ferry' });
  });

  it.each([
    ['is taken', mark(plan, 'BE-01'), 'BE-02', /There is a session BE-02 already/],
    ['is no ID', mark(plan, 'BE-01'), 'two words', /cannot be the ID/],
    ['is an option', mark(plan, 'BE-01'), '--force', /cannot be the ID/],
    ['would be read as something else', mark(plan, 'BE-01'), '*x*', /would not be found again/],
    ['would end the heading’s ID', mark(plan, 'BE-01'), 'a:', /would not be found again/],
    ['stands where there is none', mark(plan, 'Foundations'.toUpperCase()), 'X-1', /Only the IDs/],
  ])('refuses an ID that %s', async (_, marked, to, message) => {
    await expect(renameAt(marked, to)).rejects.toThrow(message);
  });

  it('refuses what it cannot tell', async () => {
    const twice = { ...files, [progress]: (files[progress] ?? '').replace('| BE-03 |', '| BE-01 |') };
    const text = twice[progress] ?? '';
    const at = text.indexOf('| BE-01 |') + 3;
    await expect(renameAt({ ...twice, [progress]: `${text.slice(0, at)}‸${text.slice(at)}` }, 'X-1')).rejects.toThrow(
      /BE-01 stands twice: docs\/progress\/FERRY_PROGRESS.md:\d+, docs/,
    );
    const range = { ...files, [progress]: (files[progress] ?? '').replace('BE-01, BE-03', 'BE-01–BE-03') };
    const rangeText = range[progress] ?? '';
    await expect(
      renameAt({ ...range, [progress]: rangeText.replace('| BE-01 |', '| BE‸-01 |') }, 'X-1'),
    ).rejects.toThrow(/within a range/);
  });

  it('keeps the same ID of two repositories apart', async () => {
    const two = `# P Progress

## Repository: a

| Session | Status | Dependencies |
|---|---|---|
| S-1 | Done | |
| S-2 | Pending | S-1 |

### Session Notes

#### S-1: A

## Repository: b

| Session | Status | Dependencies |
|---|---|---|
| S-‸1 | Done | |
| S-3 | Pending | S-1 |

### Session Notes

#### S-1: B
`;
    const result = await renameAt({ 'docs/progress/P_PROGRESS.md': two }, 'S-9');
    const [changed] = result.files;
    const after = applyEdits(changed?.text ?? '', changed?.edits ?? []);
    expect(after).toBe(
      two.replace('S-‸1', 'S-9').replace('| S-3 | Pending | S-1', '| S-3 | Pending | S-9').replace('S-1: B', 'S-9: B'),
    );
  });

  it.each([
    ['CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['a BOM', (text: string) => `\uFEFF${text}`],
    ['mixed endings and no last one', (text: string) => text.replace(/\n(?=#)/g, '\r\n').trimEnd()],
  ])('there and back gives the same bytes, with %s', async (_, form) => {
    const given = Object.fromEntries(Object.entries(files).map(([path, text]) => [path, form(text)]));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('BE-01', 'BE-02', 'BE-03'),
        fc
          .stringMatching(/^[A-Z]{2,4}-[0-9]{2,4}$/)
          .filter((id) => !Object.values(given).some((text) => text.includes(id))),
        async (from, to) => {
          const rename = async (of: Record<string, string>, id: string, into: string) => {
            const store = await openStore(of);
            const workspace = await store.load();
            const subject = idPlacesOf(workspace).sessions.all.find(
              (one) => one.id === id && one.entries[0]?.project === 'Ferry',
            );
            if (subject === undefined) throw new Error(`no ${id}`);
            return apply(
              of,
              await planRename(workspace, subject, into, { reread: (texts) => store.overlay(texts), stamp }),
            );
          };
          const there = await rename({ ...given }, from, to);
          expect(there).not.toEqual(given);
          expect(await rename(there, to, from)).toEqual(given);
        },
      ),
      { numRuns: 6 },
    );
  });
});

describe('renaming a task', () => {
  it('changes its row and what depends on it, and notes the rename', async () => {
    const marked = mark(list, 'schema, models', { into: 2 });
    const result = await renameAt(marked, 'tables-2');
    const after = apply(withCursor(marked).files, result)[list] ?? '';
    expect(after).toContain('| tables-2 | COMPLETE | Schema |');
    expect(after).toContain('| models | IN_PROGRESS | Models | tables-2 |');
    expect(after).toContain('| tables-2, models |');
    expect(after).toContain('renamed tables to schema: Schema\n');
    expect(after).toContain(`- [${stamp}] renamed schema to tables-2: Schema`);
    expect(after).toContain('| BE-01 | schema |');
  });

  it('refuses an ID that is taken or none', async () => {
    const marked = mark(list, 'schema, models', { into: 2 });
    await expect(renameAt(marked, 'models')).rejects.toThrow(/already/);
    await expect(renameAt(marked, 'a,b')).rejects.toThrow(/cannot be the ID/);
  });
});

it('no text makes it throw', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.constantFrom(
          '| BE-01 | Done |\n',
          '|---|---|\n',
          '| Session | Status |\n',
          '## Session BE-01: x\n',
          '```yaml\n',
          '```\n',
          'dependencies: BE-01..BE-09\n',
          '<session id="BE-01">\n',
          '---\n',
          'BE-01',
          '\r',
          '\\|',
          '  - ',
          ' ',
        ),
        { maxLength: 30 },
      ),
      async (parts) => {
        const text = parts.join('');
        const workspace = await (
          await openStore({
            'docs/A_PROMPTS.md': text,
            'docs/progress/A_PROGRESS.md': text,
            'docs/sessions/SESSION.md': text,
            'docs/tasks/a.md': text,
          })
        ).load();
        const places = idPlacesOf(workspace);
        for (const { path } of places.texts()) {
          for (const { range } of places.placesIn(path)) expect(range.end).toBeGreaterThanOrEqual(range.start);
        }
      },
    ),
    { numRuns: 60 },
  );
});
