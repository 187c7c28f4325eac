import * as vscode from 'vscode';
import { type HoverSubject, hoverAt, promptStart } from '../../core/language/hoverAt.ts';
import { sessionStatuses, writeStatus } from '../../core/model/sessionStatus.ts';
import { shownState } from '../../core/model/shownState.ts';
import type { SessionEntry } from '../../core/model/workspace.ts';
import type { CommandId } from '../contributions.ts';
import { stateWord } from '../views/sessionStates.ts';
import { taskTooltip } from '../views/taskLists/taskText.ts';
import { createFactsTooltip } from '../views/tooltipText.ts';
import { trustGate } from '../workspace/trustGate.ts';
import { toRange } from './ranges.ts';
import type { StateDocument } from './stateDocuments.ts';
import { stateMeaning } from './stateMeanings.ts';

/** More sessions with one ID are only counted. */
const mostShown = 3;

/** Says what an ID or a state means. File text stands in strings that trust nothing; the links stand in one of their own. */
export function provideStateHover(file: StateDocument, position: vscode.Position): vscode.Hover | undefined {
  const subject = hoverAt(file.workspace, file.path, file.document.offsetAt(position));
  if (subject === undefined) return undefined;
  return new vscode.Hover(contentsOf(file, subject), toRange(file.document, subject.range));
}

function contentsOf(file: StateDocument, subject: HoverSubject): vscode.MarkdownString[] {
  switch (subject.kind) {
    case 'task':
      return [taskTooltip(subject.task, subject.list)];
    case 'status':
      return [statusText(subject.status)];
    case 'session': {
      const shown = subject.entries.slice(0, mostShown);
      const texts = shown.flatMap((entry) => [factsOf(file, entry), linksOf(file, entry)]);
      const more = subject.entries.length - shown.length;
      if (more > 0) texts.push(new vscode.MarkdownString(vscode.l10n.t('And {0} more with this ID.', more)));
      return texts;
    }
  }
}

function statusText(status: Extract<HoverSubject, { kind: 'status' }>['status']): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  if (status !== undefined) {
    return text
      .appendMarkdown('**')
      .appendText(writeStatus(status))
      .appendMarkdown('** ')
      .appendText(stateMeaning(status));
  }
  text.appendText(vscode.l10n.t('Baton does not understand this state. Write one of:')).appendMarkdown('\n\n');
  for (const one of sessionStatuses) text.appendMarkdown('- ').appendText(writeStatus(one)).appendMarkdown('\n');
  return text;
}

/** What is known of a session, all of it the text of files. */
function factsOf(file: StateDocument, entry: SessionEntry): vscode.MarkdownString {
  const { tooltip, line } = createFactsTooltip(entry.id, entry.title);
  line(vscode.l10n.t('State'), stateWord(shownState(entry)));
  const place = [file.workspace.projects.length > 1 ? entry.project : undefined, entry.repository, entry.section];
  line(vscode.l10n.t('Part of'), place.filter((part) => part !== undefined).join(', '));
  line(vscode.l10n.t('Depends on'), dependenciesOf(entry));
  line(vscode.l10n.t('Unblocks'), entry.unblocks.join(', '));
  line(vscode.l10n.t('Started'), entry.started);
  line(vscode.l10n.t('Completed'), entry.completed);
  line(vscode.l10n.t('Commit'), entry.commit);
  line(vscode.l10n.t('Notes'), entry.notes);
  const prompt = promptStart(entry);
  if (prompt === undefined) return tooltip;
  tooltip.appendMarkdown('\n---\n\n');
  for (const text of prompt.split('\n')) tooltip.appendText(text).appendMarkdown('  \n');
  return tooltip;
}

function dependenciesOf({ dependencies }: SessionEntry): string {
  return dependencies
    .map(({ id, status, reason }) => {
      const word =
        status === 'unknown'
          ? vscode.l10n.t('unknown')
          : status === 'pending'
            ? vscode.l10n.t('pending')
            : stateWord(status);
      return `${id} (${reason === undefined ? word : `${word}, ${reason}`})`;
    })
    .join(', ');
}

/** What can be done with it: text of our own, and commands of which no others may be run. */
function linksOf({ host }: StateDocument, entry: SessionEntry): vscode.MarkdownString {
  const links: [CommandId, string][] = [];
  if (entry.row !== undefined) links.push(['baton.openProgress', vscode.l10n.t('Open Row')]);
  if (entry.plan !== undefined) links.push(['baton.openPlan', vscode.l10n.t('Open Plan')]);
  if (trustGate.isTrusted && host.isLocal) {
    if (entry.ready) links.push(['baton.startSession', vscode.l10n.t('Start')]);
    if (entry.commit !== undefined) links.push(['baton.showChanges', vscode.l10n.t('Show Changes')]);
  }
  const argument = { folder: host.id, id: entry.id, project: entry.project };
  const text = new vscode.MarkdownString(
    links.map(([command, title]) => `[${title}](${commandUri(command, argument)})`).join(' · '),
  );
  text.isTrusted = { enabledCommands: links.map(([command]) => command) };
  return text;
}

/** Parentheses would end the link. */
function commandUri(command: CommandId, argument: unknown): string {
  const query = encodeURIComponent(JSON.stringify([argument])).replace(
    /[()']/g,
    (mark) => `%${mark.charCodeAt(0).toString(16)}`,
  );
  return `command:${command}?${query}`;
}
