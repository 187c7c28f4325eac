/** Where the files of the sample project lie. */
export const planPath = 'docs/SHOP_PROMPTS.md';
export const progressPath = 'docs/progress/SHOP_PROGRESS.md';
export const sessionPath = 'docs/sessions/SESSION.md';

interface SampleSession {
  readonly id: string;
  readonly title: string;
  readonly dependencies?: readonly string[];
  readonly repository?: string;
  readonly commands?: readonly string[];
  readonly rollback?: readonly string[];
}

const fence = '```';

/** A plan in the form of the template. */
export function planOf(sessions: readonly SampleSession[]): string {
  const sections = sessions.map(
    ({
      id,
      title,
      dependencies = [],
      repository = 'backend',
      commands = [],
      rollback = [],
    }) => `## Session ${id}: ${title}

### Metadata

${fence}yaml
session_id: ${id}
phase: 1
repository: ${repository}
estimated_time: 45 minutes
dependencies: ${dependencies.length === 0 ? 'none' : `\n${dependencies.map((dependency) => `  - ${dependency}`).join('\n')}`}
${fence}

### System Configuration

${fence}yaml
model: claude-sonnet-4
thinking_mode: standard
${fence}

### Prompt

${fence}\`markdown
# Session ${id}: ${title}

Write it.

${fence}bash
# run tests
true
${fence}

Done.
${fence}\`

### Verification Checklist

- [ ] The code is there
- [ ] All commands pass

### Verification Commands

${fence}bash
${commands.join('\n')}
${fence}
${rollback.length === 0 ? '' : `\n### Rollback Commands\n\n${fence}bash\n${rollback.join('\n')}\n${fence}\n`}`,
  );
  return `# Shop Prompts\n\n# PHASE 1: FOUNDATION (Week 1)\n\n---\n\n${sections.join('\n---\n\n')}`;
}

/** The plan that most tests use. */
export const shopPlan = planOf([
  { id: 'BE-01', title: 'Set up the project', commands: ['test -d src'] },
  {
    id: 'BE-02',
    title: 'Keep products',
    dependencies: ['BE-01 (must be complete)'],
    commands: ['test -f src/products.txt', 'echo "checked products"'],
    rollback: ['echo dropped > dropped.txt'],
  },
  { id: 'BE-03', title: 'Take payments', dependencies: ['BE-02'], commands: ['false'] },
  { id: 'FE-01', title: 'Show products', dependencies: ['BE-02'], repository: 'frontend' },
  { id: 'FE-02', title: 'Lay out the pages', repository: 'frontend' },
]);

/** A progress file with one table and a pending row for each ID. */
export function progressOf(ids: readonly string[]): string {
  const rows = ids.map((id) => `| ${id} | Title of ${id} | ⬜ Pending | — | — | — |\n`);
  return `# Shop Progress\n\n## Repository: backend\n\n| Session | Title | Status | Started | Completed | Commit |\n|---|---|---|---|---|---|\n${rows.join('')}`;
}

/** The progress table that belongs to it. */
export const shopProgress = `# Shop Progress

> **Started:** 2026-11-02
> **Branch:** feature/shop
> **Plan:** [SHOP_PROMPTS.md](../SHOP_PROMPTS.md)

## Repository: backend

### Week 1

| Session | Title | Status | Started | Completed | Commit | Notes |
|---------|-------|--------|---------|-----------|--------|-------|
| BE-01 | Set up the project | ✅ Done | 2026-11-02 09:00 | 2026-11-02 10:00 | — | keep me |
| BE-02 | Keep products | ⬜ Pending | — | — | — | |
| BE-03 | Take payments | ⬜ Pending | — | — | — | |

## Repository: frontend

### Week 2

| Session | Title | Status | Started | Completed | Commit | Notes |
|---------|-------|--------|---------|-----------|--------|-------|
| FE-01 | Show products | ⬜ Pending | — | — | — | |
| FE-02 | Lay out the pages | ⬜ Pending | — | — | — | |

## Blockers & Decisions

### Active Blockers

- [ ] FE-01 blocked by BE-02

### Key Decisions

| Date | Session | Decision | Rationale |
|------|---------|----------|-----------|
`;

/** Plan, table and a source file. */
export const shopFiles: Readonly<Record<string, string>> = {
  [planPath]: shopPlan,
  [progressPath]: shopProgress,
  'src/main.txt': 'main\n',
};
