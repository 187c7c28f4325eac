import { editsBetween } from '../base/editsBetween.ts';
import { phrase } from '../base/phrase.ts';
import { applyEdits, type TextEdit } from '../base/textEdit.ts';
import { BatonError } from '../errors.ts';
import { readRowsOf } from '../formats/progress.ts';
import { planBlockerAdd, planBlockerResolve, planDecisionAdd } from '../formats/progressBlockers.ts';
import { planCellSet, planRowAdd, planRowUpdate, type RowCells } from '../formats/progressEdits.ts';
import { planMetricsRefresh } from '../formats/progressMetrics.ts';
import { planNoteAppend, planNoteMerge } from '../formats/progressNotes.ts';
import { parseSessionFile } from '../formats/sessionFile.ts';
import { planSessionHandoff } from '../formats/sessionHandoff.ts';
import { planSessionNoteAppend } from '../formats/sessionNotes.ts';
import { planSetChecked } from '../markdown/checklist.ts';
import { planFrontmatterEdits, readFrontmatterScalars } from '../markdown/frontmatter.ts';
import type { ColumnRole } from '../model/progress.ts';
import type { Commit } from '../ports/git.ts';
import type { EffectText, StateEdit } from './effect.ts';
import { planListHandOff } from './listHandOff.ts';

/** Commits that earlier effects made, by name. */
export type MadeCommits = Readonly<Record<string, Commit>>;

/** How many digits of a hash go into a progress table. */
export const shortHashLength = 7;

/** Plans state edits, one after the other, into the smallest changes of `text`; undefined text: the file is to be made. */
export function planStateEdits(
  text: string | undefined,
  edits: readonly StateEdit[],
  commits: MadeCommits,
  path: string,
): TextEdit[] {
  const [only, second] = edits;
  if (only && !second && only.kind !== 'replace') return planOne(text ?? '', only, commits, path);
  return editsBetween(text ?? '', applyStateEdits(text, edits, commits, path));
}

/** Applies state edits to a text, one after the other. */
export function applyStateEdits(
  text: string | undefined,
  edits: readonly StateEdit[],
  commits: MadeCommits,
  path: string,
): string {
  return edits.reduce((current, edit) => applyEdits(current, planOne(current, edit, commits, path)), text ?? '');
}

function planOne(text: string, edit: StateEdit, commits: MadeCommits, path: string): TextEdit[] {
  switch (edit.kind) {
    case 'replace':
      return [{ start: 0, end: text.length, newText: withFormOf(text, edit.text) }];
    case 'update-row':
      return planRowUpdate(text, path, addressOf(edit), cellsOf(text, edit, commits));
    case 'add-row':
      return planRowAdd(text, path, addressOf(edit), cellsOf(text, edit, commits));
    case 'set-cell':
      return planCellSet(text, path, addressOf(edit), edit);
    case 'append-notes':
      return planNoteAppend(text, edit, edit.lines);
    case 'merge-notes':
      return planNoteMerge(text, edit, edit);
    case 'add-blocker':
      return planBlockerAdd(text, path, edit);
    case 'resolve-blocker':
      return planBlockerResolve(text, path, {
        blocker: edit.text,
        date: edit.date,
        ...(edit.resolution !== undefined && { resolution: edit.resolution }),
      });
    case 'add-decision':
      return planDecisionAdd(text, path, edit);
    case 'refresh-metrics':
      return planMetricsRefresh(text, path, edit.now);
    case 'set-frontmatter':
      return planFrontmatterEdits(
        text,
        Object.fromEntries(Object.entries(edit.values).map(([key, value]) => [key, value ?? undefined])),
      );
    case 'append-session-note':
      return planSessionNoteAppend(text, edit.line);
    case 'set-handoff':
      return planSessionHandoff(text, edit.lines);
    case 'hand-off-list':
      return [...planListHandOff(text, path, undefined, edit.handing)];
    case 'set-checked':
      return planChecked(text, path, edit);
    case 'splice':
      return planSplices(text, path, edit.splices);
    case 'append-lines':
      return planLines(text, edit.lines);
  }
}

type RowEdit = Extract<StateEdit, { kind: 'update-row' | 'add-row' }>;

function addressOf({ id, repository, section }: RowEdit | Extract<StateEdit, { kind: 'set-cell' }>): {
  id: string;
  repository?: string;
  section?: string;
} {
  return { id, ...(repository !== undefined && { repository }), ...(section !== undefined && { section }) };
}

function cellsOf(text: string, edit: RowEdit, commits: MadeCommits): RowCells {
  const cells: Partial<Record<ColumnRole, string>> = {};
  for (const [role, value] of Object.entries(edit.cells) as [ColumnRole, EffectText | undefined][]) {
    if (value === undefined) continue;
    if (typeof value === 'string') cells[role] = value;
    else if ('hashOf' in value)
      cells[role] = commits[value.hashOf]?.hash.slice(0, shortHashLength) ?? value.otherwise ?? '';
    else if (edit.kind === 'add-row' || isBlank(text, edit, role)) cells[role] = value.whereBlank;
  }
  return cells;
}

function isBlank(text: string, edit: RowEdit, role: ColumnRole): boolean {
  if (role !== 'started' && role !== 'completed' && role !== 'commit' && role !== 'notes') return true;
  const rows = readRowsOf(text, edit.id)
    .tables.filter(({ model }) => edit.repository === undefined || model.repository === edit.repository)
    .flatMap(({ model }) => model.rows.filter(({ id }) => id === edit.id));
  return rows.every((row) => row[role] === undefined);
}

function planChecked(text: string, path: string, edit: Extract<StateEdit, { kind: 'set-checked' }>): TextEdit[] {
  const { checklist } = parseSessionFile(text, path, readFrontmatterScalars(text)).value;
  const items = checklist.filter((item) => item.text === edit.text);
  if (items.length === 0) {
    throw new BatonError('conflict', phrase`${path} has no checklist item "${edit.text}" any more`, {
      hint: 'The file was changed meanwhile; try again.',
      data: { path, text: edit.text },
    });
  }
  return items.flatMap((item) => planSetChecked(item, edit.checked));
}

function planSplices(
  text: string,
  path: string,
  splices: Extract<StateEdit, { kind: 'splice' }>['splices'],
): TextEdit[] {
  if (splices.every(({ start, end, was }) => text.slice(start, end) === was)) {
    return splices.map(({ start, end, newText }) => ({ start, end, newText }));
  }
  throw new BatonError('conflict', phrase`${path} was changed meanwhile`, { hint: 'Try again.', data: { path } });
}

function planLines(text: string, lines: readonly string[]): TextEdit[] {
  const present = new Set(
    text
      .replace(/^\uFEFF/, '')
      .split(/\r\n|\n|\r/)
      .map((line) => line.trim()),
  );
  const missing = lines.filter((line) => !present.has(line));
  if (missing.length === 0) return [];
  const ending = text.includes('\r\n') ? '\r\n' : '\n';
  const start = text === '' || /[\r\n]$/.test(text) ? '' : ending;
  return [{ start: text.length, end: text.length, newText: start + missing.map((line) => line + ending).join('') }];
}

/** Gives a whole new text the BOM and the line endings of the one that it replaces. */
function withFormOf(old: string, fresh: string): string {
  if (old === '') return fresh;
  const bom = old.startsWith('\uFEFF') ? '\uFEFF' : '';
  const plain = fresh.replace(/^\uFEFF/, '');
  const crlf = (old.match(/\r\n/g) ?? []).length;
  const lf = (old.match(/(?<!\r)\n/g) ?? []).length;
  return bom + (crlf > lf ? plain.replace(/\r?\n/g, '\r\n') : plain);
}
