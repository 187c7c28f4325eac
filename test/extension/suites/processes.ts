import { readFile } from 'node:fs/promises';

/**
 * How many page faults the ended children of this extension host have had: nought as long as it never had one. Processes that live for a
 * moment, as git does, are seen by nothing else. Only where there is /proc.
 */
export async function faultsOfEndedChildren(): Promise<number> {
  const status = await readFile('/proc/self/stat', 'utf8');
  // proc(5): the name in parentheses may hold anything; cminflt is the 11th field, the state behind the name the third.
  return Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[8]);
}

/** The living children of this extension host. */
export async function livingChildren(): Promise<string[]> {
  const children = await readFile(`/proc/self/task/${process.pid}/children`, 'utf8');
  return children.split(' ').filter((pid) => pid !== '');
}
