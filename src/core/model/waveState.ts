import type { Range } from '../base/range.ts';

/** Folders in which agents keep STATE.md (formats.md §1.1), the one that is taken where there is none first. */
export const stateFolders = ['.claude', '.codex', '.cursor', '.pi'] as const;

/** The states of a wave run, and of a mission in it (formats.md §1.2). */
export const waveRunStatuses = ['active', 'paused', 'completed', 'idle'] as const;
export type WaveRunStatus = (typeof waveRunStatuses)[number];

/** In the order in which a mission goes through them; each may fall back to the first. */
export const missionStatuses = ['brainstormed', 'validated', 'in-dev', 'testing', 'completed'] as const;
export type MissionStatus = (typeof missionStatuses)[number];

/** A top-level `key: value` of the frontmatter. */
export interface StateField {
  readonly key: string;
  readonly keyRange: Range;
  /** As it stands, without quotes around it; empty where the value is a block below. */
  readonly value: string;
  readonly valueRange: Range;
}

/** What one agent of a wave did: `- Agent "<what>": <state> — …`, or a line of another form. */
export interface WaveAgent {
  readonly what: string;
  /** `done`, `partial`, `failed`, or what else stands there; undefined where the line names none. */
  readonly status?: string;
  readonly range: Range;
}

/** A `### Wave N — Role` of the history. */
export interface WaveRecord {
  readonly number: number;
  /** What stands behind the number: role and parenthesis. */
  readonly title: string;
  /** The heading's line. */
  readonly range: Range;
  readonly agents: readonly WaveAgent[];
}

/** The state of one mission, in the body or in the frontmatter's mirror. */
export interface MissionState {
  readonly id: string;
  readonly idRange: Range;
  /** As it stands; any text is read. */
  readonly status: string;
  readonly statusRange: Range;
  /** Of a line in the body: when it was written. */
  readonly updated?: string;
}

/** A `STATE.md`: the record of a wave run. Whatever is missing or not understood is undefined; nothing is lost, because `text` is kept. */
export interface WaveState {
  readonly path: string;
  readonly text: string;
  /** Top-level keys in their order; of a key that is there twice the last one counts. */
  readonly fields: readonly StateField[];
  readonly status?: WaveRunStatus;
  readonly sessionType?: string;
  readonly branch?: string;
  readonly startedAt?: string;
  /** The last wave that was completed. */
  readonly currentWave?: number;
  readonly totalWaves?: number;
  readonly waves: readonly WaveRecord[];
  /** The lines of `## Mission Status`: the live record. */
  readonly missions: readonly MissionState[];
  /** The frontmatter's `mission-status`, which follows the live record. */
  readonly missionMirror: readonly MissionState[];
}
