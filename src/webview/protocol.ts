/**
 * What the dashboard and the extension say to each other. Both sides check what they get (`readWebviewMessage` in the extension,
 * `readHostMessage` here), and ignore a kind that they do not know.
 */
import type { DashboardAgentVerb, DashboardSession, DashboardSnapshot } from '../core/model/dashboard.ts';
import type { WaveAgentVerb, WaveVerb } from '../core/model/waves/shownRun.ts';

/** Version of the messages. */
export const protocolVersion = 1;

/** What can be done with sessions from the dashboard: each is one of Baton's commands. */
export const dashboardVerbs = [
  'start',
  'resume',
  'pause',
  'checkpoint',
  'verify',
  'complete',
  'fail',
  'rollback',
  'openPrompt',
  'openPlan',
  'openProgress',
  'openSessionFile',
  'showCommit',
  'showChanges',
  'copyId',
  'startAgent',
  'reveal',
] as const;
export type DashboardVerb = (typeof dashboardVerbs)[number];

/** Parts of the dashboard, in the order in which they stand. */
export const dashboardSections = [
  'overview',
  'sessions',
  'timeline',
  'charts',
  'taskLists',
  'agents',
  'waves',
  'inbox',
] as const;
export type DashboardSection = (typeof dashboardSections)[number];

/** What the extension tells the webview. */
export type HostMessage =
  /** Everything; also the answer to `ready`. */
  | {
      readonly v: 1;
      readonly kind: 'snapshot';
      readonly snapshot: DashboardSnapshot;
      /** Texts of the interface by their English form; what is absent is shown in English. */
      readonly texts: Readonly<Record<string, string>>;
      /** BCP 47, for numbers and dates. */
      readonly locale: string;
      /** False in Restricted Mode: what starts a process is shown as not possible. */
      readonly trusted: boolean;
    }
  /** What changed since: sessions by key, and the rest without its sessions. */
  | {
      readonly v: 1;
      readonly kind: 'change';
      readonly rest: Omit<DashboardSnapshot, 'sessions'>;
      readonly changed: readonly DashboardSession[];
      readonly removed: readonly string[];
      /** All keys in their order, where that changed. */
      readonly order?: readonly string[];
    }
  | { readonly v: 1; readonly kind: 'trusted' }
  /** An edit of a cell was written (`message` absent) or refused. */
  | { readonly v: 1; readonly kind: 'cellResult'; readonly request: number; readonly message?: string }
  /** Go to a part, or to a session. */
  | { readonly v: 1; readonly kind: 'show'; readonly section?: DashboardSection; readonly key?: string };

/** What the webview asks of the extension. */
export type WebviewMessage =
  | { readonly v: 1; readonly kind: 'ready' }
  | { readonly v: 1; readonly kind: 'run'; readonly verb: DashboardVerb; readonly keys: readonly string[] }
  /** `was` is the cell's text that the person saw: another one refuses the edit. */
  | {
      readonly v: 1;
      readonly kind: 'editCell';
      readonly request: number;
      readonly key: string;
      readonly column: string;
      readonly was: string;
      readonly text: string;
    }
  | {
      readonly v: 1;
      readonly kind: 'setStatus';
      readonly request: number;
      readonly keys: readonly string[];
      readonly status: string;
    }
  /** The person picks where it is saved. CSV comes as text, since it holds what is filtered and sorted; the report is made by the extension. */
  | { readonly v: 1; readonly kind: 'exportCsv'; readonly csv: string; readonly name: string }
  | { readonly v: 1; readonly kind: 'exportReport' }
  | { readonly v: 1; readonly kind: 'openTaskList'; readonly list: string }
  | { readonly v: 1; readonly kind: 'answer'; readonly item: string }
  /** `id` of an isolated session. */
  | { readonly v: 1; readonly kind: 'agent'; readonly verb: DashboardAgentVerb; readonly id: string }
  /** `run` is the ID of a wave run, `wave` the number of one of its waves. */
  | { readonly v: 1; readonly kind: 'wave'; readonly verb: WaveVerb; readonly run: string; readonly wave?: number }
  | {
      readonly v: 1;
      readonly kind: 'waveAgent';
      readonly verb: WaveAgentVerb;
      readonly run: string;
      readonly agent: string;
    }
  | { readonly v: 1; readonly kind: 'startWaves' }
  | { readonly v: 1; readonly kind: 'openFile'; readonly path: string };

/** What is kept over a reload of the window (`setState`). */
export interface DashboardState {
  readonly v: 1;
  readonly folder: string;
  readonly section: DashboardSection;
  readonly project?: string;
  readonly repository?: string;
  readonly week?: string;
  readonly states: readonly string[];
  readonly text: string;
  readonly sort?: { readonly column: string; readonly descending: boolean };
  readonly group: 'none' | 'repository' | 'section' | 'state';
  /** Columns by their id that are shown or hidden against what is usual. */
  readonly columns?: Readonly<Record<string, boolean>>;
  readonly scrollTop: number;
}
