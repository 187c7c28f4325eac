import { isoTimeOf } from '../../base/localTime.ts';
import { phrase } from '../../base/phrase.ts';
import { BatonError } from '../../errors.ts';
import type { Proposal } from '../../formats/waves/proposal.ts';
import type { InboxItem } from '../../model/inbox.ts';
import type { WaveRun } from '../../model/waves/waveRun.ts';
import type { ActionContext } from '../context.ts';
import { inboxKey, readItems } from '../inbox/records.ts';
import { waveQuestionId } from './engine/waveQuestions.ts';
import { decideProposal, readProposals } from './proposals.ts';

/** Answers to a proposal, in the words of the inbox. */
export const proposalAnswers = { accept: 'Remember it', reject: 'Do not' } as const;

/** What the inbox item of a proposal is about begins with this. */
export const proposalSubject = 'proposal ';

/** Asks the person about one proposal; undefined: not now. */
export type DecideOnProposal = (
  proposal: Proposal,
  place: { readonly number: number; readonly of: number },
) => Promise<'accept' | 'reject' | undefined>;

/** What became of the proposals that waited. */
export interface DecidedProposals {
  readonly accepted: readonly Proposal[];
  readonly rejected: readonly Proposal[];
  /** They stand in the inbox. */
  readonly waiting: readonly Proposal[];
}

/**
 * Settles what agents of a run propose to remember, one by one: by what the person answered in the inbox, else by asking now; what is not answered
 * stands in the inbox. Only a person decides: nothing is taken in, or thrown away, for them.
 */
export async function decideProposals(
  context: ActionContext,
  run: WaveRun,
  decide: DecideOnProposal | undefined,
): Promise<DecidedProposals> {
  if (!run.config.persistence) return { accepted: [], rejected: [], waiting: [] };
  const { localState } = context.ports;
  const proposals = await readProposals(context);
  const items = proposals.length === 0 ? [] : await readItems(localState);
  const accepted: Proposal[] = [];
  const rejected: Proposal[] = [];
  const waiting: Proposal[] = [];
  for (const [index, proposal] of proposals.entries()) {
    const id = waveQuestionId(run.id, `${proposalSubject}${proposal.id}`);
    const said = items.find((item) => item.id === id)?.answer;
    const decision = decisionOf(said) ?? (await decide?.(proposal, { number: index + 1, of: proposals.length }));
    if (decision === undefined) {
      if (said === undefined) await localState.create(inboxKey(id), toItem(context, run, { id, proposal }));
      waiting.push(proposal);
      continue;
    }
    await settle(context, run, { id: proposal.id, decision });
    if (said === undefined) await localState.remove(inboxKey(id));
    (decision === 'accept' ? accepted : rejected).push(proposal);
  }
  return { accepted, rejected, waiting };
}

async function settle(
  context: ActionContext,
  run: WaveRun,
  { id, decision }: { readonly id: string; readonly decision: 'accept' | 'reject' },
): Promise<void> {
  try {
    await decideProposal(context, { id, decision, session: run.label });
  } catch (error) {
    // Decided in another window meanwhile.
    if (!BatonError.is(error, 'unknown-item')) throw error;
  }
}

/** Any other answer is no decision: it is asked about again. */
function decisionOf(said: string | undefined): 'accept' | 'reject' | undefined {
  const text = said?.trim().toLowerCase();
  if (text === undefined) return undefined;
  if (text === proposalAnswers.accept.toLowerCase() || /^(?:accept|y|yes)$/.test(text)) return 'accept';
  return text === proposalAnswers.reject.toLowerCase() || /^(?:reject|n|no)$/.test(text) ? 'reject' : undefined;
}

function toItem(
  { ports }: ActionContext,
  run: WaveRun,
  { id, proposal }: { readonly id: string; readonly proposal: Proposal },
): InboxItem {
  return {
    id,
    kind: 'question',
    question: phrase`Remember "${proposal.subject}"? (${proposal.type}, confidence ${proposal.confidence})`,
    options: [proposalAnswers.accept, proposalAnswers.reject],
    context: [proposal.insight, '', phrase`Evidence: ${proposal.evidence}`].join('\n'),
    blocking: false,
    askedAt: isoTimeOf(ports.clock.now()),
    wave: run.id,
    askedAs: `${proposalSubject}${proposal.id}`,
  };
}
