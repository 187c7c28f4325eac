import type { Range } from '../base/range.ts';
import { parseMarkdown } from '../markdown/document.ts';
import type { Workspace } from '../model/workspace.ts';

/** Lines that can be folded away: the first one stays. */
export interface StateFold {
  readonly line: number;
  /** The last line that belongs to it. */
  readonly endLine: number;
  /** `frontmatter`; `table`; `xml`: a session as an element; `done`: a session of a plan that is done. */
  readonly kind: 'frontmatter' | 'table' | 'xml' | 'done';
}

/** What can be folded in a state file besides what markdown folds by itself. Never throws. */
export function findFolds(workspace: Workspace, path: string, text: string): readonly StateFold[] {
  const doc = parseMarkdown(text);
  const folds: StateFold[] = [];
  const add = (kind: StateFold['kind'], { start, end }: Range): void => {
    const line = doc.lines.lineAt(start);
    const endLine = doc.lines.lineAt(start + text.slice(start, end).trimEnd().length);
    if (endLine > line) folds.push({ line, endLine, kind });
  };
  if (doc.frontmatter?.closed === true) add('frontmatter', doc.frontmatter.range);
  for (const { range } of doc.tables) add('table', range);
  const plan = workspace.plans.find((one) => one.path === path);
  const done = new Set(workspace.sessions.flatMap((entry) => (entry.status === 'done' ? (entry.plan ?? []) : [])));
  for (const session of plan?.sessions ?? []) {
    const isDone = done.has(session);
    if (session.form === 'xml' && session.prompt !== undefined) add(isDone ? 'done' : 'xml', session.prompt.range);
    else if (isDone) add('done', withoutRule(text, session.range));
  }
  return folds.sort((a, b) => a.line - b.line || b.endLine - a.endLine);
}

/** The rule between two sessions stays. */
function withoutRule(text: string, { start, end }: Range): Range {
  const body = text.slice(start, end).trimEnd();
  return {
    start,
    end: start + (/[\r\n][ \t]*-+$/.test(body.slice(-100)) ? body.replace(/-+$/, '').trimEnd() : body).length,
  };
}
