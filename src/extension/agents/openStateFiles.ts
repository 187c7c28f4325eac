import * as vscode from 'vscode';
import { revisionOf } from '../../core/base/revision.ts';
import { parsePlan } from '../../core/formats/plan.ts';
import { parseProgress } from '../../core/formats/progress.ts';
import { readTaskList } from '../../core/formats/taskList.ts';
import { createLineIndex } from '../../core/markdown/lines.ts';
import type { Diagnostic } from '../../core/model/diagnostic.ts';
import { joinTaskList } from '../../core/store/joinTaskList.ts';
import { readSessionFile } from '../../core/store/readSessionFile.ts';
import { createStateFileRoles } from '../../core/store/stateFileRoles.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import type { Projects } from '../workspace/projects.ts';

/** A state file that an editor has open. */
export interface OpenStateFile {
  readonly host: ProjectHost;
  readonly path: string;
  readonly document: vscode.TextDocument;
}

/** A problem in an editor's text; lines count from 1. */
export interface OpenProblem {
  readonly line: number;
  readonly severity: string;
  readonly code: string;
  readonly message: string;
}

/** The state files that editors have open, in the order of the folders. */
export function findOpenStateFiles(projects: Projects): readonly OpenStateFile[] {
  return projects.all.flatMap((host) =>
    vscode.workspace.textDocuments.flatMap((document) => {
      const path = document.isClosed ? undefined : host.pathOf(document.uri);
      return path !== undefined && host.store.isStateFile(path) ? [{ host, path, document }] : [];
    }),
  );
}

/** What an agent is told of an open file: its text as it stands in the editor, with everything that is wrong with it. */
export function describeOpenFile({ host, path, document }: OpenStateFile) {
  const text = document.getText();
  return {
    path,
    folder: host.folder.name,
    unsaved: document.isDirty,
    revision: revisionOf(text),
    problems: [...problemsIn(host, path, text), ...knownProblems(document)],
    text,
  };
}

function problemsIn(host: ProjectHost, path: string, text: string): readonly OpenProblem[] {
  const lines = createLineIndex(text);
  return diagnosticsOf(host, path, text).map(({ code, severity, message, range }) => ({
    line: lines.positionAt(range.start).line + 1,
    severity,
    code,
    message,
  }));
}

function diagnosticsOf({ workspace, ports }: ProjectHost, path: string, text: string): readonly Diagnostic[] {
  if (workspace === undefined) return [];
  const roles = createStateFileRoles(workspace.config);
  const found: Diagnostic[] = [];
  if (roles.isTaskList(path)) {
    const { list, diagnostics } = readTaskList(text, path, ports.frontmatter);
    found.push(...diagnostics, ...joinTaskList(list).problems);
  }
  if (roles.isPlan(path)) found.push(...parsePlan(text, path).diagnostics);
  if (roles.isProgress(path)) found.push(...parseProgress(text, path).diagnostics);
  if (path === roles.sessionFile || roles.isPaused(path))
    found.push(...readSessionFile(text, path, ports.frontmatter).diagnostics);
  return found;
}

const severities = ['error', 'warning', 'info', 'hint'];

/** What other extensions say of the file; Baton's own last check is left out, because it was of what is saved. */
function knownProblems({ uri }: vscode.TextDocument): readonly OpenProblem[] {
  return vscode.languages
    .getDiagnostics(uri)
    .filter(({ source }) => source !== 'Baton')
    .map(({ range, severity, code, message, source }) => ({
      line: range.start.line + 1,
      severity: severities[severity] ?? 'info',
      code: `${source ?? ''} ${typeof code === 'object' ? code.value : (code ?? '')}`.trim(),
      message,
    }));
}
