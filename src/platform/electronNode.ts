import process from 'node:process';

/**
 * Takes away the sign by which VS Code's program was told to be this Node: what we start (hooks, commands of a verification, agents) may be
 * such a program too, and is to be itself.
 */
export function forgetElectronSign(): void {
  if ('electron' in process.versions) delete process.env['ELECTRON_RUN_AS_NODE'];
}
