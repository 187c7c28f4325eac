import { waveAgentVerbs, waveVerbs } from '../core/model/waves/shownRun.ts';
import { type Check, isFlag, isNumber, isText, isTexts, listOf, oneOf, optional, shape } from './checks.ts';

const isFinding = shape({
  pattern: isText,
  errorClass: optional(isText),
  severity: oneOf(['warning', 'stop']),
  file: optional(isText),
  occurrences: isNumber,
  evidence: isTexts,
  at: isText,
});

const isWaveAgent = shape({
  key: isText,
  wave: isNumber,
  task: isText,
  status: isText,
  said: optional(isText),
  attempt: isNumber,
  isFixer: isFlag,
  files: isTexts,
  changed: isTexts,
  outside: isTexts,
  notVerified: isTexts,
  commits: isTexts,
  findings: listOf(isFinding),
  waitsFor: optional(isText),
  line: optional(isText),
  note: optional(isText),
  error: optional(isText),
  startedMs: optional(isNumber),
  endedMs: optional(isNumber),
  turns: optional(isNumber),
  maxTurns: optional(isNumber),
  tokens: optional(isNumber),
  costUsd: optional(isNumber),
  can: listOf(oneOf(waveAgentVerbs)),
});

const isGate = shape({
  kind: isText,
  passed: isFlag,
  isUnset: optional(isFlag),
  flaky: isFlag,
  attempts: isNumber,
  durationMs: isNumber,
  failed: optional(shape({ step: isText, command: isText, exitCode: optional(isNumber), tail: isText })),
  tests: optional(shape({ passed: isNumber, failed: isNumber })),
});

const isWave = shape({
  number: isNumber,
  title: isText,
  state: isText,
  step: optional(isText),
  sequential: isFlag,
  agents: listOf(isWaveAgent),
  planned: listOf(shape({ id: isText, task: isText, files: isTexts })),
  gate: optional(isGate),
});

/** A wave run, as the extension tells it. */
export const isWaveRun: Check = shape({
  id: isText,
  label: isText,
  title: isText,
  source: oneOf(['record', 'state']),
  status: isText,
  wave: isNumber,
  total: isNumber,
  agent: optional(isText),
  focus: optional(isText),
  stateFile: optional(isText),
  startedMs: optional(isNumber),
  endedMs: optional(isNumber),
  why: optional(isText),
  asked: optional(isText),
  waves: listOf(isWave),
  questions: listOf(shape({ text: isText, item: optional(isText), recommended: optional(isText) })),
  deviations: listOf(shape({ at: isText, text: isText })),
  missions: listOf(shape({ id: isText, status: isText })),
  can: listOf(oneOf(waveVerbs)),
});

/** A run that has ended, for the chart. */
export const isPastWaveRun: Check = shape({
  label: isText,
  startedMs: isNumber,
  minutes: isNumber,
  waves: isNumber,
  agents: isNumber,
  retries: optional(isNumber),
  spirals: isNumber,
  costUsd: optional(isNumber),
  completed: isFlag,
});
