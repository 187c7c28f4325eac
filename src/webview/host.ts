import type { DashboardState, WebviewMessage } from './protocol.ts';

/** What the dashboard needs from VS Code; where it is absent (the report), nothing can be acted on. */
export interface DashboardHost {
  post(message: WebviewMessage): void;
  /** What `setState` kept, unchecked. */
  getState(): unknown;
  setState(state: DashboardState): void;
}
