import type { ActionContext } from '../core/actions/context.ts';
import type { IsolatedContext } from '../core/actions/isolated/context.ts';
import { createIsolatedPorts } from './isolatedPorts.ts';
import { createNodePorts, type NodePortsOptions } from './nodePorts.ts';

/**
 * Wires what actions on isolated sessions need besides. All bundles lie in one folder, the supervisor's program too. `override`: what the
 * host guards or replaces in the ports of a worktree.
 */
export async function openIsolated(
  context: ActionContext,
  root: string,
  override?: NodePortsOptions['override'],
): Promise<IsolatedContext> {
  const { logger, prompt } = context.ports;
  const isolated = await createIsolatedPorts({
    root,
    ports: context.ports,
    portsOf: (worktree) => createNodePorts({ root: worktree, prompt, logger, ...(override && { override }) }),
    distFolder: __dirname,
  });
  return { ...context, isolated };
}
