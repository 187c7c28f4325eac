/** Runs every bench file of this folder, one after the other, each in a process of its own. `npm run bench -- parse` runs those whose name begins so. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const [prefix = ''] = process.argv.slice(2);
const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.bench.mjs') && name.startsWith(prefix));
if (files.length === 0) {
  console.error(`No bench begins with "${prefix}".`);
  process.exit(2);
}
let failed = 0;
for (const file of files.sort()) {
  console.log(`\n== ${file}`);
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, file)], { stdio: 'inherit' });
  if (status !== 0) failed++;
}
process.exit(failed === 0 ? 0 : 1);
