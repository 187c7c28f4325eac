import { confidenceSteps, expiryOf, proposableTypes } from './learning.ts';

export const proposalsPath = '.orchestrator/metrics/proposals.jsonl';

/** What an agent of a wave would have remembered (formats.md §1.8), with the names that it has in `proposals.jsonl`. */
export interface Proposal {
  readonly id: string;
  readonly created_at: string;
  /** `W2` */
  readonly wave_id: string;
  readonly type: string;
  readonly subject: string;
  readonly insight: string;
  readonly evidence: string;
  /** 0 to 1. */
  readonly confidence: number;
  readonly schema_version: number;
  readonly proposed_by_agent?: string;
  readonly file_paths?: readonly string[];
}

const maximumLength = { subject: 100, insight: 2_000, evidence: 5_000 } as const;
const maximumPaths = 20;
const maximumPathLength = 256;

/** What is wrong with a proposal, a sentence each; empty where it may be queued. */
export function checkProposal(
  proposal: Omit<Proposal, 'id' | 'created_at' | 'wave_id' | 'schema_version'>,
): readonly string[] {
  const problems: string[] = [];
  if (!proposableTypes.includes(proposal.type)) problems.push(`type is one of ${proposableTypes.join(', ')}`);
  for (const [name, most] of Object.entries(maximumLength)) {
    const text = proposal[name as keyof typeof maximumLength];
    if (text === '') problems.push(`${name} is missing`);
    else if (text.length > most) problems.push(`${name} has at most ${most} characters, this one ${text.length}`);
    else if (/[\r\n]/.test(text)) problems.push(`${name} is one line`);
  }
  if (!(proposal.confidence >= 0 && proposal.confidence <= 1)) problems.push('confidence is a number from 0 to 1');
  const paths = proposal.file_paths ?? [];
  if (paths.length > maximumPaths) problems.push(`at most ${maximumPaths} paths`);
  const isPlain = (path: string): boolean =>
    path.length <= maximumPathLength &&
    !/^[/\\]|^[A-Za-z]:|[*?[\]{}\r\n]/.test(path) &&
    !path.split(/[\\/]/).includes('..');
  const strange = paths.find((path) => !isPlain(path));
  if (strange !== undefined) problems.push(`"${strange}" is no path of a file of this repository`);
  return problems;
}

/** Takes a record for a proposal; undefined where it is none. */
export function readProposal(record: Readonly<Record<string, unknown>>): Proposal | undefined {
  const { id, created_at, wave_id, subject, insight } = record;
  const isOne = [id, created_at, wave_id, subject, insight].every((one) => typeof one === 'string');
  if (!isOne) return undefined;
  // Spread first: a record keeps the order of its keys when it is written again.
  const { type = '', evidence = '', confidence = confidenceSteps.start, schema_version = 1 } = record;
  return { ...record, type, evidence, confidence, schema_version } as unknown as Proposal;
}

/** The learning that an accepted proposal becomes. Key order and fields as the reference writes them. */
export function learningOf(proposal: Proposal, session: string): Readonly<Record<string, unknown>> {
  const { proposed_by_agent: _agent, ...base } = proposal;
  return {
    ...base,
    schema_version: 1,
    source_session: session,
    scope: 'local',
    occurrences: 1,
    _provenance: `agent-proposed@${proposal.wave_id}`,
    expires_at: expiryOf(proposal.type, proposal.created_at),
    host_class: null,
    anonymized: false,
  };
}
