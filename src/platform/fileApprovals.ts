import { createHash } from 'node:crypto';
import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { phrase } from '../core/base/phrase.ts';
import { BatonError } from '../core/errors.ts';
import type { Approvals } from '../core/ports/approvals.ts';
import { systemIo } from './atomicFile.ts';
import { createFileLocks } from './fileLocks.ts';
import { isMissing } from './ioErrors.ts';
import { realPath } from './projectFolder.ts';
import { updateTextFile } from './textFiles.ts';
import { userConfigFolder } from './userFolders.ts';

/** `approvals.json`: for each repository (real path) the hashes of the command lists that a person approved there. */
interface ApprovalsFile {
  readonly baton: 'approvals/1';
  readonly repositories: Readonly<Record<string, readonly string[]>>;
}

/** Approvals in the user's configuration folder, outside every repository, readable and writable by the user alone. */
export function createFileApprovals(repository: string, folder: string = userConfigFolder()): Approvals {
  const file = join(folder, 'approvals.json');
  const key = async () => realpath(repository).catch(() => repository);
  return {
    async isApproved(commands) {
      const text = await readFile(file, 'utf8').catch((error: unknown) => {
        if (isMissing(error)) return '';
        throw error;
      });
      // A file that cannot be understood approves nothing.
      const approvals = parseApprovals(text);
      const approved = approvals?.repositories[await key()];
      return Array.isArray(approved) && approved.includes(hashOf(commands));
    },
    async approve(commands) {
      const name = await key();
      await updateTextFile({
        realPath: await realPath(file),
        label: file,
        plan: (text) => {
          const { repositories } = parseForUpdate(text, file);
          const approved = new Set([...(repositories[name] ?? []), hashOf(commands)]);
          const next: ApprovalsFile = {
            baton: 'approvals/1',
            repositories: { ...repositories, [name]: [...approved] },
          };
          return [{ start: 0, end: text?.length ?? 0, newText: `${JSON.stringify(next, null, 2)}\n` }];
        },
        options: {},
        io: systemIo,
        locks: createFileLocks(),
        mode: 0o600,
      });
    },
  };
}

/** The length of each command is part of what is hashed, so that no two lists of commands look the same. */
function hashOf(commands: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(commands)).digest('hex');
}

function parseForUpdate(text: string | undefined, file: string): ApprovalsFile {
  if (text === undefined || text.trim() === '') return { baton: 'approvals/1', repositories: {} };
  const approvals = parseApprovals(text);
  if (approvals !== undefined) return approvals;
  throw new BatonError('unreadable-file', phrase`${file} is not what Baton wrote`, {
    hint: 'Mend it or move it away; approvals have then to be given again.',
    data: { path: file },
  });
}

function parseApprovals(text: string): ApprovalsFile | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('repositories' in value)) return undefined;
    const { repositories } = value;
    if (typeof repositories !== 'object' || repositories === null) return undefined;
    return { baton: 'approvals/1', repositories: { ...repositories } as ApprovalsFile['repositories'] };
  } catch {
    return undefined;
  }
}
