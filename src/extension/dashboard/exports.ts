import { createRequire } from 'node:module';
import * as vscode from 'vscode';
import { readDashboard } from '../../core/actions/dashboard.ts';
import type { ReportModule } from '../../core/model/report.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';

/** Writes the table that the page shows into a file that the person picks. */
export async function exportCsv(host: ProjectHost, name: string, csv: string): Promise<void> {
  // The mark tells Excel that it is UTF-8.
  await save(host, { name: fileName(name, 'sessions.csv'), filters: { CSV: ['csv'] }, text: `\uFEFF${csv}` });
}

/** Writes the dashboard as a page that stands for itself into a file that the person picks. */
export async function exportReport(host: ProjectHost): Promise<void> {
  const { renderReport } = loadReport();
  const snapshot = await readDashboard(host.createContext(), { name: host.folder.name });
  const text = renderReport(snapshot, { locale: vscode.env.language, texts: vscode.l10n.bundle ?? {} });
  await save(host, { name: fileName(`${host.folder.name}.html`, 'report.html'), filters: { HTML: ['html'] }, text });
}

/** The renderer lies beside this file, in a bundle of its own: no other command needs it. */
function loadReport(): ReportModule {
  return createRequire(__filename)('./report.cjs');
}

interface Export {
  readonly name: string;
  readonly filters: Readonly<Record<string, readonly string[]>>;
  readonly text: string;
}

async function save(host: ProjectHost, { name, filters, text }: Export): Promise<void> {
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(host.folder.uri, name),
    filters: Object.fromEntries(Object.entries(filters).map(([label, endings]) => [label, [...endings]])),
  });
  if (target === undefined) return;
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
  const open = vscode.l10n.t('Open');
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t('Saved as {0}.', vscode.workspace.asRelativePath(target)),
    open,
  );
  if (chosen === open) await vscode.commands.executeCommand('vscode.open', target);
}

/** A name that the page proposes, without what would lead out of the folder. */
function fileName(proposed: string, otherwise: string): string {
  const name = proposed
    .replace(/[^\p{L}\p{N}._ -]+/gu, '-')
    .replace(/^[.\s-]+/, '')
    .slice(0, 100);
  return name === '' ? otherwise : name;
}
