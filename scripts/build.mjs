/** Makes everything under dist/: `node scripts/build.mjs [--production] [--watch]`. */
import './lib/node24.mjs';

const { build, watch } = await import('./lib/build.ts');

const production = process.argv.includes('--production');
if (process.argv.includes('--watch')) {
  await watch({ production });
} else {
  await build({ production }).catch((error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
