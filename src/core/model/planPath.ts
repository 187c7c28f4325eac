/** Tells whether a file that a progress file or SESSION.md links to as its plan can be one, by its name. */
export function canBePlan(path: string): boolean {
  return /\.(?:md|markdown|mdx|txt|xml)$/i.test(path);
}
