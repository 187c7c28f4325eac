import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../src/core/base/textEdit.ts';
import { checkWorkspace } from '../../../src/core/checks/checkWorkspace.ts';
import { hoverAt, promptStart } from '../../../src/core/language/hoverAt.ts';
import { quickFixes } from '../../../src/core/language/quickFixes.ts';
import { workspaceOf } from '../../support/workspaceOf.ts';
import { dedent } from '../markdown/support.ts';
import { placeIn } from './support.ts';

const progressPath = 'docs/progress/P_PROGRESS.md';
const planPath = 'docs/P_PROMPTS.md';
const progress = dedent(`
  # P Progress

  | Session | Status | Notes |
  |---|---|---|
  | BE-01 | ✅ Done | |
  | BE-02 | 🦭 Sealed | |
`);
const plan = dedent(`
  # P Prompts

  ## Session BE-01: One

  ## Session BE-02: Two

  ### Metadata

  \`\`\`yaml
  dependencies: BE-01
  \`\`\`

  ### Prompt

  \`\`\`markdown
  Do this.

  Then that.
  \`\`\`
`);

/** What is explained at the cursor, in a few words. */
async function hover(files: Readonly<Record<string, string>>) {
  const { workspace, path, offset, text } = await placeIn({ [progressPath]: progress, [planPath]: plan, ...files });
  const found = hoverAt(workspace, path, offset);
  if (found === undefined) return undefined;
  const at = text.slice(found.range.start, found.range.end);
  if (found.kind === 'session') return `${at}: ${found.entries.map(({ id, title }) => `${id} ${title}`).join(', ')}`;
  if (found.kind === 'task') return `${at}: ${found.task.id} ${found.task.title}`;
  return `${at}: ${found.status}`;
}

describe('a hover', () => {
  it('explains IDs in rows, headings, dependencies, SESSION.md and notes', async () => {
    const at = (path: string, text: string) => hover({ [path]: text });
    expect(await at(progressPath, progress.replace('| BE-01', '| BE█-01'))).toBe('BE-01: BE-01 One');
    expect(await at(planPath, plan.replace('Session BE-02', 'Session BE-█02'))).toBe('BE-02: BE-02 Two');
    expect(await at(planPath, plan.replace('dependencies: BE', 'dependencies: B█E'))).toBe('BE-01: BE-01 One');
    expect(
      await at('docs/sessions/SESSION.md', '---\nbaton: session/1\nsession: BE-0█2\n---\n\n# Current Session: BE-02\n'),
    ).toBe('BE-02: BE-02 Two');
    expect(await at(progressPath, `${progress}\n## Notes\n\nBE-0█2 needs care.\n`)).toBe('BE-02: BE-02 Two');
  });

  it('explains states, those that nobody understands too', async () => {
    expect(await hover({ [progressPath]: progress.replace('Done', 'Do█ne') })).toBe('✅ Done: done');
    const second = `${progress}\n## Week 2\n\n| Session | Status |\n|---|---|\n| BE-03 | ❌ Fai█led |\n`;
    expect(await hover({ [progressPath]: second })).toBe('❌ Failed: failed');
    expect(await hover({ [progressPath]: progress.replace('Sealed', 'Sea█led') })).toBe('🦭 Sealed: undefined');
  });

  it('explains rows of task lists, wherever on the row', async () => {
    const list = '# Release\n\n| Task | Status | Title | After |\n|---|---|---|---|\n| a | PENDING | First | — |\n';
    const at = (text: string) => hover({ 'docs/tasks/release.md': text });
    expect(await at(list.replace('First', 'Fi█rst'))).toBe('| a | PENDING | First | — |: a First');
    expect(await at(list.replace('| a', '| █a'))).toBe('a: a First');
    expect(await at(list.replace('Release', 'Rel█ease'))).toBeUndefined();
  });

  it('says which sessions an ID may mean', async () => {
    const twice = `${progress}\n## Repository: other\n\n| Session | Status |\n|---|---|\n| BE-02 | ⬜ Pending |\n`;
    const text = `${twice}\n## Repository: third\n\nSee BE-0█2.\n`;
    expect(await hover({ [progressPath]: text })).toBe('BE-02: BE-02 Two, BE-02 Two');
  });

  it('says nothing of prose, of other words and behind the end', async () => {
    expect(await hover({ [progressPath]: progress.replace('Progress', 'Pro█gress') })).toBeUndefined();
    expect(await hover({ [progressPath]: `${progress}\nBE-9█9\n` })).toBeUndefined();
    expect(await hover({ [progressPath]: `${progress}█` })).toBeUndefined();
  });
});

describe('a hover over any text', () => {
  it('throws nothing, and lies within the text', async () => {
    const piece = fc.constantFrom(
      '| Session | Status |\n|---|---|\n',
      '| BE-01 | ⬜ |\r\n',
      '| \\| |',
      '```yaml\ndependencies: BE-01..BE-03\n```\n',
      '## Session BE-01: One\n',
      '<session id="BE-01">',
      '<<<<<<< a\n',
      '---\n',
      '\uFEFF',
      'BE-01 ',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(piece, fc.string()), { maxLength: 12 }), fc.nat(), async (pieces, at) => {
        const text = pieces.join('');
        const paths = [planPath, progressPath, 'docs/sessions/SESSION.md', 'docs/tasks/a.md', '.claude/STATE.md'];
        const workspace = await workspaceOf(Object.fromEntries(paths.map((path) => [path, text])));
        for (const path of paths) {
          const found = hoverAt(workspace, path, at % (text.length + 1));
          if (found) expect(found.range.end).toBeLessThanOrEqual(text.length);
          const problems = checkWorkspace(workspace, { unknownCommits: [], liveIsolated: [] });
          for (const one of problems.find((file) => file.path === path)?.diagnostics ?? []) {
            for (const fix of quickFixes(workspace, path, one)) if (fix.kind !== 'goTo') applyEdits(text, fix.edits);
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('the beginning of a prompt', () => {
  it('is its first lines, without blank ones', async () => {
    const { workspace } = await placeIn({ [planPath]: `${plan}█` });
    const entry = workspace.sessions.find(({ id }) => id === 'BE-02');
    expect(entry && promptStart(entry)).toBe('Do this.\nThen that.');
    expect(promptStart({})).toBeUndefined();
  });

  it('is cut where it is long', async () => {
    const long = plan.replace('Then that.', 'word '.repeat(200));
    const { workspace } = await placeIn({ [planPath]: `${long}█` });
    const start = promptStart(workspace.sessions.find(({ id }) => id === 'BE-02') ?? {});
    expect(start?.endsWith('…')).toBe(true);
    expect(start?.length).toBeLessThanOrEqual(401);
  });
});
