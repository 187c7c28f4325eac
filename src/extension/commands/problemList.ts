import * as vscode from 'vscode';
import type { Diagnostic, DiagnosticCode, Severity } from '../../core/model/diagnostic.ts';
import type { FileProblems } from '../../core/model/workspace.ts';
import { createRangeFinder } from '../editor/ranges.ts';
import { localized } from '../localized.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';

const severities: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

/** What stands behind Baton's entries in the view "Problems". */
export const problemSource = 'Baton';

/** Answers the text in which a file's problems were found; undefined where it is not there. */
export type TextOf = (path: string) => Promise<string | undefined> | string | undefined;

/** What the check of the state files found, in the view "Problems": the last command's, or what is found as people type. */
export class ProblemList implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection('baton');
  readonly #help: vscode.Uri;
  /** Numbers the calls of each folder: of two that overlap, the later one counts. */
  readonly #calls = new Map<string, number>();
  readonly #shown = new Map<string, ReadonlyMap<string, string>>();

  /** @param extension where the extension's own README is, which explains the codes */
  constructor(extension: vscode.Uri) {
    const readme = vscode.Uri.joinPath(extension, 'README.md').with({ fragment: 'when-something-is-wrong' });
    const argument = encodeURIComponent(JSON.stringify([readme]));
    this.#help = vscode.Uri.parse(`command:markdown.showPreview?${argument}`);
  }

  /** Shows what a check of one folder found; what an earlier one found there goes. Files of which nothing is new are left alone. */
  async show(
    host: ProjectHost,
    problems: readonly FileProblems[],
    textOf: TextOf = (path) => host.ports.files.readText(path).catch(() => undefined),
  ): Promise<void> {
    const call = (this.#calls.get(host.id) ?? 0) + 1;
    this.#calls.set(host.id, call);
    const now = new Map<string, string>();
    const finders = new Map<string, ReturnType<typeof createRangeFinder>>();
    const all: [path: string, key: string, shown: vscode.Diagnostic[]][] = [];
    const finderOf = async (path: string) => {
      const known = finders.get(path) ?? createRangeFinder((await textOf(path)) ?? '');
      finders.set(path, known);
      return known;
    };
    for (const { path, diagnostics } of problems) {
      if (diagnostics.length === 0) continue;
      const shown = await Promise.all(diagnostics.map((one) => this.#toDiagnostic(host, path, one, finderOf)));
      const key = JSON.stringify(shown);
      now.set(path, key);
      all.push([path, key, shown]);
    }
    if (this.#calls.get(host.id) !== call) return;
    const before = this.#shown.get(host.id) ?? new Map<string, string>();
    const changes: [vscode.Uri, vscode.Diagnostic[] | undefined][] = all
      .filter(([path, key]) => before.get(path) !== key)
      .map(([path, , shown]) => [host.uriOf(path), shown]);
    for (const path of before.keys()) if (!now.has(path)) changes.push([host.uriOf(path), undefined]);
    this.#shown.set(host.id, now);
    if (changes.length > 0) this.#collection.set(changes);
  }

  /** Takes everything away that was shown of a folder. */
  clear(host: ProjectHost): void {
    this.#calls.set(host.id, (this.#calls.get(host.id) ?? 0) + 1);
    for (const path of this.#shown.get(host.id)?.keys() ?? []) this.#collection.delete(host.uriOf(path));
    this.#shown.delete(host.id);
  }

  /** Shows the problems of an untitled document. */
  showUntitled(document: vscode.TextDocument, text: string, found: readonly Diagnostic[]): void {
    const find = createRangeFinder(text);
    const shown = found.map((one) => this.#create(one, find(one.range)));
    this.#collection.set(document.uri, shown);
  }

  /** Takes away what was shown of a document that was closed. */
  clearUntitled(uri: vscode.Uri): void {
    this.#collection.delete(uri);
  }

  dispose(): void {
    this.#collection.dispose();
  }

  async #toDiagnostic(
    host: ProjectHost,
    path: string,
    found: Diagnostic,
    finderOf: (path: string) => Promise<ReturnType<typeof createRangeFinder>>,
  ): Promise<vscode.Diagnostic> {
    const shown = this.#create(found, (await finderOf(path))(found.range));
    if (found.related === undefined) return shown;
    shown.relatedInformation = await Promise.all(
      found.related.map(async (place) => {
        const other = place.path ?? path;
        const range = (await finderOf(other))(place.range);
        return new vscode.DiagnosticRelatedInformation(
          new vscode.Location(host.uriOf(other), range),
          localized(place.message),
        );
      }),
    );
    return shown;
  }

  #create({ code, severity, message }: Diagnostic, range: vscode.Range): vscode.Diagnostic {
    const shown = new vscode.Diagnostic(range, localized(message), severities[severity]);
    shown.source = problemSource;
    shown.code = { value: code, target: this.#help };
    return shown;
  }
}

/** The rule's code of one of Baton's diagnostics; undefined for those of others. */
export function codeOf({ source, code }: vscode.Diagnostic): DiagnosticCode | undefined {
  if (source !== problemSource) return undefined;
  return (typeof code === 'object' ? code.value : code) as DiagnosticCode | undefined;
}
