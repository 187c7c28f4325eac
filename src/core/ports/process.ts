import type { Cancellation } from '../base/cancellation.ts';

/** How one shell line ended. */
export interface CommandOutcome {
  /** Undefined where a signal, the time limit or cancelling ended it. */
  readonly exitCode: number | undefined;
  readonly signal?: string;
  readonly timedOut: boolean;
  readonly cancelled: boolean;
  readonly durationMs: number;
  /** The end of its output, both streams, at most 8 KiB. */
  readonly tail: string;
}

/** Runs approved shell lines. */
export interface CommandRunner {
  /**
   * Runs `command` by the system's shell in `folder` (relative to the project's root), in its own process group; the time limit and
   * cancelling end the whole group. All output goes to the log record `logKey` and, as it comes, to `onOutput`.
   */
  run(options: {
    readonly command: string;
    readonly folder: string;
    readonly logKey: string;
    readonly timeoutMs: number;
    readonly cancellation: Cancellation;
    /** Beside what this process has. */
    readonly env?: Readonly<Record<string, string>>;
    readonly onOutput?: (chunk: string) => void;
  }): Promise<CommandOutcome>;
}
