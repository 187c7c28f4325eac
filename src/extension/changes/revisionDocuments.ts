import * as vscode from 'vscode';
import { BatonError } from '../../core/errors.ts';
import type { Projects } from '../workspace/projects.ts';

/** Read-only documents that show a file as a commit has it. */
const scheme = 'baton-git';

/** A file in a commit of a project's repository. */
export interface Revision {
  /** ID of the folder's host. */
  readonly folder: string;
  /** Folder of the session's repository in the project, `''` for its root. */
  readonly repository: string;
  /** Relative to the repository's top level. */
  readonly path: string;
  /** Full hash of a commit or tree. */
  readonly hash: string;
  /** Shown by a line of text in place of its content. */
  readonly binary: boolean;
}

/** Lets editors show files as commits have them; git is asked when the editor asks. */
export function registerRevisionDocuments(projects: Projects): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: (uri) => readRevision(projects, uri),
  });
}

/** The address of such a document. */
export function revisionUri({ path, folder, repository, hash, binary }: Revision): vscode.Uri {
  const query = JSON.stringify({ folder, repository, hash, ...(binary && { binary }) });
  return vscode.Uri.from({ scheme, path: `/${path}`, query });
}

/** Anybody can make an address: only repositories of open folders are read, and none in Restricted Mode. */
async function readRevision(projects: Projects, uri: vscode.Uri): Promise<string> {
  const revision = parseRevision(uri);
  if (revision === undefined) throw new BatonError('invalid-argument', vscode.l10n.t('No such document.'));
  const { folder, repository, path, hash, binary } = revision;
  if (binary) {
    return /^0+$/.test(hash)
      ? vscode.l10n.t('Binary file, as it is now')
      : vscode.l10n.t('Binary file, as {0} has it', hash.slice(0, 7));
  }
  await projects.load();
  const git = await projects.get(folder).ports.git(repository);
  return (await git?.show(hash, path)) ?? '';
}

function parseRevision(uri: vscode.Uri): Revision | undefined {
  let query: unknown;
  try {
    query = JSON.parse(uri.query);
  } catch {
    return undefined;
  }
  if (typeof query !== 'object' || query === null) return undefined;
  const { folder, repository, hash, binary } = query as Partial<Revision>;
  if (typeof folder !== 'string' || typeof repository !== 'string' || !/^[0-9a-f]{40,64}$/.test(String(hash))) {
    return undefined;
  }
  return { folder, repository, hash: String(hash), path: uri.path.slice(1), binary: binary === true };
}
