import { build } from '../../scripts/lib/build.ts';

/**
 * Builds `dist/` before the unit tests, because the CLI tests run the real bundle.
 * `npm test` has just built it and says so with `BATON_BUILT`.
 */
export async function setup(): Promise<void> {
  if (process.env.BATON_BUILT) return;
  try {
    await build({ quiet: true });
  } catch (error) {
    // Tests of the core need no bundle; those that do will say that it is missing or old.
    console.error(`The build failed, so dist/ is as it was before: ${error instanceof Error ? error.message : error}`);
  }
}
