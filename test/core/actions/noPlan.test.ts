import { expect, test } from 'vitest';
import { complete } from '../../../src/core/actions/complete.ts';
import { listSessions } from '../../../src/core/actions/listSessions.ts';
import { start } from '../../../src/core/actions/start.ts';
import { verify } from '../../../src/core/actions/verify.ts';
import { createProject, planPath, progressPath, refusal } from './support.ts';

const table = `# Garden Progress

## Repository: soil

### Spring

| ID | Title | Status | Started | Completed | Depends On | Estimate | Notes |
|----|-------|--------|---------|-----------|------------|----------|-------|
| G-01 | Dig | ✅ Done | 2026-01-02 08:00 | 2026-01-02 09:00 | — | 1h | |
| G-02 | Redesign the \`bed\` schema | ⬜ Pending | — | — | G-01 | 2 hours | # mind \\| the <!-- worms |
`;

/** Rows only, as many people keep them. */
const rowsOnly = { files: { [planPath]: '# Notes\n', [progressPath]: table }, yes: true };

test('a session that only a table has is started from its row', async () => {
  const project = await createProject(rowsOnly);
  const { sessions } = await listSessions(project.context, { ready: true });
  expect(sessions.map(({ id }) => id)).toEqual(['G-02']);
  const { model, warnings, session } = await start(project.context, { id: 'G-02' });
  expect(session).toMatchObject({ id: 'G-02', status: 'active', activeHere: true });
  expect(model).toMatchObject({ model: 'sonnet', thinking: 'ultrathink', recommended: true });
  expect(warnings).toEqual([expect.stringContaining('No plan defines G-02')]);
  expect(project.row('G-02')).toContain('🔄 Active');
  const text = project.session();
  expect(text).not.toMatch(/^plan:/m);
  expect(text).not.toContain('Loaded from');
  for (const part of ['title: Redesign the bed schema', 'repository: soil', 'section: Spring', '2 hours', 'G-01: done'])
    expect(text).toContain(part);
  expect(text).toContain('mind | the <!-- worms');
  expect(text).toMatch(/## Verification Commands\n\n_.*baton verify.*_\n\n```bash\n\n```\n/);
});

test('it has nothing to verify, and is completed so', async () => {
  const project = await createProject(rowsOnly);
  await start(project.context, { id: 'G-02' });
  await refusal(verify(project.context), 'no-verification');
  project.repository.write('bed.txt', 'x');
  const { verified, commit } = await complete(project.context, { message: 'feat(soil): redesign the bed' });
  expect(verified).toBe('nothing-to-verify');
  expect(commit?.message).not.toContain('Verified:');
  expect(project.row('G-02')).toContain('✅ Done');
  expect(project.dirty()).toEqual([]);
});

test('commands that a person puts into the fence of SESSION.md are verified', async () => {
  const project = await createProject(rowsOnly);
  const { path } = await start(project.context, { id: 'G-02' });
  const text = project.session();
  project.repository.write(path, text.replace('```bash\n\n```', '```bash\n# The bed is there\ntest -f bed.txt\n```'));
  expect((await verify(project.context)).receipt).toMatchObject({ ok: false });
  project.repository.write('bed.txt', 'x');
  const { verified, commit } = await complete(project.context, { message: 'feat(soil): redesign the bed' });
  expect(verified).toEqual({ passed: 1, total: 1 });
  expect(commit?.message).toContain('Verified: 1/1');
});

test('a plan that is named defines it after all', async () => {
  const other = '# Garden Prompts\n\n## Session G-02: Redesign\n\n### Prompt\n\nDo it so.\n';
  const project = await createProject({ ...rowsOnly, files: { ...rowsOnly.files, 'notes/garden.md': other } });
  const { warnings } = await start(project.context, { id: 'G-02', plan: 'notes/garden.md' });
  expect(warnings).toEqual([]);
  expect(project.session()).toContain('plan: notes/garden.md');
  expect(project.session()).toContain('Do it so.');
});
