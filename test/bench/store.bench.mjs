/**
 * Measures how long the store takes to index 10,000 sessions, 1,000 plan sections and SESSION.md, beside the floor of reading the same
 * files, and what the join, a check and the refresh after one edited row cost of that. Run with Node 24: `node test/bench/store.bench.mjs`.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkWorkspace } from '../../src/core/checks/checkWorkspace.ts';
import { joinWorkspace } from '../../src/core/store/joinWorkspace.ts';
import { WorkspaceStore } from '../../src/core/store/workspaceStore.ts';
import { grayMatterFrontmatter } from '../../src/platform/grayMatterFrontmatter.ts';
import { createMemoryProject } from '../support/memoryFileSystem.ts';

const progressPath = 'docs/progress/BIG_PROGRESS.md';
const rounds = 9;

const rows = Array.from(
  { length: 10_000 },
  (_, index) =>
    `| BE-${index} | Session number ${index} | ${index < 4000 ? '✅ Done' : '⬜ Pending'} | 2026-01-02 09:00 | — | abc${1000 + index} | ${index > 0 ? `BE-${index - 1}` : 'none'} |`,
);
const section = (index) => `## Session BE-${index}: Session number ${index}

### Metadata

\`\`\`yaml
session_id: BE-${index}
phase: 1
dependencies:
  - BE-${Math.max(0, index - 1)} (the one before)
\`\`\`

### Prompt

\`\`\`markdown
# Session BE-${index}

Do what is needed.
\`\`\`

### Verification Checklist

- [ ] It works
`;
const files = {
  'docs/BIG_PROMPTS.md': `# Big Prompts\n\n${Array.from({ length: 1000 }, (_, index) => section(index)).join('\n')}`,
  [progressPath]: `# Big Progress\n\n## Repository: main\n\n### Week 1\n\n| Session | Title | Status | Started | Completed | Commit | Dependencies |\n|---|---|---|---|---|---|---|\n${rows.join('\n')}\n`,
  'docs/sessions/SESSION.md': '---\nbaton: session/1\nsession: BE-4000\n---\n\n# Current Session: BE-4000\n',
};

/** The median of some rounds, in milliseconds. */
async function measure(run) {
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    const startedAt = performance.now();
    await run(round);
    times.push(performance.now() - startedAt);
  }
  return times.sort((a, b) => a - b)[Math.floor(rounds / 2)];
}

function print(name, ms, floor) {
  const ratio = floor === undefined ? '' : `  ${(ms / floor).toFixed(1)}x the floor`;
  console.log(`${name.padEnd(46)} ${ms.toFixed(1).padStart(7)} ms${ratio}`);
}

const folder = await mkdtemp(join(tmpdir(), 'baton-bench-'));
try {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const floor = await measure(() =>
    Promise.all(Object.keys(files).map((path) => readFile(join(folder, path), 'utf8'))),
  );
  print('floor: reading the files from disk', floor);

  const logger = { info() {}, warn() {}, error: console.error };
  const project = createMemoryProject(files);
  const ports = { files: project.files, frontmatter: grayMatterFrontmatter, logger };
  print('store: load (parse and join)', await measure(() => new WorkspaceStore(ports).load()), floor);

  const store = new WorkspaceStore(ports);
  const workspace = await store.load();
  const parts = { ...workspace, projects: undefined, sessions: undefined, active: undefined };
  print('store: join alone', await measure(() => joinWorkspace(parts)));
  print('checks: all rules', await measure(() => checkWorkspace(workspace, { unknownCommits: [], liveIsolated: [] })));
  print(
    'store: refresh after one edited row',
    await measure(async (round) => {
      project.set(
        progressPath,
        files[progressPath].replace('| BE-5000 | Session number 5000', `| BE-5000 | Changed ${round}`),
      );
      await store.refresh([progressPath]);
    }),
  );
  print('store: refresh of everything, nothing changed', await measure(() => store.refresh()));
} finally {
  await rm(folder, { recursive: true, force: true });
}
