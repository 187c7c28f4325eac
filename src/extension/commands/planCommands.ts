import * as vscode from 'vscode';
import { type CreatePlanOptions, type CreatePlanResult, createPlan } from '../../core/actions/createPlan.ts';
import { BatonError } from '../../core/errors.ts';
import { type NewSession, readDraftId, readSessionLines, resolveDraft } from '../../core/formats/planDraft.ts';
import { type DraftUnit, draftUnits, readPlanDraft } from '../../core/formats/planFromMarkdown.ts';
import { localized } from '../localized.ts';
import { registerCommand, runCommand } from '../registration.ts';
import type { NewPlanArgument, PlanFromListArgument } from '../sessionArguments.ts';
import { textDocumentOf } from '../workspace/conflictView.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import { notify } from './notify.ts';
import { openText } from './openText.ts';
import { runVerb } from './runVerb.ts';
import { activeUri, selectHost } from './selectHost.ts';
import { plainLabel } from './selectSession.ts';
import type { Services } from './services.ts';

/** Most markdown files that are offered; others are browsed for. */
const mostFiles = 300;

/** Most sessions that the question names. */
const mostListed = 15;

/** Commands that make plans. */
export function registerPlanCommands(services: Services): vscode.Disposable[] {
  return [
    registerCommand('baton.newPlan', (argument) => newPlan(services, argument)),
    registerCommand('baton.planFromList', (argument) => planFromList(services, argument)),
  ];
}

async function newPlan(services: Services, argument: NewPlanArgument | undefined): Promise<unknown> {
  const host = await selectHost(services.projects, argument, () => true);
  if (host === undefined) return undefined;
  const project =
    argument?.project ?? (await askProject(host.folder.name, vscode.l10n.t('New Implementation Plan (1/3): project')));
  if (project === undefined) return undefined;
  const repositories = argument?.repositories ?? (await askRepositories());
  if (repositories === undefined) return undefined;
  const sessions = argument?.sessions ?? (await askSessions(host, project, repositories));
  if (sessions === undefined) return undefined;
  return makePlan(services, host, { project, repositories, sessions });
}

async function makePlan(services: Services, host: ProjectHost, options: CreatePlanOptions): Promise<CreatePlanResult> {
  const title = vscode.l10n.t('Making the plan');
  const result = await runVerb(services, host, { title, needs: 'git' }, (context) => createPlan(context, options));
  await openText(host, result.path);
  void offerStart(host, result);
  return result;
}

async function offerStart(host: ProjectHost, { path, sessions }: CreatePlanResult): Promise<void> {
  const [first] = sessions;
  if (first === undefined) return;
  const start = vscode.l10n.t('Start {0}', first.id);
  const message = vscode.l10n.t(
    '{0} has {1} sessions. Write their prompts, and start the first one.',
    path,
    sessions.length,
  );
  if ((await notify('nextStep', message, start)) !== start) return;
  await runCommand('baton.startSession', { folder: host.id, id: first.id });
}

function askProject(value: string, title: string): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t('Its name is in the heading of the plan, and in the names of its files.'),
    value,
    ignoreFocusOut: true,
    validateInput: (text) =>
      /[\p{L}\p{N}]/u.test(text) ? undefined : vscode.l10n.t('A name has at least one letter or digit.'),
  });
}

async function askRepositories(): Promise<readonly string[] | undefined> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('New Implementation Plan (2/3): repositories'),
    prompt: vscode.l10n.t('Names, separated by commas; each gets a table. Leave it empty where there is one.'),
    ignoreFocusOut: true,
  });
  return text
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** One line after the other, each checked against those before it; an empty one ends. */
async function askSessions(
  host: ProjectHost,
  project: string,
  repositories: readonly string[],
): Promise<readonly string[] | undefined> {
  const lines: string[] = [];
  const taken = new Set(host.workspace?.sessions.map(({ id }) => id));
  const resolve = (more: readonly string[]) =>
    resolveDraft(readSessionLines([...lines, ...more], repositories), project, taken);
  for (;;) {
    const before = lines.some(isSession) ? resolve([]) : [];
    const line = await vscode.window.showInputBox({
      title: vscode.l10n.t('New Implementation Plan (3/3): session {0}', before.length + 1),
      prompt: promptFor(before),
      placeHolder: vscode.l10n.t('Title after Another Title, BE-01'),
      ignoreFocusOut: true,
      validateInput: (text) => {
        if (!isSession(text)) {
          return text.trim() !== '' || before.length > 0
            ? undefined
            : vscode.l10n.t('A plan has at least one session.');
        }
        return problemOf(() => resolve([text]));
      },
    });
    if (line === undefined) return undefined;
    if (line.trim() === '') return lines;
    lines.push(line);
    // What was shown stays: a later line cannot take the ID.
    const last = isSession(line) ? resolve([]).at(-1) : undefined;
    if (last !== undefined && readDraftId(line.trim()).id === undefined)
      lines.splice(-1, 1, `${last.id}: ${line.trim()}`);
  }
}

/** Not empty, and not the name of a phase. */
function isSession(line: string): boolean {
  return /^\s*[^#\s]/.test(line);
}

function promptFor(before: readonly NewSession[]): string {
  const last = before.at(-1);
  const how = vscode.l10n.t(
    'One session; “# Name” begins a phase, “@name” names its repository. An empty line ends the plan.',
  );
  if (last === undefined) return how;
  const after = last.dependencies.length === 0 ? '' : ` (${last.dependencies.join(', ')})`;
  return `${last.id}: ${last.title}${after}. ${how}`;
}

function problemOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (BatonError.is(error)) return localized(error.message);
    throw error;
  }
}

async function planFromList(services: Services, argument: PlanFromListArgument | undefined): Promise<unknown> {
  const host = await selectHost(services.projects, argument, () => true);
  if (host === undefined) return undefined;
  const uri = argument?.file === undefined ? await pickFile(host) : vscode.Uri.joinPath(host.folder.uri, argument.file);
  if (uri === undefined) return undefined;
  const name = host.pathOf(uri) ?? uri.path.split('/').at(-1) ?? '';
  const { text, units } = await readList(uri, name);
  const unit = argument?.unit ?? (await pickUnit(units));
  if (unit === undefined) return undefined;
  const proposed = readPlanDraft(text, unit, name).title ?? host.folder.name;
  const project =
    argument?.project ?? (await askProject(proposed, vscode.l10n.t('Plan from TODOs and Issues List: project')));
  if (project === undefined) return undefined;
  const options: CreatePlanOptions = { project, repositories: [], sessions: [], source: { name, text, unit } };
  return (await isWanted(services, host, options)) ? makePlan(services, host, options) : undefined;
}

/** Shows the plan as it would be, and asks; nothing is written before. */
async function isWanted(services: Services, host: ProjectHost, options: CreatePlanOptions): Promise<boolean> {
  const title = vscode.l10n.t('Reading the list');
  const draft = await runVerb(services, host, { title }, (context) =>
    createPlan(context, { ...options, dryRun: true }),
  );
  const preview = await vscode.workspace.openTextDocument(textDocumentOf(draft.path, draft.text));
  await vscode.window.showTextDocument(preview, { preview: true });
  const left =
    draft.done.length === 0 ? [] : ['', vscode.l10n.t('Left out, because it is done: {0}', draft.done.join(', '))];
  const answer = await services.prompt.confirm({
    question: vscode.l10n.t('Make {0} with {1} sessions?', draft.path, draft.sessions.length),
    detail: [...describeAll(draft.sessions), ...left, '', vscode.l10n.t('Nothing that is there is overwritten.')],
    yes: vscode.l10n.t('Make Plan'),
  });
  await vscode.window.tabGroups.close(
    vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .filter(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === preview.uri.toString()),
  );
  return answer === true;
}

/** A dialog has room for some; the preview has them all. */
function describeAll(sessions: readonly NewSession[]): readonly string[] {
  const shown = sessions.slice(0, mostListed).map(describe);
  const more = sessions.length - shown.length;
  return more === 0 ? shown : [...shown, vscode.l10n.t('and {0} more', more)];
}

function describe({ id, title, dependencies }: NewSession): string {
  const after = dependencies.length === 0 ? '' : ` ← ${dependencies.join(', ')}`;
  return `${id}  ${title}${after}`;
}

async function readList(
  uri: vscode.Uri,
  name: string,
): Promise<{ readonly text: string; readonly units: ReturnType<typeof draftUnits> }> {
  let text: string;
  try {
    text = (await vscode.workspace.openTextDocument(uri)).getText();
  } catch (error) {
    throw new BatonError('unreadable-file', vscode.l10n.t('{0} cannot be opened.', name), { cause: error });
  }
  const units = draftUnits(text);
  if (units.length > 0) return { text, units };
  throw new BatonError('invalid-argument', vscode.l10n.t('{0} has nothing left to do.', name), {
    hint: vscode.l10n.t('A plan is made of list items, check boxes that are not ticked, headings, or links to issues.'),
  });
}

async function pickUnit(units: ReturnType<typeof draftUnits>): Promise<DraftUnit | undefined> {
  const [only, second] = units;
  if (second === undefined) return only?.unit;
  const items = units.map(({ unit, count }) => ({
    label: unit === 'items' ? vscode.l10n.t('Each item of a list') : vscode.l10n.t('Each heading'),
    description: count === 1 ? vscode.l10n.t('1 session') : vscode.l10n.t('{0} sessions', count),
    detail:
      unit === 'items'
        ? vscode.l10n.t('Headings become phases, items below an item its checklist.')
        : vscode.l10n.t('The text below it becomes the prompt, its items the checklist.'),
    unit,
  }));
  const title = vscode.l10n.t('What becomes a session?');
  return (await vscode.window.showQuickPick(items, { title, ignoreFocusOut: true }))?.unit;
}

interface FileItem extends vscode.QuickPickItem {
  readonly uri?: vscode.Uri;
}

/** Offers the markdown files of the folder, those first that are likely to be lists. */
async function pickFile(host: ProjectHost): Promise<vscode.Uri | undefined> {
  const pattern = new vscode.RelativePattern(host.folder, '**/*.{md,markdown}');
  const found = await vscode.workspace.findFiles(pattern, '**/{node_modules,.git,.worktrees}/**', mostFiles);
  const front = activeUri()?.toString();
  const rank = (uri: vscode.Uri): number => {
    if (uri.toString() === front) return 0;
    return /to-?dos?|issues?|backlog|roadmap|tasks?/i.test(uri.path.split('/').at(-1) ?? '') ? 1 : 2;
  };
  const files = found
    .filter((uri) => host.store.rolesOf(host.pathOf(uri) ?? '').length === 0)
    .map((uri) => ({ uri, path: host.pathOf(uri) ?? uri.path }))
    .sort((a, b) => rank(a.uri) - rank(b.uri) || a.path.localeCompare(b.path));
  const items: FileItem[] = [
    ...files.map(({ uri, path }) => ({ label: plainLabel(path), iconPath: new vscode.ThemeIcon('markdown'), uri })),
    { label: vscode.l10n.t('Browse…'), iconPath: new vscode.ThemeIcon('folder-opened') },
  ];
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Plan from TODOs and Issues List: file'),
    placeHolder: vscode.l10n.t('A markdown file with check boxes, lists, headings or links to issues'),
  });
  if (chosen === undefined || chosen.uri !== undefined) return chosen?.uri;
  const filters = { Markdown: ['md', 'markdown', 'txt'] };
  const [picked] = (await vscode.window.showOpenDialog({ defaultUri: host.folder.uri, filters })) ?? [];
  return picked;
}
