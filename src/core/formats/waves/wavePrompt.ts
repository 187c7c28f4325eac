import type { Finding } from '../../model/waves/finding.ts';
import type { GateCommandResult } from '../../model/waves/gate.ts';
import type { PlannedAgent } from '../../model/waves/wavePlan.ts';
import type { WaveAgentRun, WaveRun } from '../../model/waves/waveRun.ts';
import { resolveEnforcement, roleOf } from './waveRules.ts';

/** What the prompt of an agent is made of. The run's start reference is none of it: it would invite to look at, or go back to, what was. */
export interface WavePromptParts {
  readonly run: Pick<WaveRun, 'id' | 'plan' | 'config' | 'focus' | 'wave'>;
  /** As it runs: wave, scope, turns. */
  readonly agent: Pick<WaveAgentRun, 'key' | 'wave' | 'task' | 'files' | 'maxTurns' | 'isolation' | 'attempt'>;
  /** As the plan has it; undefined for work that no plan names. */
  readonly planned?: PlannedAgent;
  /** Approaches that failed before, a line each (STATE.md, What Not To Retry). */
  readonly notToRetry: readonly string[];
  /** What the circuit breaker found in this agent's last attempt. */
  readonly findings?: readonly Finding[];
  /** Why and how the task was narrowed, where it is dispatched once more. */
  readonly rescoped?: string;
  /** What the person answered about it. */
  readonly told?: string;
  /** What files in a markdown vault with a schema must begin with. */
  readonly frontmatterGuard?: string;
}

/** What an agent of a wave is told: everything that it needs, for it knows nothing of the run (formats.md §1.3, §1.4). */
export function wavePrompt(parts: WavePromptParts): string {
  const { run, agent, planned, frontmatterGuard } = parts;
  const wave = run.plan.waves.find(({ number }) => number === agent.wave);
  const role = wave?.role ?? roleOf(wave?.title ?? '');
  return [
    `You are one agent of a wave run: ${run.plan.title}. Wave ${agent.wave} of ${run.plan.waves.length} (${wave?.title ?? role ?? 'work'}), agent ${agent.key}. Others work beside you on other files; a coordinator checks, gathers and commits the work.`,
    focusPart(run.focus),
    `## Task\n\n${agent.task}`,
    planned?.acceptance === undefined ? undefined : `## Acceptance\n\n${planned.acceptance}`,
    scopePart(parts),
    stepsPart(planned),
    planned === undefined || planned.tools.length === 0
      ? undefined
      : `## Tools\n\nThe plan names: ${planned.tools.join(', ')}.`,
    retryPart(parts),
    frontmatterGuard,
    resourcesPart(planned?.resources ?? []),
    askPart,
    // Where nothing is kept there is nothing to propose to.
    role === 'Discovery' || role === 'Finalization' || role === undefined || !run.config.persistence
      ? undefined
      : memoryPart(run.config, agent.key),
    rulesPart(agent, role === 'Discovery'),
    reportPart(role === 'Quality'),
  ]
    .filter((part) => part !== undefined)
    .join('\n\n');
}

/** What is told to the agent that mends what a gate found. */
export interface FixerPromptParts {
  readonly run: Pick<WaveRun, 'id' | 'plan' | 'config' | 'focus'>;
  readonly agent: Pick<WaveAgentRun, 'key' | 'wave' | 'files' | 'maxTurns' | 'isolation'>;
  /** The commands that failed, the last lines of their output, secrets masked. */
  readonly failures: readonly Pick<GateCommandResult, 'step' | 'command' | 'exitCode' | 'tail'>[];
  /** Changed in this wave. */
  readonly changed: readonly string[];
  /** From 1. */
  readonly attempt: number;
  /** What earlier attempts of this gate tried, a line each. */
  readonly tried?: readonly string[];
  readonly notToRetry: readonly string[];
  readonly frontmatterGuard?: string;
}

/** What a fixer is told: one red gate, the files of the wave, and what is no fix. */
export function fixerPrompt(parts: FixerPromptParts): string {
  const { run, agent, failures, changed, attempt, tried = [], notToRetry, frontmatterGuard } = parts;
  const failed = failures.map(
    ({ step, command, exitCode, tail }) =>
      `### ${step}: \`${command}\` ended with ${exitCode ?? 'no exit code'}\n\n${indented(tail)}`,
  );
  return [
    `You mend what a quality gate found after wave ${agent.wave} of the wave run ${run.plan.title}. This is attempt ${attempt}. A coordinator runs the gate again when you have ended.`,
    focusPart(run.focus),
    `## What failed\n\n${failed.join('\n\n')}`,
    `## Where to look\n\nChanged in this wave:\n${listOf(changed)}`,
    `## Scope\n\nYou may change these files and no others:\n${listOf(agent.files)}\nDo not broaden this scope. Where the defect lies outside of it, change nothing and say so in your STATUS line.`,
    [
      '## What is no fix',
      '',
      '- Do not change test mocks, stubs or fixtures so that tests pass: mend the defect in the code.',
      '- Do not skip, delete or weaken tests, and do not loosen types, lint rules or the gate itself.',
      '- Do not silence an error that you have not understood.',
    ].join('\n'),
    notesPart('What was tried for this gate before', tried),
    notesPart('What must not be tried again', notToRetry),
    frontmatterGuard,
    askPart,
    rulesPart(agent, false),
    reportPart(false),
  ]
    .filter((part) => part !== undefined)
    .join('\n\n');
}

function focusPart(focus: string | undefined): string | undefined {
  return focus === undefined || focus.trim() === '' ? undefined : `**Priority Focus (from user):** ${focus.trim()}`;
}

function scopePart({ run, agent, planned }: WavePromptParts): string {
  const reads = planned?.reads ?? [];
  const look = reads.length > 0 ? `\n\nLook at:\n${listOf(reads)}` : '';
  if (agent.files.length === 0) {
    return `## Scope\n\nYou are READ-ONLY: do not edit, create or delete any file, neither with tools nor with shell commands. What you find out is your result.${look}`;
  }
  const what = {
    strict: 'A write anywhere else is refused or undone. ',
    warn: 'What is changed anywhere else is reported. ',
    off: '',
  }[resolveEnforcement(agent.isolation, run.config.enforcement)];
  return `## Scope\n\nYou may change these files and no others (\`*\` within a folder, \`**\` at any depth):\n${listOf(agent.files)}\n${what}Where the task needs more, end with a partial report that names the file.${look}`;
}

function stepsPart(planned: PlannedAgent | undefined): string | undefined {
  if (planned?.planFile === undefined && planned?.steps === undefined) return undefined;
  const from = planned.planFile === undefined ? '' : `The plan for this task is ${planned.planFile}. `;
  const steps = planned.steps === undefined ? '' : `\n\n<plan-steps>\n${planned.steps}\n</plan-steps>`;
  return `## Steps\n\n${from}Follow its steps in their order, word for word. A step that commits is the coordinator's: leave it out.${steps}`;
}

function retryPart({ notToRetry, findings = [], rescoped, told, agent }: WavePromptParts): string | undefined {
  const found = findings.map(
    ({ pattern, errorClass, file, occurrences }) =>
      `${pattern}${errorClass === undefined ? '' : ` (${errorClass})`}${file === undefined ? '' : ` on ${file}`}, ${occurrences} times`,
  );
  const parts = [
    agent.attempt > 1
      ? `## Attempt ${agent.attempt}\n\nAn earlier attempt at this task did not end well. Look first at what is there.`
      : undefined,
    notesPart('How the earlier attempt went in circles', found),
    rescoped === undefined ? undefined : `## Narrower than before\n\n${rescoped}`,
    told === undefined ? undefined : `## What the person says\n\n${told}`,
    notesPart('What must not be tried again', notToRetry),
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join('\n\n');
}

function resourcesPart(resources: readonly string[]): string {
  const held = resources.length > 0 ? `The coordinator holds for you: ${resources.join(', ')}. ` : '';
  return `## Shared resources\n\n${held}What others may use at the same time (a build, a database, a port) is used one at a time: run such a command as \`baton with build -- npm test\`, with the name of what it uses (\`build\`, \`db:test\`, \`port:3000\`). It waits until the resource is free.`;
}

const askPart =
  '## Asking the person\n\nAsk only what you cannot find out and must not decide: `baton ask "…" --option A --option B`. Nobody answers for the person; never take silence for a yes. Do not put questions into your report.';

function memoryPart({ memoryProposals }: WaveRun['config'], key: string): string | undefined {
  const { enabled, quotaPerWave, confidenceFloor } = memoryProposals;
  if (!enabled || quotaPerWave === 0) return undefined;
  return `## Memory proposals (optional)

A lesson that holds for later sessions too, not for this task alone, can be proposed; the person decides at the end of the run. At most ${quotaPerWave} in this wave, all agents together.

\`\`\`
SO_WAVE_AGENT=1 SO_WAVE_AGENT_ID=${key} baton memory propose --type TYPE --subject "one line, at most 100 characters" \\
  --insight "what was learnt, at most 2000" --evidence "code, log line or test that shows it, at most 5000" \\
  --confidence ${confidenceFloor}
\`\`\`

TYPE: workflow-pattern, anti-pattern, pattern, recurring-issue, fragile-file, effective-sizing, proven-pattern. Confidence is from ${confidenceFloor} to 1. Exit code 0: noted; 1: enough for this wave; 2: confidence too low; 3: no run is active; 4: wrong arguments.`;
}

function rulesPart({ isolation, maxTurns }: Pick<WaveAgentRun, 'isolation' | 'maxTurns'>, isReadOnly: boolean): string {
  const place =
    isolation === 'worktree'
      ? 'You work in a git worktree of your own: this folder. Nothing outside of it is yours.'
      : 'You work in the same folder as others: touch nothing but your files.';
  const rules = [
    place,
    'Never commit, stash, switch branches, reset, merge or push: the coordinator does that after its checks. A commit is reported.',
    'Leave STATE.md, `.orchestrator/` and the files of the plan alone.',
    `You have at most ${maxTurns} turns. Stop before they run out and report what is done and what remains.`,
    'Read a part of a file once, and act on it. When the same error comes three times, stop and report it: do not try variations of one fix.',
    isReadOnly
      ? 'Back every claim by the place where you saw it, and every number by the command that counted it.'
      : 'Before you report, run what shows that it works, and read its output.',
  ];
  return `## Rules\n\n${rules.map((rule) => `- ${rule}`).join('\n')}`;
}

function reportPart(isQuality: boolean): string {
  const more = isQuality ? '\nSTATUS: no-tests-needed — why (a success too)' : '';
  return `## Report

Name every file that you changed. The last line of your last message is exactly one of:

STATUS: done — what was done
STATUS: partial — what was done | REMAINING: what is left
STATUS: failed — why${more}`;
}

function notesPart(title: string, notes: readonly string[]): string | undefined {
  return notes.length === 0
    ? undefined
    : `## ${title}\n\n${notes.map((note) => `- ${note.replace(/\s*\n\s*/g, ' ')}`).join('\n')}`;
}

function listOf(paths: readonly string[]): string {
  return paths.length === 0 ? '- (none)' : paths.map((path) => `- \`${path}\``).join('\n');
}

/** Output of a tool, told apart from what the coordinator says. */
function indented(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => `    ${line}`)
    .join('\n');
}
