import { digestOf } from '../../base/revision.ts';
import type { WaveConfig } from '../../model/waves/waveConfig.ts';
import { notePatterns, noteStatuses, noteTypes, requiredNoteFields } from './vaultNote.ts';

/** Folders that vaults have for notes that agents write. */
const vaultFolders = /(?:^|\/)(?:40-learnings|50-sessions|03-daily|01-projects)\//;

/** Tells whether an agent is going to write notes of a vault: by the folder that the project names, by the usual ones, or by its task. */
export function writesToVault(options: {
  readonly task: string;
  readonly files: readonly string[];
  /** Relative to the project's root. */
  readonly folder?: string;
}): boolean {
  const prefix = options.folder === undefined ? undefined : `${options.folder.replace(/^\.\/|\/+$/g, '')}/`;
  const isInside = (file: string): boolean =>
    (prefix !== undefined && file.startsWith(prefix)) || vaultFolders.test(file);
  if (options.files.some(isInside)) return true;
  const task = options.task.toLowerCase();
  const means = /\b(?:writ|creat|generat|mirror|updat|add|insert)[a-z]*\b/;
  return options.files.length === 0 && /\bvault\b/.test(task) && means.test(task);
}

/** The guard for the prompt of an agent that may write in the project's vault; nothing for all others. */
export function guardFor(
  run: { readonly config: Pick<WaveConfig, 'vaultSync'> },
  agent: { readonly task: string; readonly files: readonly string[] },
): { readonly frontmatterGuard?: string } {
  const { mode, folder } = run.config.vaultSync;
  const { task, files } = agent;
  const isMeant = mode !== 'off' && writesToVault({ task, files, ...(folder !== undefined && { folder }) });
  return isMeant ? { frontmatterGuard: frontmatterGuard() } : {};
}

/**
 * What an agent that writes notes is told, before all else in its prompt: fields, kinds, forms. It ends with the marker
 * `<!-- frontmatter-guard:<hash8> -->`, which names the state of the schema.
 */
export function frontmatterGuard(): string {
  const codes = (words: readonly string[]): string => words.map((word) => `\`${word}\``).join(', ');
  const text = `## Frontmatter of vault notes

Every markdown file that you write in the vault begins with YAML frontmatter between two lines \`---\`. A note that does not fit is refused when the run is closed.

- Required: ${codes(requiredNoteFields)}
- \`id\`: kebab-case, 2 to 128 characters, \`${notePatterns.id}\`; the same in no other note
- \`type\`: one of ${codes(noteTypes)}
- \`created\`, \`updated\`, and \`expires\` where there is one: ISO 8601, \`YYYY-MM-DD\` or with time and zone
- \`status\`, where there is one: one of ${codes(noteStatuses)}
- \`tags\`, where there are any: a list, kebab-case with \`/\` between parts

\`\`\`yaml
---
id: retry-limits-of-the-importer
type: learning
created: 2026-05-08
updated: 2026-05-08
status: active
tags: [learning/importer]
---
\`\`\`
`;
  return `${text}\n<!-- frontmatter-guard:${digestOf(text).slice(0, 8)} -->\n`;
}
