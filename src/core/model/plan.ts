import type { Range } from '../base/range.ts';
import type { ChecklistItem } from './checklist.ts';

/** The ways a session can be worked on, from the `execution` metadata (formats.md §2.2: icons and words). */
export const executionModes = [
  'cli',
  'vscode',
  'web',
  'quick',
  'medium',
  'heavy',
  'ultrathink',
  'subagents',
  'config',
] as const;
export type ExecutionMode = (typeof executionModes)[number];

/** One entry of `dependencies`. */
export interface PlanDependency {
  readonly id: string;
  /** The text in parentheses behind the ID, as it stands. */
  readonly reason?: string;
  /** Where the ID stands in the plan's text. */
  readonly range: Range;
}

/** A shell line of the verification commands. Lines that only change directory or set variables are part of the lines after them. */
export interface VerificationCommand {
  /** The exact shell text that is run and approved. */
  readonly command: string;
  /** A comment line above it, or the `name` of an XML check. */
  readonly label?: string;
  readonly range: Range;
}

/** One sub-agent of a session (formats.md §2.4a). */
export interface SubAgent {
  readonly name: string;
  readonly role?: string;
  readonly model?: string;
  readonly responsibilities: readonly string[];
  readonly files: readonly string[];
  readonly constraints: readonly string[];
}

/** What the plan says on model and thinking; dated model names are kept as text. */
export interface ModelSettings {
  readonly model?: string;
  readonly thinkingMode?: string;
  readonly maxThinkingTokens?: string;
  readonly temperature?: string;
}

/** A section of a plan that is carried into SESSION.md word for word, under its own heading. */
export interface PlanSubsection {
  /** The heading's text, e.g. `Prompt`. */
  readonly title: string;
  readonly headingRange: Range;
  /** The text below the heading up to the next heading of the same or a higher level, outside fences. */
  readonly bodyRange: Range;
}

/** One session as a plan defines it. Ranges are in the plan's text. */
export interface PlanSession {
  readonly id: string;
  readonly title: string;
  /** `markdown`: a heading with sections; `xml`: a `<session id="…">` element, in a fence or bare. */
  readonly form: 'markdown' | 'xml';
  readonly idRange: Range;
  /** The heading line, or the opening tag where an XML session has none. */
  readonly headingRange: Range;
  /** From its heading to before the next session or higher heading. */
  readonly range: Range;
  readonly phase?: string;
  /** The `# PHASE N: NAME (Week n)` heading above: its name without number and week. */
  readonly phaseName?: string;
  readonly week?: string;
  readonly track?: string;
  readonly repository?: string;
  /** `working_directory`, relative to the project's root. */
  readonly workingDirectory?: string;
  readonly execution: readonly ExecutionMode[];
  readonly estimate?: string;
  /** The estimate in minutes, where it can be read. */
  readonly estimateMinutes?: number;
  readonly dependencies: readonly PlanDependency[];
  readonly parallelWith: readonly string[];
  readonly taskList?: string;
  readonly modelSettings: ModelSettings;
  readonly skills: readonly string[];
  readonly subAgents: readonly SubAgent[];
  readonly referenceFiles: readonly string[];
  /** Files that the session declares it will change. */
  readonly files: readonly string[];
  /** The prompt's text: the content of its fence, or the section's text; for XML the whole element. */
  readonly prompt?: { readonly text: string; readonly range: Range };
  readonly checklist: readonly ChecklistItem[];
  readonly commands: readonly VerificationCommand[];
  readonly rollbackCommands: readonly VerificationCommand[];
  /** The commit message that the plan proposes. */
  readonly commitMessage?: string;
  readonly subsections: readonly PlanSubsection[];
}

/** A plan file. */
export interface Plan {
  /** Relative to the project's root, `/` between parts. */
  readonly path: string;
  readonly text: string;
  /** The first heading's text without `Prompts`, `Implementation Prompts` and the like. */
  readonly title?: string;
  readonly sessions: readonly PlanSession[];
}
