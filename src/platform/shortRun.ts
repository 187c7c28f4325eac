import process from 'node:process';

/**
 * Turns V8's optimising compilers off, or on again: a run of some milliseconds ends before what they make is of use, and they take half of
 * its processor time (on threads of their own, which a busy machine has not). Nothing but speed depends on it.
 */
export function optimiseCode(isWanted: boolean): void {
  const v8 = process.getBuiltinModule('node:v8');
  for (const compiler of ['opt', 'maglev']) v8.setFlagsFromString(`--${isWanted ? '' : 'no-'}${compiler}`);
}
