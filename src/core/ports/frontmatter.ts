/** What a file's frontmatter says. Every scalar is a string (YAML's failsafe schema). */
export type FrontmatterReading =
  | { readonly kind: 'none' }
  | { readonly kind: 'read'; readonly data: Readonly<Record<string, unknown>> }
  /** It is there but not YAML, or broken: nothing of it was run or guessed. */
  | { readonly kind: 'unreadable'; readonly message: string; readonly line: number };

/** Reads frontmatter; only YAML, whatever the fence claims (`---js` never runs anything). */
export interface FrontmatterReader {
  read(text: string): FrontmatterReading;
}
