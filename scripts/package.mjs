/** Makes dist/baton-session-orchestrator-<version>.vsix. */
import './lib/node24.mjs';

const { packageExtension } = await import('./lib/package.ts');

await packageExtension().then(
  ({ path, bytes }) => console.log(`${path}  ${(bytes / 1024).toFixed(0)} KB`),
  (error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
