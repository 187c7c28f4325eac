/** Appends so many bytes to a file and prints the error as JSON: `writeLarge.ts <root> <file> <bytes>`. */
import process from 'node:process';
import { BatonError } from '../../../src/core/errors.ts';
import { createNodeStateFiles } from '../../../src/platform/nodeStateFiles.ts';
import { createProjectFolder } from '../../../src/platform/projectFolder.ts';

const [root = '', file = '', bytes = '0'] = process.argv.slice(2);
try {
  await createNodeStateFiles(createProjectFolder(root)).update(file, (text = '') => [
    { start: text.length, end: text.length, newText: 'x'.repeat(Number(bytes)) },
  ]);
  process.stdout.write('{}');
} catch (error) {
  if (!BatonError.is(error)) throw error;
  process.stdout.write(JSON.stringify({ code: error.code, message: error.message, data: error.data }));
}
