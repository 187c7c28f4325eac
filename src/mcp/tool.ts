import type * as z from 'zod';
import type { ActionContext } from '../core/actions/context.ts';

/** What a tool does to the project; from this its annotations follow. */
export type ToolEffect =
  /** Reads only. */
  | 'reads'
  /** Changes something, and takes nothing away that cannot be had again. */
  | 'changes'
  /** Changes something; doing it again changes nothing more. */
  | 'changes-once'
  /** Takes something away. */
  | 'removes';

/** What a tool works with. */
export interface ToolRun {
  readonly context: ActionContext;
  /** Absolute path of the project's root. */
  readonly root: string;
  /** Ends a wait early: the client cancelled the call, or went away. */
  readonly signal: AbortSignal;
  /** How the client calls itself; it goes down as the one who worked. */
  readonly client: string;
}

/** What a tool gives back. */
export interface ToolAnswer {
  /** Readable lines: the text of the result, and its `message`, since some agents see nothing but the structured content. */
  readonly message: string;
  /** The fields of the output schema, and further ones. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly warnings?: readonly string[];
}

/** A tool of the server. */
export interface Tool {
  /** `verb_noun` */
  readonly name: string;
  readonly description: string;
  readonly effect: ToolEffect;
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
  /** It waits for a person and must not keep others from their turn. */
  readonly waits?: boolean;
  readonly run: (run: ToolRun, input: unknown) => Promise<ToolAnswer>;
}

/** Makes a tool whose `run` knows the types of its input. */
export function defineTool<Input extends z.ZodObject>(
  tool: Omit<Tool, 'input' | 'run'> & {
    readonly input: Input;
    readonly run: (run: ToolRun, input: z.output<Input>) => Promise<ToolAnswer>;
  },
): Tool {
  return { ...tool, run: (run, input) => tool.run(run, input as z.output<Input>) };
}
