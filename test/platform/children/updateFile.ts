/**
 * A writer in a process of its own: `updateFile.ts <root> <file> <mode> <name> <times>`.
 * `row` marks the writer's own row of a table, `count` adds one to the writer's own counter, `grow` replaces the text by a longer one of
 * one letter, for ever, once it is told to on its standard input.
 */
import process from 'node:process';
import { createNodeStateFiles } from '../../../src/platform/nodeStateFiles.ts';
import { createProjectFolder } from '../../../src/platform/projectFolder.ts';

const [root = '', file = '', mode = '', name = '', times = '1'] = process.argv.slice(2);
const stateFiles = createNodeStateFiles(createProjectFolder(root));

function replace(text: string, from: RegExp, to: (found: string) => string) {
  const match = from.exec(text);
  if (match === null) throw new Error(`nothing of ${name} in ${text.length} units`);
  return [{ start: match.index, end: match.index + match[0].length, newText: to(match[0]) }];
}

if (mode === 'row') {
  await stateFiles.update(file, (text = '') =>
    replace(text, new RegExp(`\\| ${name} \\| pending \\|`), () => `| ${name} | done |`),
  );
} else if (mode === 'count') {
  for (let at = 0; at < Number(times); at++) {
    await stateFiles.update(file, (text = '') =>
      replace(text, new RegExp(`(?<=\\| ${name} \\| )\\d+`), (found) => String(Number(found) + 1)),
    );
  }
} else if (mode === 'grow') {
  process.stdout.write('ready\n');
  await new Promise((go) => process.stdin.once('data', go));
  for (let at = 0; ; at++) {
    const letter = String.fromCharCode(97 + (at % 26));
    const newText = letter.repeat(200_000 + (at % 7) * 10_000);
    await stateFiles.update(file, (text = '') => [{ start: 0, end: text.length, newText }]);
  }
}
