/** The folder of a list in Claude Code's store: its own rule for names of folders. */
export function claudeFolderName(listId: string): string {
  return listId.replace(/[^a-zA-Z0-9_-]/g, '-');
}
