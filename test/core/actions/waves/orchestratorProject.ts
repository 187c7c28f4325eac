import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Clock } from '../../../../src/core/ports/clock.ts';
import type { Ports } from '../../../../src/core/ports/ports.ts';
import { createNodePorts } from '../../../../src/platform/nodePorts.ts';
import { systemClock } from '../../../../src/platform/systemClock.ts';
import { createTestRepository, type TestRepository } from '../../../support/gitRepository.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

/** A repository whose `.orchestrator/` is used, with a registry of its own and a clock that can be moved. */
export interface OrchestratorProject {
  readonly repository: TestRepository;
  readonly root: string;
  readonly registry: string;
  readonly ports: Ports;
  readonly context: { readonly ports: Ports };
  /** Moves the clock on. */
  pass(hours: number): void;
  /** The same for another working tree of it. */
  at(root: string): Promise<{ readonly ports: Ports }>;
  write(path: string, text: string): void;
  /** Undefined where there is no such file. */
  read(path: string): string | undefined;
}

/** `isEmpty`: a repository without a commit, made without git, because most tests only need a clone's folder. */
export async function createOrchestratorProject({ isEmpty = true } = {}): Promise<OrchestratorProject> {
  const root = temporaryFolder();
  const repository = isEmpty ? undefined : createTestRepository({ 'README.md': '# Shop\n' }, root);
  if (isEmpty) createEmptyRepository(root);
  const registry = join(temporaryFolder(), 'sessions');
  const earlier = process.env.SO_SESSION_REGISTRY_DIR;
  process.env.SO_SESSION_REGISTRY_DIR = registry;
  process.env.SO_HOST_ALIASES_FILE = join(registry, 'aliases.json');
  onTestFinished(() => {
    delete process.env.SO_HOST_ALIASES_FILE;
    if (earlier === undefined) delete process.env.SO_SESSION_REGISTRY_DIR;
    else process.env.SO_SESSION_REGISTRY_DIR = earlier;
  });
  let passedMs = 0;
  const clock: Clock = {
    now: () => ({ ...systemClock.now(), epochMs: Date.now() + passedMs }),
  };
  const portsAt = (folder: string) =>
    createNodePorts({
      root: folder,
      prompt: {
        approveCommands: async () => undefined,
        chooseFiles: async () => undefined,
        confirm: async () => undefined,
      },
      logger: { info() {}, warn() {}, error() {} },
      override: () => ({ clock }),
    });
  const ports = await portsAt(root);
  return {
    get repository() {
      if (repository === undefined) throw new Error('this project was made without git');
      return repository;
    },
    root,
    registry,
    ports,
    context: { ports },
    pass: (hours) => {
      passedMs += hours * 3_600_000;
    },
    at: async (folder) => ({ ports: await portsAt(folder) }),
    write(path, text) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    },
    read: (path) => (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined),
  };
}

/** What gitrepository-layout(5) asks for. */
function createEmptyRepository(root: string): void {
  for (const folder of ['objects', 'refs/heads', 'info']) mkdirSync(join(root, '.git', folder), { recursive: true });
  writeFileSync(join(root, '.git/HEAD'), 'ref: refs/heads/main\n');
  writeFileSync(join(root, '.git/config'), '[core]\n\trepositoryformatversion = 0\n\tbare = false\n');
}
