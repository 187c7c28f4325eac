import type { Tool } from '../tool.ts';
import { askQuestion } from './askQuestion.ts';
import { furtherSessionTools } from './furtherSessionTools.ts';
import { furtherTaskTools } from './furtherTaskTools.ts';
import { isolatedTools } from './isolatedTools.ts';
import { checkpointSession, completeSession, getSession, startSession } from './sessionTools.ts';
import { handOffList, resumeList } from './taskSessionTools.ts';
import { createList, getList, updateTask } from './taskTools.ts';
import { waveRunTools } from './waveRunTools.ts';
import { waveStateTools } from './waveStateTools.ts';

/** Every agent pays for these at every turn: ten tools at most, 3,000 tokens of schema (test/mcp/budget.test.ts). */
const defaultTools: readonly Tool[] = [
  createList,
  getList,
  resumeList,
  updateTask,
  handOffList,
  getSession,
  startSession,
  checkpointSession,
  completeSession,
  askQuestion,
];

/** The tools to offer: the default set, and on request the rest. */
export function chooseTools(all: boolean): readonly Tool[] {
  return all
    ? [
        ...defaultTools,
        ...furtherSessionTools,
        ...furtherTaskTools,
        ...isolatedTools,
        ...waveRunTools,
        ...waveStateTools,
      ]
    : defaultTools;
}
