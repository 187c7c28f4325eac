import * as z from 'zod';
import type { StateChange } from '../../core/actions/waves/stateVerbs.ts';
import { questionPriorities } from '../../core/model/waves/stateSections.ts';
import { given } from '../sessionViews.ts';
import { defineTool, type Tool, type ToolAnswer } from '../tool.ts';
import { expectedRevision, message, revision } from './fields.ts';

const file = { file: z.string().describe('another one than the STATE.md of .claude, .codex, .cursor, .pi').optional() };
const target = { ...file, ...expectedRevision };
const written = z.object({ ...message, path: z.string(), changed: z.boolean(), ...revision });

/** What all of them are told of the file. */
interface TargetInput {
  readonly file?: string | undefined;
  readonly expected_revision?: string | undefined;
}

function toTarget({ file: path, expected_revision }: TargetInput) {
  return { ...given('file', path), ...given('expectedRevision', expected_revision) };
}

function toAnswer({ path, changed, revision: after, warnings }: StateChange): ToolAnswer {
  const told = changed ? `Written to ${path}.` : `${path} says so already.`;
  return { message: told, data: { path, changed, revision: after }, warnings };
}

/** Verbs are loaded when one is called: most servers run without a wave. */
const verbs = () => import('../../core/actions/waves/stateVerbs.ts');

const getState = defineTool({
  name: 'get_state',
  description: 'What STATE.md, the record of a wave run, says: all of it, one key of its frontmatter, or one section.',
  effect: 'reads',
  input: z.strictObject({
    ...file,
    key: z.string().describe('key of the frontmatter, or title of a section').optional(),
  }),
  output: z.object({ ...message, path: z.string(), ...revision }),
  async run({ context }, { file: path, key }) {
    const { getState: read, showState } = await verbs();
    if (key !== undefined) {
      const { path: found, value } = await read(context, { ...given('file', path), key });
      return { message: typeof value === 'string' ? value : JSON.stringify(value), data: { path: found, key, value } };
    }
    const shown = await showState(context, given('file', path));
    const { fields, state, sections } = shown;
    const data = {
      path: shown.path,
      revision: shown.revision,
      fields: Object.fromEntries(fields),
      current_wave: sections.currentWave ?? null,
      missions: state.missions.map(({ id, status }) => ({ id, status })),
      questions: sections.questions.map(({ question, priority, isAnswered, answer }) => ({
        question,
        priority: priority ?? null,
        answered: isAnswered,
        answer: answer ?? null,
      })),
      not_to_retry: sections.notToRetry.map(({ approach, why }) => ({ approach, why })),
      others: shown.others,
    };
    return { message: state.text, data };
  },
});

const createState = defineTool({
  name: 'create_state',
  description: 'Make a STATE.md for a wave run that begins now.',
  effect: 'changes',
  input: z.strictObject({
    ...file,
    session_type: z.string().describe('feature, deep, housekeeping').optional(),
    waves: z.number().int().positive(),
    issues: z.array(z.number().int()).optional(),
    branch: z.string().optional(),
    session: z.string().describe('label: BRANCH-DATE-MODE-N').optional(),
  }),
  output: written,
  async run({ context }, { file: path, session_type, waves, issues, branch, session }) {
    const { createState: create } = await verbs();
    const options = {
      ...given('file', path),
      sessionType: session_type ?? 'feature',
      totalWaves: waves,
      issues: issues ?? [],
      ...given('branch', branch),
      ...given('session', session),
    };
    return toAnswer(await create(context, options));
  },
});

const setState = defineTool({
  name: 'set_state',
  description: 'Set a key of STATE.md’s frontmatter; `null` removes it.',
  effect: 'changes-once',
  input: z.strictObject({
    ...target,
    key: z.string(),
    value: z.string().describe('`2` and `[12, 15]` are read as such'),
  }),
  output: written,
  async run({ context }, { key, value, ...input }) {
    return toAnswer(await (await verbs()).setState(context, { ...toTarget(input), key, value }));
  },
});

const setMission = defineTool({
  name: 'set_mission_status',
  description: 'Set the state of a mission in STATE.md, in body and frontmatter.',
  effect: 'changes-once',
  input: z.strictObject({
    ...target,
    id: z.string(),
    status: z.string().describe('brainstormed, validated, in-dev, testing, completed'),
  }),
  output: written,
  async run({ context }, { id, status, ...input }) {
    return toAnswer(await (await verbs()).setMission(context, { ...toTarget(input), id, status }));
  },
});

const addDeviation = defineTool({
  name: 'add_deviation',
  description: 'Note in STATE.md that the wave run deviates from its plan.',
  effect: 'changes',
  input: z.strictObject({ ...target, text: z.string() }),
  output: written,
  async run({ context }, { text, ...input }) {
    return toAnswer(await (await verbs()).deviate(context, { ...toTarget(input), message: text }));
  },
});

const addQuestion = defineTool({
  name: 'add_open_question',
  description: 'Add a question for the person to STATE.md, for this session or one to come.',
  effect: 'changes-once',
  input: z.strictObject({
    ...target,
    question: z.string(),
    priority: z.enum(questionPriorities).optional(),
    source: z.string().describe('who asks').optional(),
  }),
  output: written,
  async run({ context, client }, { question, priority = 'medium', source, ...input }) {
    const asked = { ...toTarget(input), question, priority, source: source ?? client };
    return toAnswer(await (await verbs()).askInState(context, asked));
  },
});

const answerQuestion = defineTool({
  name: 'answer_open_question',
  description: 'Write down what the person answered to an open question of STATE.md. Never answer in their place.',
  effect: 'changes-once',
  input: z.strictObject({
    ...target,
    question: z.string().describe('or a part that no other has'),
    answer: z.string(),
  }),
  output: written,
  async run({ context }, { question, answer, ...input }) {
    return toAnswer(await (await verbs()).answerInState(context, { ...toTarget(input), question, answer }));
  },
});

const addNotToRetry = defineTool({
  name: 'add_not_to_retry',
  description: 'Note in STATE.md an approach that failed, with the file that shows it.',
  effect: 'changes-once',
  input: z.strictObject({ ...target, approach: z.string(), why: z.string(), session: z.string().optional() }),
  output: written,
  async run({ context }, { approach, why, session, ...input }) {
    const failed = { ...toTarget(input), approach, why, ...given('session', session) };
    return toAnswer(await (await verbs()).warnOfRetry(context, failed));
  },
});

/** Tools that read and write STATE.md, for agents that coordinate by themselves. */
export const waveStateTools: readonly Tool[] = [
  getState,
  createState,
  setState,
  setMission,
  addDeviation,
  addQuestion,
  answerQuestion,
  addNotToRetry,
];
