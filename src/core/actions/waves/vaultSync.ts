import { compileGlob } from '../../base/glob.ts';
import { phrase } from '../../base/phrase.ts';
import { digestOf } from '../../base/revision.ts';
import { readObject, recordText } from '../../formats/waves/sessionLock.ts';
import {
  checkNote,
  notePatterns,
  noteStatuses,
  noteTypes,
  readNote,
  requiredNoteFields,
  type VaultNote,
} from '../../formats/waves/vaultNote.ts';
import type {
  VaultError,
  VaultFile,
  VaultFolder,
  VaultMode,
  VaultReport,
  VaultWarning,
} from '../../model/waves/vault.ts';
import type { Clock } from '../../ports/clock.ts';

export interface VaultSyncOptions {
  readonly mode: VaultMode;
  /** Globs of files that are not checked; links may lead to them all the same. */
  readonly exclude?: readonly string[];
  /** Warn of notes whose time is over. */
  readonly checkExpires?: boolean;
}

/** Notes in it are not checked, but may be linked to. */
const archiveFolder = '90-archive/';

/**
 * Checks a vault: frontmatter of every note against the schema, and where its links lead. `baseline` records what is wrong now, `diff` tells
 * only what came and went since. `skipped` where there is no vault.
 *
 * @throws BatonError what writing the baseline throws
 */
export async function syncVault(clock: Clock, folder: VaultFolder, options: VaultSyncOptions): Promise<VaultReport> {
  const empty = { vault_dir: folder.path, ...noCounts };
  if (options.mode === 'off') return { status: 'skipped-mode-off', mode: 'off', ...empty };
  const files = await folder.read();
  if (files === undefined || files.length === 0) {
    return { status: 'skipped', mode: options.mode, ...empty, reason: 'no vault' };
  }
  const today = new Date(clock.now().epochMs).toISOString();
  const found = checkVault(files, { ...options, today: today.slice(0, 10) });
  const facts = { vault_dir: folder.path, ...found };
  const isInvalid = found.errors.length > 0;
  if (options.mode === 'baseline') {
    await folder.writeBaseline(baselineText(folder.path, found, today));
    return { status: 'ok', mode: 'baseline', ...facts };
  }
  if (options.mode === 'diff') return await compareWithBaseline(folder, facts);
  return { status: isInvalid && options.mode !== 'warn' ? 'invalid' : 'ok', mode: options.mode, ...facts };
}

const noCounts = {
  files_checked: 0,
  excluded_count: 0,
  archived_skipped_count: 0,
  files_skipped_no_frontmatter: 0,
  errors: [],
  warnings: [],
} as const;

type Findings = Pick<VaultReport, keyof typeof noCounts>;

/** The pure part: what is wrong with these files. */
export function checkVault(
  files: readonly VaultFile[],
  { exclude = [], checkExpires = false, today }: Omit<VaultSyncOptions, 'mode'> & { readonly today: string },
): Findings {
  const globs = exclude.map((glob) => compileGlob(glob));
  const notes = files.map((file) => ({ file, note: 'text' in file ? readNote(file.text) : undefined }));
  const known = indexNotes(notes);
  const errors: VaultError[] = [];
  const warnings: VaultWarning[] = [];
  const counts = { files_checked: 0, excluded_count: 0, archived_skipped_count: 0, files_skipped_no_frontmatter: 0 };
  for (const { file, note } of notes) {
    const { path } = file;
    if (globs.some((glob) => glob.matches(path))) counts.excluded_count += 1;
    else if (path.startsWith(archiveFolder)) counts.archived_skipped_count += 1;
    else if (note === undefined) {
      errors.push({
        file: path,
        path: '',
        message: phrase`It cannot be read: ${'problem' in file ? file.problem : ''}`,
      });
    } else if (note.data === undefined && note.unreadable === undefined && note.isOther !== true)
      counts.files_skipped_no_frontmatter += 1;
    else {
      counts.files_checked += 1;
      checkOne(path, note, { known, errors, warnings, expiredBefore: checkExpires ? today : '' });
    }
  }
  return { ...counts, errors, warnings };
}

function checkOne(
  path: string,
  note: VaultNote,
  to: { known: KnownNotes; errors: VaultError[]; warnings: VaultWarning[]; expiredBefore: string },
): void {
  if (note.data === undefined) {
    to.errors.push(
      note.isOther === true
        ? { file: path, path: '', message: 'Its frontmatter is no list of fields' }
        : { file: path, path: 'frontmatter', message: phrase`It is no YAML: ${note.unreadable ?? ''}` },
    );
    return;
  }
  const problems = checkNote(note.data);
  to.errors.push(...problems.map((problem) => ({ file: path, ...problem })));
  for (const link of note.links) {
    if (isKnown(to.known, link, path)) continue;
    to.warnings.push({ file: path, type: 'dangling-wiki-link', message: phrase`No note of the vault is [[${link}]]` });
  }
  const { expires } = note.data;
  if (problems.length === 0 && typeof expires === 'string' && expires < to.expiredBefore) {
    to.warnings.push({ file: path, type: 'expired', message: phrase`Its time was over on ${expires}` });
  }
}

/** What a link can name: paths, and names, IDs and aliases whatever their case. */
interface KnownNotes {
  readonly paths: ReadonlySet<string>;
  readonly names: ReadonlySet<string>;
}

function indexNotes(notes: readonly { file: VaultFile; note: VaultNote | undefined }[]): KnownNotes {
  const names = notes.flatMap(({ file, note }) => {
    const { id, aliases } = note?.data ?? {};
    const others = Array.isArray(aliases) ? aliases : [];
    return [baseName(file.path), id, ...others].flatMap((name) => (typeof name === 'string' ? [folded(name)] : []));
  });
  return { paths: new Set(notes.map(({ file }) => file.path)), names: new Set(names) };
}

function isKnown({ paths, names }: KnownNotes, link: string, from: string): boolean {
  const file = link.endsWith('.md') ? link : `${link}.md`;
  const beside = resolvePath(from.slice(0, from.lastIndexOf('/') + 1) + file);
  return paths.has(resolvePath(file)) || paths.has(beside) || names.has(folded(baseName(file)));
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.md$/, '');
}

function folded(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

function resolvePath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

/** Names the schema that a baseline was made by. */
function schemaHash(): string {
  return digestOf(JSON.stringify([noteTypes, noteStatuses, requiredNoteFields, notePatterns])).slice(0, 8);
}

function baselineText(path: string, { errors, warnings }: Findings, at: string): string {
  return recordText({
    schema_hash: schemaHash(),
    generated_at: at,
    vault_dir: path,
    error_count: errors.length,
    warning_count: warnings.length,
    errors,
    warnings,
  });
}

/** Without a baseline, or with one of another schema, everything counts. */
async function compareWithBaseline(
  folder: VaultFolder,
  facts: Findings & { readonly vault_dir: string },
): Promise<VaultReport> {
  const { schema_hash, errors, warnings } = readObject((await folder.readBaseline()) ?? '') ?? {};
  if (schema_hash !== schemaHash() || !Array.isArray(errors) || !Array.isArray(warnings)) {
    return { status: facts.errors.length > 0 ? 'invalid' : 'ok', mode: 'diff-fallback-full', ...facts };
  }
  const error = difference<VaultError>(errors, facts.errors);
  const warning = difference<VaultWarning>(warnings, facts.warnings);
  return {
    status: error.came.length > 0 ? 'invalid' : 'ok',
    mode: 'diff',
    ...facts,
    new_errors: error.came,
    resolved_errors: error.went,
    new_warnings: warning.came,
    resolved_warnings: warning.went,
    baseline_count: errors.length,
    current_count: facts.errors.length,
  };
}

function difference<T extends object>(
  before: readonly unknown[],
  now: readonly T[],
): { readonly came: readonly T[]; readonly went: readonly T[] } {
  const keyOf = (value: unknown): string => {
    const { file, path, type, message } = (typeof value === 'object' && value !== null ? value : {}) as Record<
      string,
      unknown
    >;
    return JSON.stringify([file, path ?? type, message]);
  };
  const earlier = new Set(before.map(keyOf));
  const current = new Set(now.map(keyOf));
  return {
    came: now.filter((one) => !earlier.has(keyOf(one))),
    went: (before as readonly T[]).filter((one) => !current.has(keyOf(one))),
  };
}
