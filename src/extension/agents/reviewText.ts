import * as vscode from 'vscode';
import type { SessionEntry } from '../../core/model/workspace.ts';
import { folderOf } from '../../core/store/lookup.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';

/**
 * Writes a session down for a web chat that sees no files: what is to be done, how far it is, what changed, and what to answer.
 *
 * @param mayAskGit false in Restricted Mode: then the changed files are left out
 */
export async function buildReviewText(host: ProjectHost, entry: SessionEntry, mayAskGit: boolean): Promise<string> {
  const file = entry.activeHere ? host.workspace?.sessionFile : undefined;
  const prompt = file?.prompt?.text ?? entry.plan?.prompt?.text;
  const checklist = file?.checklist ?? entry.plan?.checklist ?? [];
  const changed = mayAskGit && file?.startRef !== undefined ? await changedFiles(host, entry, file.startRef) : [];
  const parts = [
    `# ${entry.id}: ${entry.title}`,
    section(vscode.l10n.t('Task'), prompt?.trim()),
    section(
      vscode.l10n.t('Checklist'),
      checklist.map((item) => `- [${item.checked ? 'x' : ' '}] ${item.text}`).join('\n'),
    ),
    section(
      vscode.l10n.t('Commands that must pass'),
      (file?.commands ?? entry.plan?.commands ?? []).map(({ command }) => `- ${command}`).join('\n'),
    ),
    section(
      vscode.l10n.t('Notes so far'),
      (file?.notes ?? []).map((note) => (note.startsWith('- ') ? note : `- ${note}`)).join('\n'),
    ),
    section(vscode.l10n.t('Files changed since the start'), changed.map((path) => `- ${path}`).join('\n')),
    section(
      vscode.l10n.t('What I need'),
      vscode.l10n.t(
        'Work through the task or review what I paste below. End with a summary of at most ten lines: what was decided, what is done, what remains.',
      ),
    ),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function section(title: string, body: string | undefined): string {
  return body === undefined || body === '' ? '' : `## ${title}\n\n${body}`;
}

async function changedFiles(host: ProjectHost, entry: SessionEntry, startRef: string): Promise<readonly string[]> {
  const { workspace } = host;
  if (workspace === undefined) return [];
  const git = await host.ports.git(folderOf(workspace, entry));
  const from = await git?.resolve(startRef);
  if (git === undefined || from === undefined) return [];
  return git.changedFiles(from, await git.workingTree([]));
}
