import * as vscode from 'vscode';
import { readTaskList } from '../../core/formats/taskList.ts';
import { completeAt } from '../../core/language/completeAt.ts';
import type { Completion, Completions } from '../../core/language/completions.ts';
import { shownState } from '../../core/model/shownState.ts';
import { joinTaskList } from '../../core/store/joinTaskList.ts';
import { readSetting } from '../registration.ts';
import { stateWord } from '../views/sessionStates.ts';
import { shownTask } from '../views/taskLists/model.ts';
import { taskWord } from '../views/taskLists/taskText.ts';
import { toRange } from './ranges.ts';
import type { StateDocument } from './stateDocuments.ts';
import { stateMeaning } from './stateMeanings.ts';
import { provideTaskCompletions } from './tasksCompletion.ts';

/** What can be put at a position of a state document. */
export function provideStateCompletions(file: StateDocument, position: vscode.Position): vscode.CompletionItem[] {
  const { document, host, workspace, path, role, text } = file;
  if (role === 'taskList') {
    const read = readTaskList(text, path, host.ports.frontmatter);
    const entry = workspace.taskLists.find(({ list }) => list.path === path) ?? joinTaskList(read.list);
    const items = provideTaskCompletions({ host, path, read, entry }, document, position);
    if (items.length > 0) return items;
  }
  const models = Object.keys(readSetting('baton.agents.models', document.uri));
  const offset = document.offsetAt(position);
  const now = host.ports.clock.now();
  const found = completeAt({ workspace, path, role, text, offset, now, models });
  return found?.items.map((item, order) => toItem(file, found, item, order)) ?? [];
}

const kinds: Readonly<Record<Completion['kind'], vscode.CompletionItemKind>> = {
  status: vscode.CompletionItemKind.EnumMember,
  session: vscode.CompletionItemKind.Reference,
  list: vscode.CompletionItemKind.Reference,
  time: vscode.CompletionItemKind.Value,
  model: vscode.CompletionItemKind.Value,
  value: vscode.CompletionItemKind.Value,
  key: vscode.CompletionItemKind.Property,
  plan: vscode.CompletionItemKind.File,
};

function toItem(
  { document, text }: StateDocument,
  { range, replacesWhole }: Completions,
  item: Completion,
  order: number,
): vscode.CompletionItem {
  const label = item.newText.trim().replace(/:$/, '');
  const shown = new vscode.CompletionItem(label, kinds[item.kind]);
  shown.insertText = item.newText;
  shown.range = toRange(document, range);
  shown.sortText = String(order).padStart(5, '0');
  // VS Code compares what stands there with this: a whole value would hide all others.
  if (replacesWhole) shown.filterText = `${text.slice(range.start, range.end)} ${label}`;
  describe(shown, item);
  return shown;
}

function describe(shown: vscode.CompletionItem, item: Completion): void {
  switch (item.kind) {
    case 'status':
      shown.documentation = stateMeaning(item.status);
      return;
    case 'session':
      shown.detail = `${item.entry.title} (${stateWord(shownState(item.entry))})`;
      return;
    case 'list': {
      const open = item.list.tasks.filter(({ status }) => status !== 'COMPLETE');
      shown.detail = item.list.list.title;
      shown.documentation = open.map((task) => `${task.id}: ${taskWord(shownTask(task))}`).join('\n');
      return;
    }
    case 'time':
      shown.detail = vscode.l10n.t('now');
      return;
    case 'key':
      shown.command = { command: 'editor.action.triggerSuggest', title: '' };
      return;
    default:
  }
}
