import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: resolve(import.meta.dirname, '../..'),
  test: {
    include: ['test/ui/**/*.test.ts'],
    globalSetup: ['test/support/packageOnce.ts'],
    // Each file has a VS Code of its own, which mostly waits: two cores carry two.
    maxWorkers: 2,
    testTimeout: 90_000,
    hookTimeout: 90_000,
    // What is waited for comes when the machine has time for it.
    expect: { poll: { timeout: 20_000 } },
    passWithNoTests: false,
    allowOnly: false,
  },
});
