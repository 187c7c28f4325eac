import { type Fields, isFields, textField } from '../agents/fields.ts';

/** A question as a worker writes it into `questions.json` (formats.md §4.1: one object, or a list of them). */
export interface OutboxQuestion {
  /** The worker's own name for it. */
  readonly id: string;
  readonly question: string;
  readonly options: readonly string[];
  readonly context?: string;
  readonly blocking: boolean;
}

/** An answer as the worker finds it in `answers.json`, which is a list. */
export interface OutboxAnswer {
  readonly questionId: string;
  readonly answer: string;
  readonly additionalContext?: string;
  /** ISO 8601 with zone. */
  readonly answeredAt: string;
}

/** A verdict as a worker writes it into `review.json`. */
export interface OutboxReview {
  readonly decision: 'approved' | 'rejected';
  readonly summary: string;
  readonly reviewedBy: string;
  /** Undefined where the worker wrote none, or text that is no time (`$(date …)` in a quoted heredoc). */
  readonly timestamp?: string;
  readonly rounds?: number;
}

/**
 * Reads `questions.json`. Undefined where the text is not JSON or holds nothing that could be a question: it may be half written.
 * A question without an ID is named by its place.
 */
export function readQuestions(text: string): readonly OutboxQuestion[] | undefined {
  const value = parseJson(text);
  const wrapped = isFields(value) && Array.isArray(value['questions']) ? value['questions'] : value;
  const list = Array.isArray(wrapped) ? wrapped : [wrapped];
  const questions = list.map((one, index) => (isFields(one) ? readQuestion(one, index) : undefined));
  if (questions.some((one) => one === undefined)) return undefined;
  return questions.filter((one) => one !== undefined);
}

function readQuestion(fields: Fields, index: number): OutboxQuestion | undefined {
  const question = textField(fields, 'question')?.trim();
  if (question === undefined || question === '') return undefined;
  const options = Array.isArray(fields['options']) ? fields['options'] : [];
  const context = textField(fields, 'context')?.trim();
  return {
    id: textField(fields, 'id')?.trim() || `q-${index + 1}`,
    question,
    options: options.map(optionText).filter((option) => option !== ''),
    ...(context && { context }),
    // Who does not say is taken to wait.
    blocking: fields['blocking'] !== false,
  };
}

/** Workers write options as texts, or as objects with a label. */
function optionText(option: unknown): string {
  if (typeof option === 'string') return option.trim();
  if (typeof option === 'number') return String(option);
  return isFields(option) ? (textField(option, 'label') ?? textField(option, 'value') ?? '').trim() : '';
}

/** Reads `answers.json`, one object or a list; what is no answer is passed over. */
export function readAnswers(text: string): readonly OutboxAnswer[] {
  const value = parseJson(text);
  return (Array.isArray(value) ? value : [value]).filter(isFields).flatMap((fields) => {
    const questionId = textField(fields, 'questionId');
    const answer = textField(fields, 'answer');
    if (questionId === undefined || answer === undefined) return [];
    const additionalContext = textField(fields, 'additionalContext');
    return [
      {
        questionId,
        answer,
        ...(additionalContext !== undefined && { additionalContext }),
        answeredAt: textField(fields, 'answeredAt') ?? '',
      },
    ];
  });
}

/** IDs of the questions in `answers.json` that nobody has answered in time. */
export function readUnanswered(text: string): readonly string[] {
  const value = parseJson(text);
  return (Array.isArray(value) ? value : [value])
    .filter(isFields)
    .filter((fields) => fields['noAnswer'] === true)
    .flatMap((fields) => textField(fields, 'questionId') ?? []);
}

/** Writes `answers.json`; what nobody has answered stands in it without an `answer`. */
export function writeAnswers(
  answers: readonly OutboxAnswer[],
  unanswered: readonly { readonly questionId: string; readonly note: string }[] = [],
): string {
  const notes = unanswered.map((one) => ({ ...one, noAnswer: true }));
  return `${JSON.stringify([...answers, ...notes], null, 2)}\n`;
}

/** Reads `review.json`; undefined where it holds no verdict. */
export function readReview(text: string): OutboxReview | undefined {
  const fields = parseJson(text);
  if (!isFields(fields)) return undefined;
  const decision = readDecision(textField(fields, 'decision') ?? textField(fields, 'verdict') ?? '');
  if (decision === undefined) return undefined;
  const timestamp = textField(fields, 'timestamp');
  const rounds = fields['rounds'];
  return {
    decision,
    summary: textField(fields, 'summary')?.trim() ?? '',
    reviewedBy: textField(fields, 'reviewedBy')?.trim() ?? 'the session',
    ...(timestamp !== undefined && !Number.isNaN(Date.parse(timestamp)) && { timestamp }),
    ...(typeof rounds === 'number' && Number.isFinite(rounds) && { rounds }),
  };
}

/** Only these two words decide: with conditions it is not approved. */
function readDecision(text: string): OutboxReview['decision'] | undefined {
  const word = text.trim().toLowerCase();
  if (word === 'approved') return 'approved';
  return ['rejected', 'approved_with_conditions', 'escalate', 'escalated', 'changes_requested'].includes(word)
    ? 'rejected'
    : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}
