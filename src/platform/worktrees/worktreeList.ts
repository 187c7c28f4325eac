import type { WorktreeInfo } from '../../core/ports/worktrees.ts';

/** Reads `git worktree list --porcelain -z` (git-worktree(1)): attributes end with NUL, a worktree with one more. The first is the main one. */
export function parseWorktreeList(output: string): readonly WorktreeInfo[] {
  return output
    .split('\0\0')
    .filter((block) => block.trim() !== '')
    .map((block, index) => readBlock(block.split('\0'), index === 0));
}

function readBlock(attributes: readonly string[], isMain: boolean): WorktreeInfo {
  const values = new Map<string, string>();
  for (const attribute of attributes) {
    const space = attribute.indexOf(' ');
    if (space < 0) values.set(attribute, '');
    else values.set(attribute.slice(0, space), attribute.slice(space + 1));
  }
  const branch = values.get('branch')?.replace(/^refs\/heads\//, '');
  const head = values.get('HEAD');
  const locked = values.get('locked');
  return {
    path: values.get('worktree') ?? '',
    ...(branch !== undefined && { branch }),
    ...(head !== undefined && !/^0+$/.test(head) && { head }),
    isMain,
    ...(locked !== undefined && { locked }),
    isGone: values.has('prunable'),
  };
}
