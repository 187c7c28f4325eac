import type { IsolatedPorts } from '../../ports/isolatedPorts.ts';
import type { ActionContext } from '../context.ts';

/** What actions on isolated sessions get from their host. */
export interface IsolatedContext extends ActionContext {
  readonly isolated: IsolatedPorts;
}
