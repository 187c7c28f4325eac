import { WorkspaceStore } from '../../../src/core/store/workspaceStore.ts';
import { grayMatterFrontmatter } from '../../../src/platform/grayMatterFrontmatter.ts';
import { createMemoryProject } from '../../support/memoryFileSystem.ts';
import { createKeptLog } from '../../support/workspaceOf.ts';

/** A project with the same ID in two repositories, and in another project. */
export const files: Readonly<Record<string, string>> = {
  'docs/FERRY_PROMPTS.md': `# Ferry Prompts

# PHASE 1: FOUNDATIONS (Week 1)

## Session BE-01: Timetable

### Metadata

\`\`\`yaml
session_id: BE-01
repository: api
dependencies: none
parallel_with: [BE-02]
task_list: release
\`\`\`

### Prompt

\`\`\`\`markdown
# Session BE-01: Timetable

Write it. BE-02 comes next.

| Session | Status |
|---------|--------|
| BE-01 | example |
\`\`\`\`

## Session BE-02: Departures

\`\`\`yaml
repository: api
dependencies:
  - BE-01 (a timetable)
reference_files: [docs/missing.md, README.md]
files:
  - src/departures.js
\`\`\`

Use what BE-01 made. See [the list](tasks/release.md).

\`\`\`xml
<session id="BE-03" title="Fares">
  <dependencies><requires session="BE-01">data</requires></dependencies>
  <tasks><task file="src/fares.js">Write</task></tasks>
  <repository>api</repository>
</session>
\`\`\`
`,
  'docs/progress/FERRY_PROGRESS.md': `# Ferry Progress

> **Plan:** [Plan](../FERRY_PROMPTS.md)

## Repository: api

### Week 1

| Session | Status | Started | Commit | Dependencies | Notes |
|:--------|--------|---------|--------|--------------|-------|
| BE-01 | ✅ Done | 2026-01-02 09:00 | 1a2b3c4 | — | ‖ BE-02 |
| **BE-02** | 🔄 Active | 2026-01-03 09:00 | — | BE-01, BE-03 | waits \\| for BE-01 |
| BE-03 | ⬜ Pending | — | — | BE-01 | |

### Session Notes

#### BE-01: Timetable

- [09:10] Found a mistake that BE-02 must know of

## Blockers & Decisions

- [ ] BE-02 blocked by BE-01

### Key Decisions

| Date | Session | Decision |
|------|---------|----------|
| 2026-01-02 | BE-01 | Keep BE-01 small |
`,
  'docs/progress/OTHER_PROGRESS.md': `# Other Progress

| Session | Status | Dependencies |
|---|---|---|
| BE-01 | Done | |
| BE-09 | Pending | BE-01 |
`,
  'docs/sessions/SESSION.md': `---
baton: session/1
session: BE-02
project: Ferry
repository: api
plan: docs/FERRY_PROMPTS.md
status: active
started_at: 2026-01-03T09:00:00+01:00
checkpoints: 0
---

# Current Session: BE-02

> **Loaded from:** docs/FERRY_PROMPTS.md
> **Started:** 2026-01-03 09:00

---

## Metadata

\`\`\`yaml
session_id: BE-02
dependencies:
  - BE-01 (a timetable)
\`\`\`

## Next Session

**Session ID:** BE-03

## Session Notes

- [09:30] As BE-01 said
`,
  'docs/sessions/paused/BE-03.md': `---
baton: session/1
session: BE-03
project: Ferry
repository: api
status: paused
---

# Current Session: BE-03

> **Loaded from:** docs/FERRY_PROMPTS.md
`,
  'docs/tasks/release.md': `---
baton: tasks/1
id: release
title: Release
created_at: 2026-01-02T09:00+01:00
session: 1
---

# Release

| Task | Status | Title | After | Session | Updated |
|------|--------|-------|-------|---------|---------|
| schema | COMPLETE | Schema | — | 1 | 2026-01-02T10:00+01:00 |
| models | IN_PROGRESS | Models | schema | 1 | 2026-01-02T10:00+01:00 |
| docs-all | PENDING | Docs on schema | schema, models | — | — |

## Sessions

| Session | Started | Ended | Who | Completed |
|---------|---------|-------|-----|-----------|
| 1 | 2026-01-02T09:00+01:00 | — | BE-01 | schema |

## Notes

- [2026-01-02T09:30+01:00] renamed tables to schema: Schema

## Handoff

Go on with models and docs-all.
`,
};

/** A store over these files, read once. */
export async function openStore(of: Readonly<Record<string, string>>): Promise<WorkspaceStore> {
  const project = createMemoryProject(of);
  const store = new WorkspaceStore({
    files: project.files,
    frontmatter: grayMatterFrontmatter,
    logger: createKeptLog(),
  });
  await store.load();
  return store;
}

const cursor = '‸';

/** Takes the one cursor mark out of the files. */
export function withCursor(of: Readonly<Record<string, string>>): {
  readonly files: Readonly<Record<string, string>>;
  readonly path: string;
  readonly offset: number;
} {
  const [found] = Object.entries(of).filter(([, text]) => text.includes(cursor));
  if (found === undefined) throw new Error('no cursor');
  const [path, text] = found;
  return { files: { ...of, [path]: text.replace(cursor, '') }, path, offset: text.indexOf(cursor) };
}

/** Puts a cursor mark before, or in, the nth occurrence of `word` in a file. */
export function mark(path: string, word: string, { nth = 0, into = 1 } = {}): Readonly<Record<string, string>> {
  const text = files[path] ?? '';
  let at = -1;
  for (let count = 0; count <= nth; count++) at = text.indexOf(word, at + 1);
  if (at < 0) throw new Error(`no ${word} in ${path}`);
  return { ...files, [path]: `${text.slice(0, at + into)}${cursor}${text.slice(at + into)}` };
}
