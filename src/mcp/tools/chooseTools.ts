import type { Tool } from '../tool.ts';
import { askQuestion } from './askQuestion.ts';
import { checkpointSession, completeSession, getSession, startSession } from './sessionTools.ts';

/** Every agent pays for these at every turn: ten tools at most, 3,000 tokens of schema (test/mcp/budget.test.ts). */
const defaultTools: readonly Tool[] = [getSession, startSession, checkpointSession, completeSession, askQuestion];

/** Those that are only there on request. */
const furtherTools: readonly Tool[] = [];

/** The tools to offer. */
export function chooseTools(all: boolean): readonly Tool[] {
  return all ? [...defaultTools, ...furtherTools] : defaultTools;
}
