import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: resolve(import.meta.dirname, '..'),
  test: {
    include: ['test/**/*.test.ts'],
    // These run elsewhere: inside VS Code, in a browser window, against the packaged file, with real agents.
    exclude: ['test/extension/**', 'test/ui/**', 'test/package/**', 'test/agents/**', 'test/fixtures/**'],
    globalSetup: ['test/support/buildOnce.ts'],
    setupFiles: ['test/support/propertySeed.ts'],
    maxWorkers: 2,
    // Generous: real processes on a machine that may be busy. A test that hangs still ends.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // What is waited for comes when the machine has time for it.
    expect: { poll: { timeout: 20_000 } },
    // A run in which nothing ran is a failure, and so is a forgotten `.only`.
    passWithNoTests: false,
    allowOnly: false,
  },
});
