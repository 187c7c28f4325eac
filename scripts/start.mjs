/** Opens a real VS Code with Baton on a sample workspace; `--help` tells more. */
import './lib/node24.mjs';

const { start } = await import('./lib/start.ts');

process.exitCode = await start(process.argv.slice(2));
