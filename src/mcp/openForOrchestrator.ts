import { readWorkspace } from '../core/actions/beginVerb.ts';
import type { IsolatedContext } from '../core/actions/isolated/context.ts';
import { BatonError } from '../core/errors.ts';
import { workerAsker } from '../platform/workerSession.ts';
import type { ToolRun } from './tool.ts';

/**
 * What is asked of a person outside of agentic mode an agent can only do within it; and a worker never does, whose own work that would be.
 *
 * @throws BatonError `not-agentic`
 */
export async function openForOrchestrator({ context, root }: ToolRun): Promise<IsolatedContext> {
  const { isolated, wave, waveAgent } = workerAsker();
  const worker = isolated ?? waveAgent;
  if (worker !== undefined) {
    throw new BatonError(
      'not-agentic',
      'Agents in isolated sessions and in waves neither dispatch nor merge, nor steer',
      {
        hint: 'Say in the summary what else is to be done.',
        data: { session: worker, ...(wave !== undefined && { wave }) },
      },
    );
  }
  const { mode } = (await readWorkspace(context)).config;
  if (mode !== 'agentic') {
    throw new BatonError('not-agentic', `This project's mode is ${mode}: the person dispatches and merges`, {
      hint: 'They do it in VS Code, or with `baton dispatch`, `baton isolated merge` and `baton wave run`, or set `mode: agentic` in .baton.yaml.',
      data: { mode },
    });
  }
  const { openIsolated } = await import('../platform/openIsolated.ts');
  return await openIsolated(context, root);
}
