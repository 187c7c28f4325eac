import * as vscode from 'vscode';
import { createLineIndex } from '../../core/markdown/lines.ts';
import type { Severity } from '../../core/model/diagnostic.ts';
import type { FileProblems } from '../../core/model/workspace.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';

const severities: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

/** What the last check found, in the view "Problems". */
export class ProblemList implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection('baton');
  readonly #shown = new Map<string, readonly vscode.Uri[]>();

  /** Shows what a check of one folder found; what an earlier one found there goes. */
  async show(host: ProjectHost, problems: readonly FileProblems[]): Promise<void> {
    for (const uri of this.#shown.get(host.id) ?? []) this.#collection.delete(uri);
    const uris: vscode.Uri[] = [];
    for (const { path, diagnostics } of problems) {
      const text = (await host.ports.files.readText(path)) ?? '';
      const uri = host.uriOf(path);
      uris.push(uri);
      this.#collection.set(uri, toDiagnostics(text, diagnostics));
    }
    this.#shown.set(host.id, uris);
  }

  dispose(): void {
    this.#collection.dispose();
  }
}

function toDiagnostics(text: string, found: FileProblems['diagnostics']): vscode.Diagnostic[] {
  const lines = createLineIndex(text);
  const place = (offset: number) => {
    const { line, column } = lines.positionAt(offset);
    // An editor has no BOM.
    return new vscode.Position(line, line === 0 && text.startsWith('\uFEFF') ? Math.max(0, column - 1) : column);
  };
  return found.map(({ code, severity, message, range }) => {
    const shown = new vscode.Diagnostic(
      new vscode.Range(place(range.start), place(range.end)),
      message,
      severities[severity],
    );
    shown.source = 'Baton';
    shown.code = code;
    return shown;
  });
}
