/**
 * The language features of state documents: which documents they are, and one line for each provider.
 *
 * To add a provider:
 * 1. Write what it knows as a pure function in `src/core/language/` (text and snapshot in, offsets out) with its unit test.
 * 2. Write the host's part in a file of its own in this folder: `export function provideX(file: StateDocument, …): …`. `file.workspace` is the
 *    snapshot with the unsaved texts of all editors in it, `file.path` the document's path there, and offsets of that file are offsets of
 *    `file.document` (`toRange` in `ranges.ts`).
 * 3. Add it to `providers` below, imported late: `late(document, () => import('./x.ts'), (module, file) => module.provideX(file, position))`.
 *
 * A provider is called for documents with a role only, in Restricted Mode too, and for untitled ones. What it throws is logged, and answers
 * nothing. Everything that activation does not need stays behind the imports.
 */
import * as vscode from 'vscode';
import type { Logger } from '../../core/ports/logger.ts';
import { type ProblemList, problemSource } from '../commands/problemList.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import type { Projects } from '../workspace/projects.ts';
import type { StateDocument, StateDocuments } from './stateDocuments.ts';

/** Runs a provider that is loaded when it is first asked. */
export type Late = <Module, Result>(
  document: vscode.TextDocument,
  load: () => Promise<Module>,
  run: (module: Module, file: StateDocument) => Result | undefined | Promise<Result | undefined>,
) => Promise<Result | undefined>;

/** What a provider may need besides the document. */
export interface LanguageContext {
  readonly projects: Projects;
  readonly late: Late;
  /** For what is about no single document. */
  readonly documents: () => Promise<StateDocuments>;
  readonly logger: Logger;
}

/** Registers one feature for the documents of a selector. */
export type Provider = (selector: vscode.DocumentSelector, context: LanguageContext) => vscode.Disposable;

const providers: readonly Provider[] = [
  (selector, { late }) =>
    vscode.languages.registerCodeActionsProvider(
      selector,
      {
        // Asked for at each move of the cursor: where nothing of ours is shown there is nothing to mend.
        provideCodeActions: (document, _range, context) =>
          context.only === undefined && !context.diagnostics.some(({ source }) => source === problemSource)
            ? undefined
            : late(
                document,
                () => import('./problemFixes.ts'),
                (module, file) => module.provideProblemFixes(file, context),
              ),
      },
      { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix, vscode.CodeActionKind.SourceFixAll.append('baton')] },
    ),
  (selector, { late }) =>
    vscode.languages.registerHoverProvider(selector, {
      provideHover: (document, position) =>
        late(
          document,
          () => import('./stateHover.ts'),
          (module, file) => module.provideStateHover(file, position),
        ),
    }),
  (selector, { late }) =>
    vscode.languages.registerCompletionItemProvider(
      selector,
      {
        provideCompletionItems: (document, position, _token, { triggerCharacter }) =>
          triggerCharacter !== undefined && isProse(document.lineAt(position).text)
            ? undefined
            : late(
                document,
                () => import('./stateCompletion.ts'),
                (module, file) => module.provideStateCompletions(file, position),
              ),
      },
      ...completionTriggers,
    ),
  registerNavigation,
];

/** Characters after which completions are offered by themselves, in cells, values and lists alone. */
const completionTriggers = ['|', ' ', ',', '['];

/** A line in which nothing is offered while it is typed: a space in a prompt must not cost reading the plan. */
function isProse(line: string): boolean {
  return !/\||^\s*(?:[\w-]+:|-)(?:\s|$)/.test(line);
}

/** What leads from one state file to another is registered when it has been loaded: activation need not wait for it. */
function registerNavigation(selector: vscode.DocumentSelector, context: LanguageContext): vscode.Disposable {
  const owned: vscode.Disposable[] = [];
  let isDisposed = false;
  import('./navigationProviders.ts').then(
    ({ navigationProviders }) => {
      if (!isDisposed) owned.push(...navigationProviders.map((register) => register(selector, context)));
    },
    (error: unknown) => context.logger.error('IDs cannot be followed in editors.', error),
  );
  return {
    dispose: () => {
      isDisposed = true;
      for (const one of owned) one.dispose();
    },
  };
}

/** Keeps the language features registered for state documents of all folders, and for untitled markdown: never for all markdown. */
export class LanguageFeatures implements vscode.Disposable {
  readonly #projects: Projects;
  readonly #problems: ProblemList;
  readonly #logger: Logger;
  readonly #listener: { dispose(): void };
  #documents: Promise<StateDocuments> | undefined;
  #registered: vscode.Disposable[] = [];
  #selector = '';
  #live: Promise<vscode.Disposable> | undefined;
  #isDisposed = false;

  constructor(projects: Projects, problems: ProblemList, logger: Logger) {
    this.#projects = projects;
    this.#problems = problems;
    this.#logger = logger;
    this.#listener = projects.onDidChange(() => this.#update());
  }

  /** What the window's state documents are, for features that no provider asks for. */
  documents(): Promise<StateDocuments> {
    this.#documents ??= import('./stateDocuments.ts').then(({ StateDocuments }) => new StateDocuments(this.#projects));
    return this.#documents;
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#listener.dispose();
    void this.#live?.then((live) => live.dispose());
    for (const one of this.#registered) one.dispose();
  }

  #update(): void {
    const filters = this.#projects.all.flatMap(stateFilters);
    if (filters.length > 0) this.#live ??= this.#startLive();
    const selector = JSON.stringify(filters.map(({ pattern }) => [pattern.baseUri.toString(), pattern.pattern]));
    if (selector === this.#selector) return;
    this.#selector = selector;
    for (const one of this.#registered) one.dispose();
    const all = [...filters, { language: 'markdown', scheme: 'untitled' }];
    const context = {
      projects: this.#projects,
      late: this.#late,
      documents: () => this.documents(),
      logger: this.#logger,
    };
    this.#registered = filters.length === 0 ? [] : providers.map((register) => register(all, context));
  }

  /** Loaded when there is something to check. */
  async #startLive(): Promise<vscode.Disposable> {
    try {
      const [documents, { LiveProblems }] = await Promise.all([this.documents(), import('./liveProblems.ts')]);
      const parts = { projects: this.#projects, documents, problems: this.#problems, logger: this.#logger };
      return this.#isDisposed ? { dispose() {} } : new LiveProblems(parts);
    } catch (error) {
      this.#logger.error('The state files are not checked as you type.', error);
      return { dispose() {} };
    }
  }

  readonly #late: Late = async (document, load, run) => {
    try {
      const file = await (await this.documents()).find(document);
      return file && (await run(await load(), file));
    } catch (error) {
      this.#logger.error(`A language feature failed in ${document.uri.toString()}.`, error);
      return undefined;
    }
  };
}

/** Where the state files of a folder are by its configuration, and plans that only a link names. */
function stateFilters(host: ProjectHost) {
  const { workspace, folder, store } = host;
  if (workspace === undefined) return [];
  const linked = workspace.plans.map(({ path }) => path).filter((path) => !store.isConfigured(path));
  // What is no wildcard of our globs is one of VS Code's.
  const patterns = [...store.globs, ...linked.map((path) => path.replace(/[{}*?]/g, '?'))];
  return patterns.map((glob) => ({
    language: 'markdown',
    scheme: folder.uri.scheme,
    pattern: new vscode.RelativePattern(folder, glob.replace(/[[\]]/g, '?')),
  }));
}
