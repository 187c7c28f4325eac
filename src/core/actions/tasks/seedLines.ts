import type { TaskStatus } from '../../model/taskList.ts';

/** A task as the lines of the multi-session orchestrator name it. */
export interface SeedTask {
  /** Its place in the list, from 1; stands in brackets, where that system has the number of the task. */
  readonly number: number;
  readonly id: string;
  readonly status: TaskStatus;
  /** The state before, where it was changed. */
  readonly from?: TaskStatus;
}

/** `[1] database-migration: IN_PROGRESS -> COMPLETE` */
export function taskLine({ number, id, status, from }: SeedTask): string {
  const change = from === undefined || from === status ? status : `${from} -> ${status}`;
  return `[${number}] ${id}: ${change}`;
}

/** `[1] database-migration: COMPLETE (status preserved)` */
export function preservedLine(task: SeedTask): string {
  return `${taskLine(task)} (status preserved)`;
}

/** `Multi-Session Orchestration: SESSION 1` */
export function sessionLine(session: number): string {
  return `Multi-Session Orchestration: SESSION ${session}`;
}

export function createdLine(list: string): string {
  return `TaskList Created: ${list}`;
}

export function loadedLine(list: string): string {
  return `TaskList Loaded: ${list}`;
}

export function sessionCompleteLine(session: number): string {
  return `SESSION ${session} COMPLETE`;
}

/** `TaskList ID: … - Save this for Session 2` */
export function saveLine(list: string, nextSession: number): string {
  return `TaskList ID: ${list} - Save this for Session ${nextSession}`;
}

/** The two lines that end a proof. */
export function verdictLines(isSuccess: boolean, isVerified: boolean): readonly string[] {
  return [
    `Cross-Session Continuation: ${isSuccess ? 'SUCCESS' : 'FAILED'}`,
    `Task State Persistence: ${isVerified ? 'VERIFIED' : 'BROKEN'}`,
  ];
}
