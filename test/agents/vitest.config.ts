import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: resolve(import.meta.dirname, '../..'),
  test: {
    include: ['test/agents/**/*.test.ts'],
    globalSetup: ['test/support/buildOnce.ts'],
    // Each run is a large process, and two cores carry only a few.
    fileParallelism: false,
    testTimeout: 120_000,
    // The agent itself may have to be fetched first.
    hookTimeout: 300_000,
    // What is waited for comes when the machine has time for it.
    expect: { poll: { timeout: 20_000 } },
    passWithNoTests: false,
    allowOnly: false,
  },
});
