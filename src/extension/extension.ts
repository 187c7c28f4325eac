import * as vscode from 'vscode';
import { registerLanguageModelTools } from './agents/languageModelTools.ts';
import { McpServerProvider } from './agents/mcpProvider.ts';
import { TaskSync } from './agents/taskSync.ts';
import { TerminalPath } from './agents/terminalPath.ts';
import { registerRevisionDocuments } from './changes/revisionDocuments.ts';
import { CheckpointReminder } from './checkpointReminder.ts';
import { ProblemList } from './commands/problemList.ts';
import type { Services } from './commands/services.ts';
import { TaskUndo } from './commands/tasksUndo.ts';
import { followContext } from './contextKeys.ts';
import { Dashboards } from './dashboard/dashboards.ts';
import { report, setErrorLog } from './errors.ts';
import { everyMinute } from './everyMinute.ts';
import type { BatonExports } from './exports.ts';
import { createExports } from './exports.ts';
import type { EditorFeatures } from './firstScan.ts';
import { createLog } from './log.ts';
import { registerCommands } from './registration.ts';
import { StatusBar } from './statusBar.ts';
import { CurrentSessionView } from './views/currentSession/view.ts';
import { registerDoneDecorations } from './views/sessions/doneDecorations.ts';
import { SessionsView } from './views/sessions/view.ts';
import { TaskListsView } from './views/taskLists/view.ts';
import { registerTextDocuments } from './workspace/conflictView.ts';
import { guardStateFiles } from './workspace/guardStateFiles.ts';
import { OpenFiles } from './workspace/openFiles.ts';
import { type HostFactory, Projects } from './workspace/projects.ts';
import { createWindowPrompt, ReplaceablePrompt } from './workspace/prompts.ts';

/** Starts the extension: composition only. Commands are there before the first scan ends; a failure is shown, since VS Code would not. */
export async function activate(context: vscode.ExtensionContext): Promise<BatonExports> {
  const own = <T extends vscode.Disposable>(disposable: T): T => {
    context.subscriptions.push(disposable);
    return disposable;
  };
  try {
    const log = own(createLog());
    setErrorLog(log);
    const prompt = new ReplaceablePrompt(createWindowPrompt());
    const open = own(new OpenFiles());
    const loadScan = () => import('./firstScan.ts');
    const parts = { prompt, logger: log, open };
    const createHost: HostFactory = async (folder) => (await loadScan()).createHostFactory(parts)(folder);
    const projects = own(new Projects(createHost, log));
    own(guardStateFiles(projects, open));
    own(registerTextDocuments());
    own(registerRevisionDocuments(projects));
    own(registerDoneDecorations());
    const sessions = own(new SessionsView(projects, context.workspaceState));
    const current = own(new CurrentSessionView(projects, log));
    const problems = own(new ProblemList(context.extensionUri));
    const taskLists = own(new TaskListsView(projects, log));
    const taskUndo = new TaskUndo();
    const taskSync = own(new TaskSync(projects, log));
    const dashboards = own(new Dashboards(context.extensionUri, () => services));
    const views = { sessions, current, problems, taskLists, dashboards };
    const services: Services = { projects, prompt, log, ...views, taskUndo, taskSync };
    const loadCommands = async () => {
      const { addCommandHandlers } = await import('./commands/addCommandHandlers.ts');
      context.subscriptions.push(...addCommandHandlers(services));
    };
    context.subscriptions.push(...registerCommands(loadCommands, commandsInTitles(context.extension)));
    own(followContext(projects));
    const mcp = own(new McpServerProvider(projects, context.extension));
    const terminalPath = own(new TerminalPath(context, log));
    void terminalPath.update();
    context.subscriptions.push(...registerLanguageModelTools(services));
    const statusBar = own(new StatusBar(projects));
    const reminder = new CheckpointReminder(projects);
    const tickMinute = () => {
      const each = [sessions.provider, current.provider, taskLists, reminder, taskSync, dashboards];
      for (const one of each) one.tickMinute();
      statusBar.update();
    };
    own(everyMinute(tickMinute));
    const progress = { location: { viewId: 'baton.sessions' } };
    let editor: EditorFeatures | undefined;
    const scan = async () => {
      const { createEditorFeatures } = await loadScan();
      // Before the first host is there: what they register follows from what the scan finds.
      editor = own(createEditorFeatures(services));
      await projects.load();
    };
    const loaded = Promise.resolve(vscode.window.withProgress(progress, scan));
    const late = loaded.then(async () => {
      const { createLateFeatures } = await import('./lateFeatures.ts');
      return own(createLateFeatures(services, statusBar));
    });
    late.catch((error: unknown) => log.error('Source control and tests could not be shown.', error));
    return createExports({ services, statusBar, editor: () => editor, mcp, reminder, loaded, late });
  } catch (error) {
    await report(error);
    throw error;
  }
}

/** The commands that package.json puts into titles of views. */
function commandsInTitles({ packageJSON }: vscode.Extension<unknown>): ReadonlySet<string> {
  const entries: readonly { readonly command: string }[] = packageJSON.contributes.menus['view/title'];
  return new Set(entries.map(({ command }) => command));
}
