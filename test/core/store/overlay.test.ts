import { describe, expect, it } from 'vitest';
import { createMemoryProject } from '../../support/memoryFileSystem.ts';
import { storeOf } from '../../support/workspaceOf.ts';

const progressPath = 'docs/progress/P_PROGRESS.md';
const planPath = 'docs/P_PROMPTS.md';
const progress = '# P Progress\n\n| Session | Status |\n|---|---|\n| BE-01 | ✅ Done |\n| BE-02 | ⬜ Pending |\n';
const plan = '# P Prompts\n\n## Session BE-01: One\n\n## Session BE-02: Two\n\n```yaml\ndependencies: BE-01\n```\n';

async function loaded(files: Readonly<Record<string, string>> = { [progressPath]: progress, [planPath]: plan }) {
  const project = createMemoryProject(files);
  const store = storeOf(project);
  return { project, store, workspace: await store.load() };
}

describe('the snapshot with texts that are not saved', () => {
  it('says what the texts say, and leaves the snapshot and the files alone', async () => {
    const { store, workspace, project } = await loaded();
    let changes = 0;
    store.onDidChange(() => {
      changes++;
    });
    const overlay = await store.overlay([{ path: progressPath, text: progress.replace('⬜ Pending', '🔄 Active') }]);
    expect(overlay.sessions.map(({ id, status }) => `${id} ${status}`)).toEqual(['BE-01 done', 'BE-02 active']);
    expect(store.workspace).toBe(workspace);
    expect(changes).toBe(0);
    expect(await project.files.readText(progressPath)).toBe(progress);
  });

  it('is the snapshot itself where the texts are the saved ones', async () => {
    const { store, workspace } = await loaded();
    expect(await store.overlay([{ path: progressPath, text: progress }])).toBe(workspace);
    expect(await store.overlay([])).toBe(workspace);
    expect(await store.overlay([{ path: 'README.md', text: '| Session | Status |\n|---|---|\n| X | Done |\n' }])).toBe(
      workspace,
    );
  });

  it('keeps the parsed files and entries that the texts do not touch', async () => {
    const { store, workspace } = await loaded();
    const text = plan.replace('Session BE-02: Two', 'Session BE-02: Second');
    const overlay = await store.overlay([{ path: planPath, text }]);
    expect(overlay.progress[0]).toBe(workspace.progress[0]);
    expect(overlay.sessions[1]?.title).toBe('Second');
    const again = await store.overlay([{ path: planPath, text }]);
    expect(again.plans[0]).toBe(overlay.plans[0]);
  });

  it('has files that are not there yet, and documents without a path in the role that they are given', async () => {
    const { store } = await loaded({ [planPath]: plan });
    const made = await store.overlay([{ path: progressPath, text: progress }]);
    expect(made.sessions.map(({ id, status }) => `${id} ${status}`)).toEqual(['BE-01 done', 'BE-02 pending']);
    const untitled = await store.overlay([
      { path: 'untitled:Untitled-1', text: '# Q\n\n## Session Q-1: Q\n', role: 'plan' },
    ]);
    expect(untitled.sessions.map(({ id }) => id)).toEqual(['BE-01', 'BE-02', 'Q-1']);
    expect((await store.overlay([{ path: 'untitled:Untitled-1', text: plan }])).sessions).toHaveLength(2);
  });

  it('reads a plan that only the unsaved text links to', async () => {
    const other = '# Other\n\n## Session O-1: Other\n';
    const { store } = await loaded({ [progressPath]: progress, 'notes/other.md': other });
    const text = progress.replace('\n\n', '\n\n> **Plan:** [other](../../notes/other.md)\n\n');
    const overlay = await store.overlay([{ path: progressPath, text }]);
    expect(overlay.sessions.map(({ id }) => id)).toContain('O-1');
    expect(store.rolesOf('notes/other.md')).toEqual([]);
  });

  it('has the problems of the texts, those of STATE.md too', async () => {
    const { store } = await loaded();
    const overlay = await store.overlay([
      { path: '.claude/STATE.md', text: '---\nstatus: odd\ncurrent-wave: 2\ntotal-waves: 1\n---\n' },
    ]);
    expect(overlay.waveStates?.map(({ path }) => path)).toEqual(['.claude/STATE.md']);
    expect(overlay.problems.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code))).toEqual([
      'unknown-status',
      'wave-numbers',
    ]);
  });

  it('holds ten thousand rows, and another text of them each time', async () => {
    const rows = Array.from({ length: 10_000 }, (_, index) => `| S-${index} | ⬜ Pending |`);
    const big = `# P Progress\n\n| Session | Status |\n|---|---|\n${rows.join('\n')}\n`;
    const { store } = await loaded({ [progressPath]: big });
    for (const [status, word] of [
      ['done', '✅ Done'],
      ['active', '🔄 Active'],
      ['paused', '⏸️ Paused'],
    ] as const) {
      const overlay = await store.overlay([{ path: progressPath, text: big.replace('⬜ Pending', word) }]);
      expect(overlay.sessions).toHaveLength(10_000);
      expect(overlay.sessions[0]?.status).toBe(status);
    }
  });
});
