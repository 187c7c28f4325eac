import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';
import type { Watcher } from '../core/ports/watcher.ts';

/** How often is looked without a report: network drives report nothing, and a folder may be made later. */
const pollMs = 2_000;

/** Reports that come one upon the other are one change. */
const settleMs = 40;

/** Watches folders of a project by the system's means; `extra` are absolute paths of folders outside it. */
export function createFolderWatcher(root: string, extra: readonly string[] = []): Watcher {
  return {
    watch(folders, onChange) {
      const open: FSWatcher[] = [];
      let settling: NodeJS.Timeout | undefined;
      const report = (): void => {
        settling ??= setTimeout(() => {
          settling = undefined;
          onChange();
        }, settleMs);
      };
      for (const path of new Set([...folders.map((folder) => join(root, folder)), ...extra])) {
        try {
          const watcher = watch(path, report);
          // A folder that is removed while it is watched.
          watcher.on('error', () => watcher.close());
          open.push(watcher);
        } catch {
          // Not there yet, or the system has no more watches: looking now and then has to do.
        }
      }
      const timer = setInterval(onChange, pollMs);
      return {
        dispose() {
          clearInterval(timer);
          clearTimeout(settling);
          for (const watcher of open) watcher.close();
        },
      };
    },
    after(timeMs, act) {
      const timer = setTimeout(act, timeMs);
      return { dispose: () => clearTimeout(timer) };
    },
  };
}
