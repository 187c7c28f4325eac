/** Runs the tests: `node scripts/test.mjs [types|lint|build|unit|extension|ui|package|desktop]…`, all but desktop unless told. */
import './lib/node24.mjs';

const { runSuites } = await import('./lib/suites.ts');

process.exitCode = await runSuites(process.argv.slice(2));
