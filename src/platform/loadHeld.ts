import { readFileSync } from 'node:fs';
import Module from 'node:module';

/**
 * Loads the rest of the command line. It lies in this very file, in a comment behind the code (scripts/lib/build.ts, `held`), so that a run
 * that does not need it does not compile it, which takes longer than all else that a quick read does; and one file is still all there is.
 */
export function loadHeld(): void {
  const source = readFileSync(__filename, 'utf8');
  const start = source.lastIndexOf(heldStart) + heldStart.length;
  const held = source.slice(start, source.lastIndexOf(heldEnd)).replaceAll(`*${escapeMark}/`, '*/');
  const loader = new Module(__filename, undefined) as HeldModule;
  loader.filename = __filename;
  loader.paths = module.paths;
  loader._compile(held, __filename);
}

interface HeldModule extends Module {
  /** What `require` does with a file's text. */
  _compile(source: string, filename: string): unknown;
}

/** Behind the first and before the second the text stands, with `escapeMark` within each end of a comment. */
const heldStart = '\n/*held:\n';
const heldEnd = '\n:held*/';
const escapeMark = '\u0001';
