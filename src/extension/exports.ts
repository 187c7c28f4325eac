import type * as vscode from 'vscode';
import type { McpServerProvider } from './agents/mcpProvider.ts';
import type { CheckpointReminder } from './checkpointReminder.ts';
import type { Services } from './commands/services.ts';
import type { ContextKeys } from './contributions.ts';
import type { DashboardPanel } from './dashboard/panel.ts';
import type { LanguageStatus } from './editor/languageStatus.ts';
import { type Reported, reportedErrors } from './errors.ts';
import type { EditorFeatures } from './firstScan.ts';
import type { LateFeatures } from './lateFeatures.ts';
import { contextValues } from './registration.ts';
import type { StatusBar } from './statusBar.ts';
import type { CurrentElement } from './views/currentSession/model.ts';
import type { SessionTreeElement } from './views/sessions/model.ts';
import type { TaskElement } from './views/taskLists/model.ts';
import type { WindowPrompt } from './workspace/prompts.ts';

/** What `activate` returns: the parts of the window that tests cannot see or answer from outside, and the means to wait for them. */
export interface BatonExports {
  /** Fulfilled when the first scan has ended. */
  readonly loaded: Promise<void>;
  /** Answers the questions of commands until disposed: VS Code refuses modal dialogs while tests run. */
  answer(prompt: Partial<WindowPrompt>): vscode.Disposable;
  readonly sessionsTree: vscode.TreeDataProvider<SessionTreeElement>;
  readonly currentTree: vscode.TreeDataProvider<CurrentElement>;
  /** Description, message and badge of the view "Sessions". */
  sessionsSurroundings(): { readonly message?: string; readonly description?: string; readonly badge?: number };
  statusBarText(): string | undefined;
  /** Undefined until the first scan begins. */
  readonly languageStatus: LanguageStatus | undefined;
  codeLenses(document: vscode.TextDocument): readonly vscode.CodeLens[];
  contextKeys(): Readonly<ContextKeys>;
  reportedErrors(): readonly Reported[];
  /** Ticks or unticks an item as a click on its box does. */
  tick(element: CurrentElement, checked: boolean): Promise<void>;
  readonly tasksTree: vscode.TreeDataProvider<TaskElement>;
  readonly tasksDragAndDrop: vscode.TreeDragAndDropController<TaskElement>;
  /** Description, message and badge of the view "Task Lists". */
  tasksSurroundings(): { readonly message?: string; readonly description?: string; readonly badge?: number };
  /** Ticks or unticks tasks as clicks on their boxes do. */
  tickTasks(items: readonly (readonly [TaskElement, boolean])[]): Promise<void>;
  /** The open dashboard of a folder, by its URI. */
  dashboard(folder: string): DashboardPanel | undefined;
  taskCodeLenses(document: vscode.TextDocument): readonly vscode.CodeLens[];
  readonly mcpServers: vscode.McpServerDefinitionProvider;
  /** Source control groups and tests, which are made when the first scan has ended. */
  readonly late: Promise<LateFeatures>;
  /** Lets the reminder believe that it is `now`. */
  remind(now: number): readonly string[];
}

export interface ExportParts {
  readonly services: Services;
  readonly statusBar: StatusBar;
  readonly editor: () => EditorFeatures | undefined;
  readonly mcp: McpServerProvider;
  readonly reminder: CheckpointReminder;
  readonly loaded: Promise<void>;
  readonly late: Promise<LateFeatures>;
}

/** Puts the exports together. */
export function createExports({ services, statusBar, editor, mcp, reminder, loaded, late }: ExportParts): BatonExports {
  return {
    loaded,
    answer: (prompt) => services.prompt.use(prompt),
    sessionsTree: services.sessions.provider,
    currentTree: services.current.provider,
    sessionsSurroundings: () => services.sessions.surroundings,
    statusBarText: () => statusBar.text,
    get languageStatus() {
      return editor()?.languageStatus;
    },
    codeLenses: (document) => editor()?.lenses.provideCodeLenses(document) ?? [],
    contextKeys: () => contextValues(),
    reportedErrors: () => reportedErrors(),
    tick: (element, checked) => services.current.tick([[element, checked]]),
    tasksTree: services.taskLists.provider,
    tasksDragAndDrop: services.taskLists.dragAndDrop,
    tasksSurroundings: () => services.taskLists.surroundings,
    tickTasks: (items) => services.taskLists.tick(items),
    dashboard: (folder) => services.dashboards.get(folder),
    taskCodeLenses: (document) => editor()?.taskFeatures.lenses.provideCodeLenses(document) ?? [],
    mcpServers: mcp,
    late,
    remind: (now) => reminder.tickMinute(now),
  };
}
