import type { Learning } from '../../model/waves/metrics.ts';

export const learningsPath = '.orchestrator/metrics/learnings.jsonl';

/** Days until a learning of a type is forgotten (formats.md §1.8). */
const daysByType: Readonly<Record<string, number>> = {
  'mode-selector-accuracy': 30,
  'hardware-pattern': 60,
  'fragile-file': 45,
  'effective-sizing': 45,
  'recurring-issue': 45,
  'workflow-pattern': 90,
  'proven-pattern': 90,
  'anti-pattern': 90,
  'autopilot-effectiveness': 90,
  'autonomy-verdict': 90,
  'domain-regression': 60,
  convention: 90,
  'architecture-pattern': 90,
  'design-pattern': 90,
  'fragile-pattern': 45,
  'stagnation-class-frequency': 60,
};
const defaultDays = 60;

/** Types that an agent may propose; the others are worked out by a coordinator. */
export const proposableTypes: readonly string[] = Object.keys(daysByType).filter(
  (type) => !['autonomy-verdict', 'fragile-pattern', 'stagnation-class-frequency'].includes(type),
);

/** Other names that the documentation and real files have for types. */
const typeAliases: Readonly<Record<string, string>> = { pattern: 'proven-pattern', gotcha: 'anti-pattern' };

/** The type by the name that counts. */
export function typeOfLearning(name: string): string {
  return Object.hasOwn(typeAliases, name) ? (typeAliases[name] ?? name) : name;
}

/** What a new learning begins with, what confirming or contradicting it does, and what time takes. */
export const confidenceSteps = { start: 0.5, confirm: 0.15, contradict: -0.2, decay: -0.05 } as const;

/** The confidence after a step, between 0 and 1. */
export function changeConfidence(confidence: number, step: Exclude<keyof typeof confidenceSteps, 'start'>): number {
  return Number(Math.min(1, Math.max(0, confidence + confidenceSteps[step])).toFixed(4));
}

/** When a learning of a type that was made then is forgotten. ISO 8601, UTC. */
export function expiryOf(type: string, createdAt: string): string {
  const days = Object.hasOwn(daysByType, type) ? (daysByType[type] ?? defaultDays) : defaultDays;
  return new Date(Date.parse(createdAt) + days * 86_400_000).toISOString();
}

/** Takes a record for a learning, older names included; undefined where it says nothing. */
export function readLearning(record: Readonly<Record<string, unknown>>): Learning | undefined {
  const text = (...keys: readonly string[]): string | undefined => {
    const value = keys.map((key) => record[key]).find((one) => typeof one === 'string' && one !== '');
    return typeof value === 'string' ? value : undefined;
  };
  const subject = text('subject', 'name');
  const insight = text('insight', 'description', 'recommendation', 'observation', 'lesson');
  if (subject === undefined && insight === undefined) return undefined;
  const type = text('type') ?? '';
  const createdAt = text('created_at');
  const paths = record.file_paths ?? record.files;
  return {
    id: text('id') ?? '',
    type: type === 'gotcha' ? 'anti-pattern' : type === 'pattern' ? 'proven-pattern' : type,
    subject: subject ?? '',
    insight: insight ?? '',
    evidence: text('evidence') ?? '',
    confidence: typeof record.confidence === 'number' ? record.confidence : confidenceSteps.start,
    sourceSession: text('source_session', 'session_id'),
    createdAt,
    expiresAt:
      text('expires_at') ?? (createdAt !== undefined && isTime(createdAt) ? expiryOf(type, createdAt) : undefined),
    filePaths: Array.isArray(paths) ? paths.filter((path): path is string => typeof path === 'string') : [],
    provenance: text('_provenance'),
  };
}

/** A learning whose time is over, or whose confidence is spent, counts no more. */
export function isExpired(learning: Learning, nowMs: number): boolean {
  const expiresMs = learning.expiresAt === undefined ? Number.NaN : Date.parse(learning.expiresAt);
  return learning.confidence <= 0 || expiresMs < nowMs;
}

function isTime(text: string): boolean {
  return !Number.isNaN(Date.parse(text));
}
