import { stateFolders } from '../../model/waveState.ts';

/**
 * What the coordinator of a wave run writes in the run's own tree (formats.md §1.1): no agent's work, so it is in no snapshot and is brought
 * nowhere. Globs in git's form.
 */
export const runRecordGlobs: readonly string[] = [
  '**/.orchestrator/*.lock',
  '**/.orchestrator/current-session.json',
  '**/.orchestrator/runtime/**',
  '**/.orchestrator/tmp/**',
  '**/.orchestrator/metrics/**',
  ...stateFolders.flatMap((folder) => [
    `**/${folder}/STATE*.md`,
    `**/${folder}/wave-scope.json`,
    `**/${folder}/filescopes/**`,
  ]),
  '**/.baton/**',
  '**/.worktrees/**',
];

const runRecord =
  /(?:^|\/)(?:\.orchestrator\/(?:[^/]+\.lock$|current-session\.json$|(?:runtime|tmp|metrics)\/)|\.(?:claude|codex|cursor|pi)\/(?:STATE[^/]*\.md$|wave-scope\.json$|filescopes\/)|\.(?:baton|worktrees)\/)/;

/** Tells whether a path (`/` between parts) is one of `runRecordGlobs`. */
export function isRunRecord(path: string): boolean {
  return runRecord.test(path);
}
