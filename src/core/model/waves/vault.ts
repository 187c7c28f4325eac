/** Modes of a vault's check (formats.md §1.9); `hard` was once called `strict`. */
export const vaultModes = ['hard', 'warn', 'off', 'baseline', 'diff', 'full'] as const;
export type VaultMode = (typeof vaultModes)[number];

/** A markdown file of a vault, or why it cannot be read. Path relative to the vault, `/` between parts. */
export type VaultFile =
  | { readonly path: string; readonly text: string }
  | { readonly path: string; readonly problem: string };

export interface VaultError {
  readonly file: string;
  /** Field of the frontmatter, `frontmatter` for all of it, empty for the file. */
  readonly path: string;
  readonly message: string;
}

export interface VaultWarning {
  readonly file: string;
  readonly type: 'dangling-wiki-link' | 'expired';
  readonly message: string;
}

/** What a vault's check found, as it is printed: names of the reference. */
export interface VaultReport {
  readonly status: 'ok' | 'invalid' | 'skipped' | 'skipped-mode-off';
  readonly mode: VaultMode | 'diff-fallback-full';
  readonly vault_dir: string;
  readonly files_checked: number;
  readonly excluded_count: number;
  readonly archived_skipped_count: number;
  readonly files_skipped_no_frontmatter: number;
  readonly errors: readonly VaultError[];
  readonly warnings: readonly VaultWarning[];
  /** Of `skipped`: why. */
  readonly reason?: string;
  /** Of `diff`: what is other than in the baseline. */
  readonly new_errors?: readonly VaultError[];
  readonly resolved_errors?: readonly VaultError[];
  readonly new_warnings?: readonly VaultWarning[];
  readonly resolved_warnings?: readonly VaultWarning[];
  readonly baseline_count?: number;
  readonly current_count?: number;
}

/** Where the files of a vault are. */
export interface VaultFolder {
  /** Absolute. */
  readonly path: string;
  /** All its markdown files, hidden ones left out; undefined where there is no such folder. */
  read(): Promise<readonly VaultFile[] | undefined>;
  /** The baseline that was written last. */
  readBaseline(): Promise<string | undefined>;
  /** @throws BatonError `read-only`, `disk-full`, `io-failed` */
  writeBaseline(text: string): Promise<void>;
}
