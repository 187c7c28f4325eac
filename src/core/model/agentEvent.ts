/** What an agent says of its work, whatever agent it is. */
export type AgentEvent =
  | { readonly kind: 'started'; readonly agentSession?: string; readonly model?: string; readonly version?: string }
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'toolCall';
      readonly id?: string;
      readonly name: string;
      /** In short, for people. */
      readonly input: string;
      /** What it was called with, where the agent says it as an object. */
      readonly args?: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'toolResult'; readonly id?: string; readonly isError: boolean; readonly text: string }
  /** Used by one turn; of Claude Code it comes before all else that the turn says. */
  | { readonly kind: 'usage'; readonly inputTokens: number; readonly outputTokens: number }
  /** Something that is no work: a retry, a hook, a refused permission. */
  | { readonly kind: 'notice'; readonly text: string }
  | {
      readonly kind: 'ended';
      readonly isError: boolean;
      readonly text: string;
      readonly agentSession?: string;
      /** Of the whole run, as the agent counts it. */
      readonly inputTokens?: number;
      readonly outputTokens?: number;
      /** US dollars; absent where the agent does not say. */
      readonly costUsd?: number;
      readonly turns?: number;
    }
  /** A line that is not understood, as it came. */
  | { readonly kind: 'raw'; readonly line: string };

/** Understands the lines of one run of an agent; keeps what later lines need. */
export interface AgentReader {
  read(line: string): readonly AgentEvent[];
}
