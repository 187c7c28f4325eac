import { createLineIndex } from '../core/markdown/lines.ts';
import type { FileProblems } from '../core/model/workspace.ts';
import type { FileSystem } from '../core/ports/fileSystem.ts';
import type { ProblemView } from './views.ts';

/** Turns the ranges of problems into lines and columns, by file and place. */
export async function locateProblems(
  files: FileSystem,
  problems: readonly FileProblems[],
): Promise<readonly ProblemView[]> {
  const located = await Promise.all(problems.map((each) => locateInFile(files, each)));
  return located.flat();
}

async function locateInFile(files: FileSystem, { path, diagnostics }: FileProblems): Promise<readonly ProblemView[]> {
  if (diagnostics.length === 0) return [];
  // A file that cannot be read has its problem on the first line.
  const text = await files.readText(path).catch(() => undefined);
  const lines = createLineIndex(text ?? '');
  return [...diagnostics]
    .sort((a, b) => a.range.start - b.range.start)
    .map(({ code, severity, message, range, fix }) => {
      const start = lines.positionAt(range.start);
      const end = lines.positionAt(range.end);
      return {
        file: path,
        line: start.line + 1,
        column: start.column + 1,
        endLine: end.line + 1,
        endColumn: end.column + 1,
        severity,
        code,
        message,
        fix: fix === undefined ? null : { title: fix.title, safe: fix.safe },
      };
    });
}
