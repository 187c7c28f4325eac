import { describe, expect, it } from 'vitest';
import type { WorkspaceChange } from '../../../src/core/model/workspace.ts';
import { loadConfig } from '../../../src/core/store/loadConfig.ts';
import type { WorkspaceStore } from '../../../src/core/store/workspaceStore.ts';
import { createMemoryProject, type MemoryProject } from '../../support/memoryFileSystem.ts';
import { createKeptLog, storeOf } from '../../support/workspaceOf.ts';
import { dedent } from '../markdown/support.ts';

const progressPath = 'docs/progress/P_PROGRESS.md';
const planPath = 'docs/P_PROMPTS.md';

const progress = dedent(`
  # P Progress

  | Session | Status | Notes |
  |---------|--------|-------|
  | BE-01 | ⬜ Pending | first |
  | BE-02 | ⬜ Pending | second |
  | BE-03 | ⬜ Pending | third |
`);

const plan = dedent(`
  # P Prompts

  ## Session BE-01: One

  ## Session BE-02: Two

  ### Metadata

  \`\`\`yaml
  dependencies: BE-01
  \`\`\`

  ## Session BE-03: Three
`);

interface Watched {
  readonly project: MemoryProject;
  readonly store: WorkspaceStore;
  readonly changes: WorkspaceChange[];
  readonly reads: string[];
}

/** A loaded store that records its events and what it reads. */
async function watch(
  files: Readonly<Record<string, string>> = { [progressPath]: progress, [planPath]: plan },
): Promise<Watched> {
  const project = createMemoryProject(files);
  const reads: string[] = [];
  const readText = project.files.readText;
  const store = storeOf({
    ...project,
    files: {
      ...project.files,
      readText: (path) => {
        reads.push(path);
        return readText(path);
      },
    },
  });
  const changes: WorkspaceChange[] = [];
  await store.load();
  store.onDidChange((change) => void changes.push(change));
  reads.length = 0;
  return { project, store, changes, reads };
}

const key = (id: string): string => `P//${id}`;

describe('loading', () => {
  it('shares one load among callers at the same time', async () => {
    const project = createMemoryProject({ [progressPath]: progress });
    let searches = 0;
    const findFiles = project.files.findFiles;
    const store = storeOf({
      ...project,
      files: {
        ...project.files,
        findFiles: (globs) => {
          searches += 1;
          return findFiles(globs);
        },
      },
    });
    const changes: WorkspaceChange[] = [];
    store.onDidChange((change) => void changes.push(change));
    expect(store.workspace).toBeUndefined();
    const [first, second] = await Promise.all([store.load(), store.load()]);
    expect(first).toBe(second);
    expect(store.workspace).toBe(first);
    expect(searches).toBe(1);
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({ added: [key('BE-01'), key('BE-02'), key('BE-03')], changed: [], removed: [] });
  });

  it('reads the paths of the configuration and follows a change of it', async () => {
    const { project, store, changes } = await watch({
      '.baton.yaml': 'progress: [status/*.md]\nsession_file: NOW.md\nrepositories:\n  api: services/api\n',
      'status/a.md': progress,
      [progressPath]: progress.replaceAll('BE-', 'XX-'),
      'NOW.md': '# Current Session: BE-02\n\n> **Loaded from:** x\n',
    });
    expect(store.workspace?.sessions.map(({ id }) => id)).toEqual(['BE-01', 'BE-02', 'BE-03']);
    expect(store.workspace?.active?.id).toBe('BE-02');
    expect(['.baton.yaml', 'status/b.md', 'NOW.md'].every((path) => store.isStateFile(path))).toBe(true);
    expect(store.isStateFile(progressPath)).toBe(false);
    project.delete('.baton.yaml');
    await store.refresh(['.baton.yaml']);
    expect(store.workspace?.sessions.map(({ id }) => id)).toEqual(['XX-01', 'XX-02', 'XX-03']);
    expect(changes).toHaveLength(1);
    expect(changes[0]?.files).toContain('.baton.yaml');
    expect(changes[0]?.sessionFileChanged).toBe(true);
  });

  it('reports a configuration that cannot be read and goes on with the defaults', async () => {
    const { store } = await watch({ '.baton.yaml': 'plans: {broken', [progressPath]: progress });
    expect(store.workspace?.sessions).toHaveLength(3);
    expect(store.workspace?.problems.find(({ path }) => path === '.baton.yaml')?.diagnostics[0]?.code).toBe(
      'unreadable-config',
    );
    const project = createMemoryProject({ '.baton.yaml': 'x' });
    project.unreadable.add('.baton.yaml');
    const { problems } = await loadConfig(project.files);
    expect(problems[0]?.diagnostics[0]).toMatchObject({ code: 'unreadable-config', severity: 'error' });
  });

  it('reads a plan that only a link names, and forgets it with the link', async () => {
    const linking = progress.replace('# P Progress\n', '# P Progress\n\n> **Plan:** [p](../../design/the%20plan.md)\n');
    const { project, store } = await watch({ [progressPath]: linking, 'design/the plan.md': plan });
    expect(store.workspace?.projects[0]?.planPaths).toEqual(['design/the plan.md']);
    expect(store.isStateFile('design/the plan.md')).toBe(true);
    project.set('design/the plan.md', plan.replace('One', 'Uno'));
    await store.refresh(['design/the plan.md']);
    expect(store.workspace?.sessions[0]?.title).toBe('Uno');
    project.set(progressPath, progress);
    await store.refresh([progressPath]);
    expect(store.workspace?.plans).toEqual([]);
    expect(store.isStateFile('design/the plan.md')).toBe(false);
  });

  it('finds a linked plan that comes later', async () => {
    const linking = progress.replace('# P Progress\n', '# P Progress\n\n> **Plan:** ../design.md\n');
    const { project, store } = await watch({ [progressPath]: linking });
    project.set('docs/design.md', plan);
    await store.refresh(['docs/design.md']);
    expect(store.workspace?.projects[0]?.planPaths).toEqual(['docs/design.md']);
  });

  it('reports broken frontmatter of SESSION.md where it is, and reads what stands below', async () => {
    const text =
      '---\nbaton: session/1\nsession: [BE-01\n---\n\n# Current Session: BE-01\n\n> **Loaded from:** docs/P_PROMPTS.md\n';
    const { store } = await watch({ [progressPath]: progress, [planPath]: plan, 'docs/sessions/SESSION.md': text });
    const found = store.workspace?.problems.find(({ path }) => path === 'docs/sessions/SESSION.md')?.diagnostics ?? [];
    expect(found[0]?.code).toBe('unreadable-frontmatter');
    expect(found[0]?.range.start).toBeLessThan(text.indexOf('# Current'));
    expect(store.workspace?.active?.id).toBe('BE-01');
  });

  it('never runs frontmatter of another language', async () => {
    const text =
      '---js\n{ session: (globalThis.ran = true) }\n---\n\n# Current Session: BE-01\n\n> **Loaded from:** x.md\n';
    const { store } = await watch({ [progressPath]: progress, 'docs/sessions/SESSION.md': text });
    expect('ran' in globalThis).toBe(false);
    expect(store.workspace?.problems.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code))).toContain(
      'unreadable-frontmatter',
    );
  });
});

describe('refreshing', () => {
  it('fires nothing and keeps the snapshot where no text changed', async () => {
    const { project, store, changes } = await watch();
    const before = store.workspace;
    project.set(progressPath, progress);
    expect(await store.refresh([progressPath])).toBe(before);
    expect(await store.refresh()).toBe(before);
    expect(changes).toEqual([]);
  });

  it('names exactly the sessions that changed', async () => {
    const { project, store, changes } = await watch();
    const before = store.workspace;
    project.set(progressPath, progress.replace('| BE-03 | ⬜ Pending |', '| BE-03 | 🔄 Active |'));
    await store.refresh([progressPath]);
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({
      added: [],
      changed: [key('BE-03')],
      removed: [],
      sessionFileChanged: false,
      files: [progressPath],
    });
    expect(store.workspace?.plans[0]).toBe(before?.plans[0]);
  });

  it('names a session whose dependency was done, too', async () => {
    const { project, store, changes } = await watch();
    project.set(progressPath, progress.replace('| BE-01 | ⬜ Pending |', '| BE-01 | ✅ Done |'));
    await store.refresh([progressPath]);
    expect(changes[0]?.changed).toEqual([key('BE-01'), key('BE-02')]);
  });

  it('does not name sessions that only moved in their file, but gives them their new ranges', async () => {
    const { project, store, changes } = await watch();
    const before = store.workspace?.sessions[2]?.row?.range.start ?? 0;
    project.set(progressPath, `# P Progress\n\nA new paragraph.\n${progress.slice(progress.indexOf('\n'))}`);
    project.set(planPath, plan.replace('# P Prompts\n', '# P Prompts\n\nText.\n'));
    await store.refresh([progressPath, planPath]);
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({ added: [], changed: [], removed: [], files: [planPath, progressPath] });
    const row = store.workspace?.sessions[2]?.row;
    expect(row?.range.start).toBeGreaterThan(before);
    expect(project.text(progressPath)?.slice(row?.idRange.start, row?.idRange.end)).toBe('BE-03');
  });

  it('names a session whose plan text changed', async () => {
    const { project, store, changes } = await watch();
    project.set(
      planPath,
      plan.replace('## Session BE-03: Three\n', '## Session BE-03: Three\n\n### Prompt\n\nDo it.\n'),
    );
    await store.refresh([planPath]);
    expect(changes[0]?.changed).toEqual([key('BE-03')]);
  });

  it('keeps the very objects of projects that did not change', async () => {
    const other = '# Q Progress\n\n| Session | Status |\n|---|---|\n| QQ-01 | ⬜ |\n';
    const { project, store } = await watch({
      [progressPath]: progress,
      [planPath]: plan,
      'docs/progress/Q_PROGRESS.md': other,
    });
    const before = store.workspace?.sessions.find(({ id }) => id === 'QQ-01');
    project.set(progressPath, progress.replace('first', 'erster'));
    await store.refresh([progressPath]);
    expect(store.workspace?.sessions.find(({ id }) => id === 'QQ-01')).toBe(before);
  });

  it('reads only the files that it is told of', async () => {
    const { store, reads } = await watch();
    await store.refresh([planPath, 'src/main.ts', 'README.md']);
    expect(reads).toEqual([planPath]);
  });

  it('follows files that come and go, also with their folder', async () => {
    const { project, store, changes } = await watch();
    project.set(
      'docs/progress/Q_PROGRESS.md',
      progress.replaceAll('P Progress', 'Q Progress').replaceAll('BE-', 'QQ-'),
    );
    await store.refresh(['docs/progress/Q_PROGRESS.md']);
    expect(changes[0]?.added).toEqual(['Q//QQ-01', 'Q//QQ-02', 'Q//QQ-03']);
    project.delete('docs/progress/Q_PROGRESS.md');
    project.delete(progressPath);
    await store.refresh(['docs/progress']);
    expect(store.workspace?.progress).toEqual([]);
    expect(changes[1]?.removed).toEqual(['Q//QQ-01', 'Q//QQ-02', 'Q//QQ-03']);
    project.set(progressPath, progress);
    await store.refresh(['docs/progress']);
    expect(store.workspace?.progress).toHaveLength(1);
  });

  it('says when SESSION.md changed', async () => {
    const { project, store, changes } = await watch();
    project.set('docs/sessions/SESSION.md', '---\nbaton: session/1\nsession: BE-03\n---\n\n- [ ] one\n');
    await store.refresh(['docs/sessions/SESSION.md']);
    expect(changes[0]).toMatchObject({ sessionFileChanged: true, changed: [key('BE-03')] });
    project.set('docs/sessions/SESSION.md', '---\nbaton: session/1\nsession: BE-03\n---\n\n- [x] one\n');
    await store.refresh(['docs/sessions/SESSION.md']);
    expect(changes[1]).toMatchObject({ sessionFileChanged: true, changed: [] });
  });

  it('makes at most two runs of a burst, and each caller sees what was there when it called', async () => {
    const { project, store, changes } = await watch();
    const results = [];
    for (let round = 1; round <= 20; round += 1) {
      project.set(progressPath, progress.replace('first', `round ${round}`));
      results.push(store.refresh([progressPath]).then((workspace) => workspace.sessions[0]?.notes));
      if (round === 10) await Promise.resolve();
    }
    const seen = await Promise.all(results);
    expect(new Set(seen.slice(10))).toEqual(new Set(['round 20']));
    expect(changes.length).toBeLessThanOrEqual(2);
  });

  it('lists a file that became unreadable, as long as it is', async () => {
    const { project, store, changes } = await watch();
    project.unreadable.add(progressPath);
    await store.refresh([progressPath]);
    expect(store.workspace?.unreadable).toEqual([
      { path: progressPath, message: expect.stringContaining(progressPath) },
    ]);
    await store.refresh([planPath]);
    await store.refresh();
    expect(store.workspace?.unreadable).toHaveLength(1);
    expect(changes).toHaveLength(1);
    project.unreadable.delete(progressPath);
    await store.refresh([progressPath]);
    expect(store.workspace?.unreadable).toEqual([]);
    expect(store.workspace?.sessions[0]?.row).toBeDefined();
  });

  it('reads everything again after a run that failed', async () => {
    const project = createMemoryProject({ [progressPath]: progress });
    const readText = project.files.readText;
    let isBroken = false;
    const store = storeOf({
      ...project,
      files: {
        ...project.files,
        readText: async (path) => {
          if (isBroken) throw new Error('the disk is gone');
          return readText(path);
        },
      },
    });
    const before = await store.load();
    isBroken = true;
    project.set(progressPath, progress.replace('first', 'changed'));
    await expect(store.refresh([progressPath])).rejects.toThrow('the disk is gone');
    expect(store.workspace).toBe(before);
    isBroken = false;
    expect((await store.refresh(['README.md'])).sessions[0]?.notes).toBe('changed');
  });

  it('survives a listener that throws', async () => {
    const project = createMemoryProject({ [progressPath]: progress });
    const log = createKeptLog();
    const store = storeOf(project, log);
    store.onDidChange(() => {
      throw new Error('listener');
    });
    expect((await store.load()).sessions).toHaveLength(3);
    expect(log.errors).toHaveLength(1);
  });

  it('fires nothing after it was disposed', async () => {
    const { project, store, changes } = await watch();
    project.set(progressPath, progress.replace('first', 'x'));
    const refreshed = store.refresh([progressPath]);
    store.dispose();
    await refreshed;
    expect(changes).toEqual([]);
  });

  it.each([
    ['CRLF and BOM', `\uFEFF${progress.replaceAll('\n', '\r\n')}`],
    ['no final newline', progress.trimEnd()],
    ['mixed line endings', progress.replace('\n| BE-02', '\r\n| BE-02')],
  ])('reads a table with %s', async (_, text) => {
    const { store } = await watch({ [progressPath]: text });
    expect(store.workspace?.sessions.map(({ id }) => id)).toEqual(['BE-01', 'BE-02', 'BE-03']);
  });

  it('reads paths with spaces and umlauts', async () => {
    const { store } = await watch({ 'docs/Übung eins/MEIN_PROGRESS.md': progress });
    expect(store.workspace?.sessions).toHaveLength(3);
    expect(store.isStateFile('docs/Übung zwei/MEIN_PROGRESS.md')).toBe(true);
    expect(store.isStateFile('node_modules/x/A_PROMPTS.md')).toBe(false);
    expect(store.isStateFile('docs/node_modules/A_PROMPTS.md')).toBe(false);
  });
});
