/** The providers that go from one state file to another (IDs, links, symbols), and what the editor draws from the state of things. */
import * as vscode from 'vscode';
import { onDidChangeSetting, readSetting } from '../registration.ts';
import type { Provider } from './languageFeatures.ts';

const loadNavigation = () => import('./idNavigation.ts');
const loadRename = () => import('./idRename.ts');

/** All of them. */
export const navigationProviders: readonly Provider[] = [
  (selector, { late }) =>
    vscode.languages.registerDefinitionProvider(selector, {
      provideDefinition: (document, position) =>
        late(document, loadNavigation, (module, file) => module.provideDefinition(file, position)),
    }),
  (selector, { late }) =>
    vscode.languages.registerReferenceProvider(selector, {
      provideReferences: (document, position, context) =>
        late(document, loadNavigation, (module, file) => module.provideReferences(file, position, context)),
    }),
  (selector, { late }) =>
    vscode.languages.registerRenameProvider(selector, {
      prepareRename: async (document, position) =>
        unlessRefused(await late(document, loadRename, (module, file) => module.prepareRename(file, position))),
      provideRenameEdits: async (document, position, newName) =>
        unlessRefused(
          await late(document, loadRename, (module, file) => module.provideRename(file, position, newName)),
        ),
    }),
  (selector, { late }) =>
    vscode.languages.registerDocumentLinkProvider(selector, {
      provideDocumentLinks: (document) =>
        late(
          document,
          () => import('./stateLinks.ts'),
          (module, file) => module.provideLinks(file),
        ),
    }),
  (_, { projects, documents, logger }) =>
    vscode.languages.registerWorkspaceSymbolProvider({
      provideWorkspaceSymbols: async (query) => {
        try {
          const { provideSymbols } = await import('./stateSymbols.ts');
          return await provideSymbols(projects, await documents(), query);
        } catch (error) {
          logger.error('The search for sessions and tasks failed.', error);
          return [];
        }
      },
    }),
  (selector, { late }) =>
    vscode.languages.registerFoldingRangeProvider(selector, {
      provideFoldingRanges: (document) =>
        late(
          document,
          () => import('./stateFolding.ts'),
          (module, file) => module.provideFolds(file),
        ),
    }),
  (selector, { late }) =>
    vscode.languages.registerCodeActionsProvider(
      selector,
      {
        provideCodeActions: (document, range, context) =>
          late(
            document,
            () => import('./planActions.ts'),
            (module, file) => module.providePlanActions(file, range, context),
          ),
      },
      { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix, vscode.CodeActionKind.RefactorRewrite] },
    ),
  (selector, context) => {
    const changed = new vscode.EventEmitter<void>();
    const everyMinute = setInterval(() => {
      if (readSetting('baton.editor.elapsedTime')) changed.fire();
    }, 60_000);
    return vscode.Disposable.from(
      changed,
      { dispose: () => clearInterval(everyMinute) },
      onDidChangeSetting(['baton.editor.elapsedTime'], () => changed.fire()),
      vscode.languages.registerInlayHintsProvider(selector, {
        onDidChangeInlayHints: changed.event,
        provideInlayHints: async (document, range) => {
          if (!readSetting('baton.editor.elapsedTime', document.uri)) return [];
          return context.late(
            document,
            () => import('./elapsedHints.ts'),
            (module, file) => module.provideElapsed(file, range),
          );
        },
      }),
    );
  },
  (selector, { projects, documents, logger }) => {
    let icons: vscode.Disposable | undefined;
    let isDisposed = false;
    const load = async (): Promise<void> => {
      const [found, { GutterIcons }] = await Promise.all([documents(), import('./gutterIcons.ts')]);
      if (!isDisposed) icons = new GutterIcons(projects, found, selector);
    };
    load().catch((error: unknown) => logger.error('The states cannot be drawn beside the lines.', error));
    return {
      dispose: () => {
        isDisposed = true;
        icons?.dispose();
      },
    };
  },
];

/** VS Code shows the message of what a rename provider throws. */
function unlessRefused<T extends object>(answer: T | { readonly refusal: string } | undefined): T | undefined {
  if (answer !== undefined && 'refusal' in answer) throw new Error(answer.refusal);
  return answer;
}
