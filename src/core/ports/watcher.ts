import type { Disposable } from '../base/disposable.ts';
import type { ProjectPath } from './fileSystem.ts';

/** Tells that something in folders may have changed. */
export interface Watcher {
  /**
   * Calls `onChange` soon after each change of a file that lies in one of the folders (not below), and now and then without one, so that what
   * the system does not report is seen too. Folders that are not there yet are fine.
   */
  watch(folders: readonly ProjectPath[], onChange: () => void): Disposable;
  /** Calls `act` once, after a time. */
  after(timeMs: number, act: () => void): Disposable;
}
