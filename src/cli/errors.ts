import { BatonError, type ErrorCode } from '../core/errors.ts';

/** Codes that `--json` can carry: the core's, and `internal` for a bug. */
export type CliErrorCode = ErrorCode | 'internal';

/** Exit codes of the command line. A run that Ctrl-C or a signal ended has 128 and the signal's number, as shells have it. */
export const exitCodes = {
  done: 0,
  refused: 1,
  usage: 2,
  bug: 70,
  interrupted: 130,
  terminated: 143,
  hungUp: 129,
} as const;

interface CodeMeaning {
  readonly exitCode: number;
  /** The next step, where the error itself names none. */
  readonly hint: string;
}

const { refused, usage } = exitCodes;

const meanings: Record<ErrorCode, CodeMeaning> = {
  'unknown-session': { exitCode: refused, hint: '"baton sessions" lists all sessions.' },
  'ambiguous-session': { exitCode: refused, hint: 'Name the place with --project or --plan.' },
  'unknown-checkpoint': { exitCode: refused, hint: '"baton show <ID>" lists the checkpoints of a session.' },
  'unknown-item': { exitCode: refused, hint: '"baton inbox" lists what waits for an answer.' },
  'no-project': { exitCode: refused, hint: '"baton init <project>" makes a progress file.' },
  'no-plan': { exitCode: refused, hint: 'Write a plan (docs/<PROJECT>_PROMPTS.md), or name one with --plan.' },
  'no-progress': { exitCode: refused, hint: '"baton init <project>" makes a progress file.' },
  'ambiguous-project': { exitCode: refused, hint: 'Name the project with --project.' },
  'unknown-list': { exitCode: refused, hint: '"baton tasks list" lists all task lists.' },
  'ambiguous-list': { exitCode: refused, hint: 'Name the list by its ID.' },
  'unknown-task': { exitCode: refused, hint: '"baton tasks show <LIST>" lists the tasks.' },
  'ambiguous-task': { exitCode: refused, hint: 'Give one of the rows another ID.' },
  'already-exists': { exitCode: refused, hint: 'Choose another name, or edit what is there.' },
  'session-active': { exitCode: refused, hint: 'End it first: "baton complete", "baton pause" or "baton fail".' },
  'no-active-session': { exitCode: refused, hint: '"baton sessions --ready" lists what can be started.' },
  'wrong-state': { exitCode: refused, hint: '"baton show <ID>" tells the state of a session.' },
  'dependencies-unmet': { exitCode: refused, hint: 'Complete those first, or start it all the same with --force.' },
  'cyclic-dependency': { exitCode: refused, hint: 'Leave one of these dependencies out.' },
  claimed: { exitCode: refused, hint: '"baton claim" tells until when; take another task.' },
  'not-claimed': { exitCode: refused, hint: '"baton tasks show <LIST>" tells who has claimed what.' },
  'foreign-session-file': { exitCode: refused, hint: 'Look at the file; --force keeps it under another name.' },
  interrupted: {
    exitCode: refused,
    hint: '"baton status" tells what is half done, "baton recover" finishes or undoes it.',
  },
  'nothing-to-recover': { exitCode: refused, hint: '"baton status" tells where things stand.' },
  'nothing-to-commit': { exitCode: refused, hint: 'Change something first, or look at "git status".' },
  'nothing-to-roll-back': { exitCode: refused, hint: '"baton show <ID>" lists the commits of a session.' },
  'verification-failed': { exitCode: refused, hint: 'Mend what failed and run "baton verify" again.' },
  'approval-required': { exitCode: refused, hint: 'Read the commands, then run again with --yes or from a terminal.' },
  'no-verification': { exitCode: refused, hint: 'Add commands under "### Verification Commands".' },
  'problems-found': { exitCode: refused, hint: '"baton check --fix" mends what can be mended without a choice.' },
  'continuity-broken': { exitCode: refused, hint: 'Restore what was lost from the commits named.' },
  'not-a-repository': { exitCode: refused, hint: 'Run "git init", or name the folder with --cwd.' },
  'merge-in-progress': { exitCode: refused, hint: 'Conclude or abort it with git, then run again.' },
  'detached-head': { exitCode: refused, hint: 'Check out a branch with "git switch", then run again.' },
  'no-identity': { exitCode: refused, hint: 'Set "git config user.name" and "git config user.email".' },
  'hook-failed': { exitCode: refused, hint: 'Mend what the hook complains of, then run again.' },
  'revert-conflict': { exitCode: refused, hint: 'Nothing was changed. Revert the commits by hand, with git.' },
  'git-failed': { exitCode: refused, hint: 'Run again with --verbose to see what git said.' },
  'unknown-isolated': { exitCode: refused, hint: '"baton isolated list" lists the isolated sessions.' },
  'already-dispatched': { exitCode: refused, hint: '"baton isolated list" shows who works on it.' },
  'not-agentic': { exitCode: refused, hint: 'Run it again with --yes, or set "mode: agentic" in .baton.yaml.' },
  'agent-missing': { exitCode: refused, hint: 'Install the agent, or name another one with --agent.' },
  'review-missing': { exitCode: refused, hint: 'Wait for the review, or decide yourself: "baton isolated approve".' },
  'merge-conflict': { exitCode: refused, hint: 'Hand it back with "baton isolated retry", or merge it by hand.' },
  'disk-space': { exitCode: refused, hint: '"baton isolated clean" frees what is not needed any more.' },
  'unknown-wave-run': { exitCode: refused, hint: '"baton wave status" lists the runs.' },
  'wave-run-active': { exitCode: refused, hint: 'Let it end, or abort it with "baton wave abort".' },
  'invalid-wave-plan': { exitCode: refused, hint: 'Mend what is named in the plan, then run it again.' },
  'bootstrap-missing': { exitCode: refused, hint: 'Run it in a terminal and agree, or pass --bootstrap.' },
  'tree-not-clean': { exitCode: refused, hint: 'Commit or stash what has changed, or pass --dirty continue.' },
  'proposal-refused': { exitCode: refused, hint: 'Go on without it; the person can be asked with "baton ask".' },
  'session-conflict': { exitCode: refused, hint: 'Wait for the other session, or use a worktree of its own.' },
  'supervisor-failed': { exitCode: refused, hint: 'Look at the log that is named, then run it again.' },
  conflict: { exitCode: refused, hint: 'The file was changed meanwhile. Look at it and run again.' },
  locked: { exitCode: refused, hint: 'Another process is writing. Run again in a moment.' },
  'read-only': { exitCode: refused, hint: 'Make the file writable, then run again.' },
  'disk-full': { exitCode: refused, hint: 'Free some space, then run again. The old file is intact.' },
  'unreadable-file': { exitCode: refused, hint: '"baton check" tells what cannot be read.' },
  'write-refused': { exitCode: refused, hint: 'Nothing was written. Look at the file, and at what was to be written.' },
  'outside-project': { exitCode: refused, hint: 'Name a path inside the project.' },
  'io-failed': { exitCode: refused, hint: 'Run again with --verbose for the cause.' },
  'invalid-argument': { exitCode: usage, hint: '"baton <command> --help" tells what it takes.' },
  'invalid-config': { exitCode: refused, hint: 'Mend .baton.yaml; "baton check" names the line.' },
  untrusted: { exitCode: refused, hint: 'Trust the folder first.' },
  cancelled: { exitCode: refused, hint: 'Nothing more was done.' },
  'process-failed': { exitCode: refused, hint: 'Run again with --verbose for the cause.' },
};

/** What an error means to whoever called the command line. */
export interface CliFailure {
  readonly code: CliErrorCode;
  readonly exitCode: number;
  readonly message: string;
  readonly hint: string | undefined;
}

/** Reads an error; what is no `BatonError` is a bug. */
export function describeFailure(error: unknown): CliFailure {
  if (BatonError.is(error)) {
    const { exitCode, hint } = meanings[error.code];
    return { code: error.code, exitCode, message: error.message, hint: error.hint ?? hint };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'internal',
    exitCode: exitCodes.bug,
    message: `Internal error: ${message}`,
    hint: 'This is a bug in Baton. --verbose shows where it happened.',
  };
}
