import process from 'node:process';
import { parseArgs } from 'node:util';
import { forgetElectronSign } from '../platform/electronNode.ts';
import { serve } from './serve.ts';

/** Runs the server for whoever starts this file itself (VS Code does); `baton mcp` imports `serve`. */
async function main(): Promise<void> {
  forgetElectronSign();
  const { values } = parseArgs({ options: { root: { type: 'string' }, tools: { type: 'string' } } });
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort());
  await serve({ root: values.root, allTools: values.tools === 'all', signal: stop.signal });
}

if (require.main === module) {
  main().catch((error: unknown) => {
    process.stderr.write(`baton mcp: ${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  });
}

export { serve };
