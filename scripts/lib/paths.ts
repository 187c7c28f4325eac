import { join, resolve } from 'node:path';

/** The repository's root. */
export const root = resolve(import.meta.dirname, '../..');

/** Where everything is kept that is downloaded; ignored by git. */
export const cacheDir = join(root, '.vscode-test');

/** Node 24, as brought along by the package `node`. */
export const node24 = join(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
