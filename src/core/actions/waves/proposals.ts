import { phrase } from '../../base/phrase.ts';
import { digestOf } from '../../base/revision.ts';
import { BatonError } from '../../errors.ts';
import { readJsonLines } from '../../formats/waves/jsonLines.ts';
import { learningsPath, typeOfLearning } from '../../formats/waves/learning.ts';
import { editJsonLines } from '../../formats/waves/lineEdits.ts';
import { checkProposal, learningOf, type Proposal, proposalsPath, readProposal } from '../../formats/waves/proposal.ts';
import type { OrchestratorFiles } from '../../ports/orchestratorFiles.ts';
import type { ActionContext } from '../context.ts';
import { learningsLock } from './learnings.ts';
import { appendEvent } from './metrics.ts';
import { runningWave } from './runningWave.ts';
import { loadWaveConfig } from './waveConfig.ts';

const proposalsLock = '.orchestrator/metrics/proposals-write.lock';
const archivePath = '.orchestrator/runtime/proposals-archive.jsonl';
const rejectedPath = '.orchestrator/proposals.rejected.log';

/** What an agent proposes. */
export interface ProposalDraft {
  readonly type: string;
  readonly subject: string;
  readonly insight: string;
  readonly evidence: string;
  readonly confidence: number;
  readonly filePaths?: readonly string[];
  readonly agent?: string;
}

export interface ProposeOptions extends ProposalDraft {
  /** The caller is an agent of a wave (`SO_WAVE_AGENT=1`). */
  readonly isWaveAgent: boolean;
  /** Only check it. */
  readonly dryRun?: boolean;
}

/** How proposing ended; the command line's exit codes are in this order, `dry-run-ok` being 0 too. */
export type ProposalOutcome =
  | { readonly status: 'queued'; readonly position: string; readonly wave: string; readonly id: string }
  | { readonly status: 'dry-run-ok'; readonly wave: string | undefined }
  | { readonly status: 'quota-exceeded'; readonly quota: number; readonly dropped: number }
  | { readonly status: 'rejected-low-confidence'; readonly floor: number; readonly provided: number }
  | { readonly status: 'rejected-wrong-context'; readonly detail: string }
  | { readonly status: 'error'; readonly validation: readonly string[] };

/**
 * Queues a proposal for the person, who decides at the end of the run: only from an agent of a running wave, not below the floor, not more
 * than the quota per wave. Audited in `events.jsonl` without its text.
 *
 * @throws BatonError `locked`, `read-only`, `disk-full`, `io-failed`
 */
export async function proposeMemory(
  context: Pick<ActionContext, 'ports'>,
  options: ProposeOptions,
): Promise<ProposalOutcome> {
  const running = await runningWave(context);
  const outcome = await decideOutcome(context, options, running);
  if (outcome.status !== 'dry-run-ok') await audit({ ports: context.ports, files: running.files }, options, outcome);
  return outcome;
}

async function decideOutcome(
  context: Pick<ActionContext, 'ports'>,
  options: ProposeOptions,
  running: Awaited<ReturnType<typeof runningWave>>,
): Promise<ProposalOutcome> {
  const { ports } = context;
  const { files, wave, isActive } = running;
  const paths = options.filePaths?.length ? { file_paths: options.filePaths } : {};
  const { subject, insight, evidence, confidence } = options;
  const type = typeOfLearning(options.type);
  const fields = { type, subject, insight, evidence, confidence, ...paths };
  const validation = checkProposal(fields);
  if (validation.length > 0) return { status: 'error', validation };
  if (options.dryRun !== true) {
    const detail = wrongContext(options.isWaveAgent, isActive, wave);
    if (detail !== undefined) return { status: 'rejected-wrong-context', detail };
  }
  const { enabled, quotaPerWave, confidenceFloor } = (await loadWaveConfig(context)).config.memoryProposals;
  if (!enabled) return { status: 'rejected-wrong-context', detail: 'Proposals are switched off in this project.' };
  if (confidence < confidenceFloor) {
    if (wave !== undefined) await countInSummary(files, wave, 'below_floor');
    return { status: 'rejected-low-confidence', floor: confidenceFloor, provided: confidence };
  }
  if (options.dryRun === true || wave === undefined) return { status: 'dry-run-ok', wave };
  const record: Proposal = {
    id: files.newId(),
    created_at: new Date(ports.clock.now().epochMs).toISOString(),
    wave_id: wave,
    type,
    subject,
    insight,
    evidence,
    confidence,
    schema_version: 1,
    ...(options.agent !== undefined && { proposed_by_agent: options.agent }),
    ...paths,
  };
  return await files.exclusively(proposalsLock, { holder: record.id }, async () => {
    const { records } = readJsonLines((await files.readText(proposalsPath)) ?? '');
    const queued = records.filter((one) => one.wave_id === wave).length;
    if (queued >= quotaPerWave) {
      return {
        status: 'quota-exceeded',
        quota: quotaPerWave,
        dropped: await countInSummary(files, wave, 'dropped'),
      } as const;
    }
    await files.append(proposalsPath, JSON.stringify(record));
    await countInSummary(files, wave, 'queued');
    return { status: 'queued', position: `${queued + 1}/${quotaPerWave}`, wave, id: record.id } as const;
  });
}

function wrongContext(isWaveAgent: boolean, isActive: boolean, wave: string | undefined): string | undefined {
  if (!isActive) return 'No wave run is active here: there is no STATE.md that says so.';
  if (!isWaveAgent) return 'Only an agent of a wave proposes (SO_WAVE_AGENT=1).';
  return wave === undefined ? 'Which wave runs cannot be told from STATE.md.' : undefined;
}

/** The sums per wave that the reference keeps; they are for people alone. */
async function countInSummary(files: OrchestratorFiles, wave: string, field: string): Promise<number> {
  const path = `.orchestrator/metrics/proposals-summary-${wave.replace(/[^\w-]/g, '-')}.json`;
  const [record] = readJsonLines(((await files.readText(path)) ?? '').replace(/\s*\n\s*/g, ' ')).records;
  const before = record?.[field];
  const count = (typeof before === 'number' ? before : 0) + 1;
  const sums = { queued: 0, dropped: 0, below_floor: 0, fs_error: 0, ...record, [field]: count };
  await files.replace(path, `${JSON.stringify(sums, null, 2)}\n`);
  return count;
}

async function audit(
  { ports, files }: { readonly ports: ActionContext['ports']; readonly files: OrchestratorFiles },
  options: ProposeOptions,
  outcome: ProposalOutcome,
): Promise<void> {
  const { type, subject, insight, evidence, filePaths = [] } = options;
  const text = JSON.stringify([type, subject, insight, evidence, filePaths]);
  const flags = [
    'type',
    'subject',
    'insight',
    'evidence',
    'confidence',
    ...(filePaths.length > 0 ? ['file-paths'] : []),
  ];
  await appendEvent({ ports: { ...ports, orchestrator: async () => files } }, 'orchestrator.memory.propose_invoked', {
    ...('wave' in outcome && outcome.wave !== undefined && { wave: Number(outcome.wave.slice(1)) }),
    status: outcome.status,
    // What was proposed stays between the agent and the person.
    command_hash: digestOf(text),
    flags_present: flags,
    argv_length: text.length,
  });
}

/** Proposals that wait for the person, the oldest first. */
export async function readProposals({ ports }: Pick<ActionContext, 'ports'>): Promise<readonly Proposal[]> {
  const files = await ports.orchestrator();
  const { records } = readJsonLines((await files.readText(proposalsPath)) ?? '');
  const proposals = records.flatMap((record) => readProposal(record) ?? []);
  return proposals.sort((a, b) => a.created_at.localeCompare(b.created_at));
}

export interface DecideOptions {
  readonly id: string;
  readonly decision: 'accept' | 'reject';
  /** Label of the run at whose end it was decided. */
  readonly session: string;
  /** Why it was rejected. */
  readonly reason?: string;
}

/**
 * What the person decided on a proposal: accepted, it becomes a learning with `_provenance: agent-proposed@<wave>`; either way it leaves the
 * queue and is kept in an archive. Deciding again the same does no harm.
 *
 * @throws BatonError `unknown-item`, `locked`, `read-only`, `disk-full`, `io-failed`
 */
export async function decideProposal(
  context: Pick<ActionContext, 'ports'>,
  { id, decision, session, reason }: DecideOptions,
): Promise<Proposal> {
  const files = await context.ports.orchestrator();
  return await files.exclusively(proposalsLock, { holder: id }, async () => {
    const text = (await files.readText(proposalsPath)) ?? '';
    const proposal = readJsonLines(text)
      .records.flatMap((record) => readProposal(record) ?? [])
      .find((one) => one.id === id);
    if (proposal === undefined) {
      throw new BatonError('unknown-item', phrase`No proposal ${id} waits`, {
        hint: '`baton memory list` lists them.',
        data: { id },
      });
    }
    if (decision === 'accept') await addLearning(files, proposal, session);
    else {
      const at = new Date(context.ports.clock.now().epochMs).toISOString();
      await files.append(
        rejectedPath,
        JSON.stringify({ ...proposal, _rejected_reason: reason ?? '', _rejected_at: at }),
      );
    }
    await files.append(archivePath, JSON.stringify(proposal));
    const after = editJsonLines(text, (record) => (record.id === id ? 'remove' : 'keep'));
    if (after !== undefined) await files.replace(proposalsPath, after);
    return proposal;
  });
}

/** One that is there already was accepted before the archive and the queue could say so. */
async function addLearning(files: OrchestratorFiles, proposal: Proposal, session: string): Promise<void> {
  await files.exclusively(learningsLock, { holder: proposal.id }, async () => {
    const { records } = readJsonLines((await files.readText(learningsPath)) ?? '');
    if (records.some((record) => record.id === proposal.id)) return;
    await files.append(learningsPath, JSON.stringify(learningOf(proposal, session)));
  });
}
