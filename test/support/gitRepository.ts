import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryFolder } from './temporaryFolder.ts';

/** A real git repository in a temporary folder, removed with the test. */
export interface TestRepository {
  readonly root: string;
  /** Runs git in it and gives its standard output. */
  git(...args: string[]): string;
  write(path: string, text: string | Uint8Array): void;
  read(path: string): string;
  /** Writes files, commits everything and gives the hash. */
  commit(message: string, files?: Readonly<Record<string, string>>): string;
}

/** An environment in which git reads nobody's configuration, and dates and names are given. */
export const gitEnvironment: Readonly<Record<string, string>> = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
};

/** Makes a repository with an identity of its own, on branch main; `files` are its first commit, without them there is none. */
export function createTestRepository(
  files?: Readonly<Record<string, string>>,
  root = temporaryFolder(),
): TestRepository {
  const git = (...args: string[]) =>
    execFileSync('git', args, {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, ...gitEnvironment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  mkdirSync(root, { recursive: true });
  git('init', '-q', '-b', 'main');
  git('config', 'user.name', 'Tést Person');
  git('config', 'user.email', 'test@example.com');
  const repository: TestRepository = {
    root,
    git,
    write(path, text) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    },
    read: (path) => readFileSync(join(root, path), 'utf8'),
    commit(message, changed = {}) {
      for (const [path, text] of Object.entries(changed)) repository.write(path, text);
      git('add', '-A');
      git('commit', '-q', '--allow-empty', '-m', message);
      return git('rev-parse', 'HEAD').trim();
    },
  };
  if (files !== undefined) repository.commit('first', files);
  return repository;
}
