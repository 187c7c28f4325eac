import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IsolatedContext } from '../../../../src/core/actions/isolated/context.ts';
import { stateKey } from '../../../../src/core/actions/isolated/records.ts';
import { readReviewedTree } from '../../../../src/core/actions/isolated/reviewedTree.ts';
import type { IsolatedSession } from '../../../../src/core/model/isolated.ts';
import type { BeadsIssue } from '../../../../src/core/ports/isolatedPorts.ts';
import { createIsolatedPorts } from '../../../../src/platform/isolatedPorts.ts';
import { createNodePorts } from '../../../../src/platform/nodePorts.ts';
import { openProject, type TestProject } from '../support.ts';

interface IsolatedOptions {
  readonly beads?: readonly BeadsIssue[] | Error;
  /** Whether a supervisor runs; what it does when it is asked for. */
  readonly isRunning?: boolean;
  readonly ensure?: () => Promise<void>;
}

/**
 * A context for isolated sessions over a real repository and its real worktrees, as a process of its own has it. Nothing is started:
 * `counts.ensured` tells how often the supervisor was asked for.
 */
export async function isolatedOf(project: TestProject, options: IsolatedOptions = {}) {
  const { beads = [], isRunning = false, ensure } = options;
  const { context, ports } = await openProject(project.repository, { yes: true });
  const { root } = project.repository;
  const { prompt, logger } = ports;
  const portsOf = (worktree: string) => createNodePorts({ root: worktree, prompt, logger });
  const real = await createIsolatedPorts({ root, ports, portsOf, distFolder: root });
  const counts = { ensured: 0 };
  const isolated: IsolatedContext['isolated'] = {
    ...real,
    beads: {
      ready: async () => {
        if (beads instanceof Error) throw beads;
        return beads;
      },
      close: async () => undefined,
    },
    supervisors: {
      ensure: async () => {
        counts.ensured++;
        await ensure?.();
      },
      isRunning: async () => isRunning,
    },
    agents: { names: async () => ['claude'], defaultName: async () => 'claude', require: async () => undefined },
  };
  return { context: { ...context, isolated } satisfies IsolatedContext, counts };
}

/** Gives a queued session its worktree, with files in it, and the record that its run left. */
export async function restIn(
  context: IsolatedContext,
  session: IsolatedSession,
  files: Readonly<Record<string, string>>,
  record: Partial<IsolatedSession>,
): Promise<IsolatedSession> {
  const { worktree: path, branch, base } = session;
  await context.isolated.worktrees.add({ path, branch, commit: base.commit });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text);
  return await setRecord(context, session, record);
}

/** Writes what the supervisor would have written. */
export async function setRecord(
  context: IsolatedContext,
  session: IsolatedSession,
  record: Partial<IsolatedSession>,
): Promise<IsolatedSession> {
  const after = { ...session, ...record };
  await context.ports.localState.write(stateKey(session.id), after);
  return after;
}

/** The verdict of a review of the worktree as it is now. */
export async function approvalOf(context: IsolatedContext, session: IsolatedSession) {
  const tree = await readReviewedTree(context, session);
  return { decision: 'approved', summary: 'It works.', reviewedBy: 'peer', at: '2026-01-02T08:00:00Z', tree } as const;
}
