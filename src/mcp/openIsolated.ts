import type { ActionContext } from '../core/actions/context.ts';
import type { IsolatedContext } from '../core/actions/isolated/context.ts';
import { createIsolatedPorts } from '../platform/isolatedPorts.ts';
import { createNodePorts } from '../platform/nodePorts.ts';

/** Wires what tools about isolated sessions need besides. The supervisor's program lies beside this one. */
export async function openIsolated(context: ActionContext, root: string): Promise<IsolatedContext> {
  const { logger, prompt } = context.ports;
  const isolated = await createIsolatedPorts({
    root,
    ports: context.ports,
    portsOf: (worktree) => createNodePorts({ root: worktree, prompt, logger }),
    distFolder: __dirname,
  });
  return { ...context, isolated };
}
