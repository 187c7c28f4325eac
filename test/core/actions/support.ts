import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ActionContext } from '../../../src/core/actions/context.ts';
import { neverCancelled } from '../../../src/core/base/cancellation.ts';
import { BatonError, type ErrorCode } from '../../../src/core/errors.ts';
import type { Ports } from '../../../src/core/ports/ports.ts';
import type { Prompt } from '../../../src/core/ports/prompt.ts';
import { WorkspaceStore } from '../../../src/core/store/workspaceStore.ts';
import { createNodePorts } from '../../../src/platform/nodePorts.ts';
import { createTestRepository, gitEnvironment, type TestRepository } from '../../support/gitRepository.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

export const progressPath = 'docs/progress/SHOP_PROGRESS.md';
export const planPath = 'docs/SHOP_PROMPTS.md';
export const sessionPath = 'docs/sessions/SESSION.md';

/** A plan of four sessions: A-02 needs needs A-03. */
export const plan = `# Shop Prompts

# PHASE 1: Foundations (Week 1)

## Session A-01: Schema

### Metadata

\`\`\`yaml
session_id: A-01
phase: 1
dependencies: none
\`\`\`

### Prompt

\`\`\`markdown
# Session A-01: Schema

Write schema.txt.
\`\`\`

### Verification Checklist

- [ ] \`test -f schema.txt\` passes
- [ ] The schema is reviewed

### Verification Commands

\`\`\`bash
# Schema exists
test -f schema.txt
\`\`\`

### Rollback Commands

\`\`\`bash
echo undone > rolled-back.log
\`\`\`

## Session A-02: Endpoints

### Metadata

\`\`\`yaml
session_id: A-02
phase: 1
dependencies: A-01
model: claude-sonnet-4-5
\`\`\`

### Prompt

Write the endpoints.

## Session A-03: Größe

### Metadata

\`\`\`yaml
session_id: A-03
phase: 1
\`\`\`

### Prompt

Do it.

## Session A-04: Last

### Metadata

\`\`\`yaml
session_id: A-04
dependencies: [A-03]
\`\`\`

### Prompt

End.
`;

export const progress = `# Shop Progress

> **Started:** 2026-01-02 08:00
> **Plan:** [plan](../SHOP_PROMPTS.md)

### Week 1

| Session | Status | Started | Completed | Commit | Notes |
|---------|--------|---------|-----------|--------|-------|
| A-01 | ⬜ Pending | — | — | — | keep me |
| A-02 | ⬜ Pending | — | — | — | ‖ A-03 |
| A-03 | ⬜ Pending | — | — | — |  |
| A-04 | ⬜ Pending | — | — | — |  |

### Session Notes

## Blockers & Decisions

### Active Blockers

### Key Decisions

| Date | Session | Decision | Rationale |
|------|---------|----------|-----------|

## Metrics

| Metric | Value |
|--------|-------|
| Sessions Completed | 0 / 4 |
`;

export const files: Readonly<Record<string, string>> = {
  [planPath]: plan,
  [progressPath]: progress,
  '.gitignore': 'ignored/\n.*.[0-9]*.tmp\n',
  'README.md': '# Shop\n',
};

/** What one test changes of its project. */
export interface ProjectOptions {
  readonly files?: Readonly<Record<string, string>>;
  /** The folder of an existing project, for another process's view of it. */
  readonly root?: string;
  readonly prompt?: Partial<Prompt>;
  readonly yes?: boolean;
  readonly override?: (ports: Ports) => Partial<Ports>;
  /** False: a folder without git. */
  readonly git?: boolean;
}

/** A project with real ports, in a real repository. */
export interface TestProject {
  readonly context: ActionContext;
  readonly ports: Ports;
  readonly repository: TestRepository;
  readonly reports: string[];
  row(id: string): string;
  session(): string;
  progress(): string;
  /** `git status --porcelain`, untracked files one by one. */
  dirty(): string[];
  /** Subjects, newest first. */
  subjects(): string[];
}

const nobody: Prompt = {
  approveCommands: async () => undefined,
  chooseFiles: async () => undefined,
  confirm: async () => undefined,
};

/** Makes a project; git reads nobody's configuration, and approvals and records stay in temporary folders. */
export async function createProject(options: ProjectOptions = {}): Promise<TestProject> {
  isolate();
  const repository = options.root === undefined ? makeRepository(options) : existing(options.root);
  return openProject(repository, options);
}

/** Opens a project as another process would: a store and ports of its own. */
export async function openProject(repository: TestRepository, options: ProjectOptions = {}): Promise<TestProject> {
  const reports: string[] = [];
  const ports = await createNodePorts({
    root: repository.root,
    prompt: { ...nobody, ...options.prompt },
    logger: { info() {}, warn() {}, error() {} },
    ...(options.override && { override: options.override }),
  });
  const store = new WorkspaceStore(ports);
  const context: ActionContext = {
    ports,
    store,
    cancellation: neverCancelled,
    report: (message) => void reports.push(message),
    ...(options.yes !== undefined && { yes: options.yes }),
  };
  const lines = (...args: string[]): string[] =>
    repository
      .git(...args)
      .split('\n')
      .filter((line) => line !== '');
  return {
    context,
    ports,
    repository,
    reports,
    row: (id) =>
      repository
        .read(progressPath)
        .split(/\r?\n/)
        .find((line) => line.startsWith(`| ${id} |`)) ?? '',
    session: () => repository.read(sessionPath),
    progress: () => repository.read(progressPath),
    dirty: () => lines('-c', 'core.quotePath=false', 'status', '--porcelain', '--untracked-files=all'),
    subjects: () => lines('log', '--format=%s'),
  };
}

function isolate(): void {
  const home = temporaryFolder();
  const values = { ...gitEnvironment, BATON_CONFIG_HOME: join(home, 'config'), BATON_STATE_HOME: join(home, 'state') };
  const before = Object.fromEntries(Object.keys(values).map((key) => [key, process.env[key]]));
  Object.assign(process.env, values);
  onTestFinished(() => {
    for (const [key, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[key];
      else process.env[key] = value;
    }
  });
}

function makeRepository(options: ProjectOptions): TestRepository {
  const all = { ...files, ...options.files };
  if (options.git !== false) return createTestRepository(all);
  const repository = existing(temporaryFolder());
  for (const [path, text] of Object.entries(all)) repository.write(path, text);
  return repository;
}

/** A folder as it is, in a repository or not. */
function existing(root: string): TestRepository {
  const write: TestRepository['write'] = (path, text) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const git: TestRepository['git'] = (...args) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  return {
    root,
    git,
    write,
    read: (path) => readFileSync(join(root, path), 'utf8'),
    commit(message, changed = {}) {
      for (const [path, text] of Object.entries(changed)) write(path, text);
      git('add', '-A');
      git('commit', '-q', '--allow-empty', '-m', message);
      return git('rev-parse', 'HEAD').trim();
    },
  };
}

/** The error that a promise is rejected with, which must be a BatonError of that code. */
export async function refusal(promise: Promise<unknown>, code: ErrorCode): Promise<BatonError> {
  const error = await promise.then(
    () => new Error('it was not refused'),
    (reason: unknown) => reason,
  );
  if (BatonError.is(error, code)) return error;
  throw error;
}
