import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { afterEach, before, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { CreateTaskListResult } from '../../../src/core/actions/tasks/createTaskList.ts';
import type { ResumeTaskListResult } from '../../../src/core/actions/tasks/resumeTaskList.ts';
import type { VerifyTaskListResult } from '../../../src/core/actions/tasks/verifyTaskList.ts';
import type { BatonExports } from '../../../src/extension/exports.ts';
import type { TaskElement } from '../../../src/extension/views/taskLists/model.ts';
import { anyToken, idsIn, laterFile, laterText, releaseFile, releaseText, rowOf, writeLists } from './tasksFiles.ts';
import {
  activateBaton,
  closeEditors,
  drawTree,
  findItem,
  flatten,
  git,
  labelOf,
  pathOf,
  readText,
  refusalOf,
  replaceInFile,
  runBaton,
  sessionFile,
  waitFor,
  writeText,
} from './window.ts';

const consent = { confirm: async () => true };
const refuse = { confirm: async () => false };

describe('the view Task Lists', () => {
  let api: BatonExports;
  before(async () => {
    api = await activateBaton();
    assert.deepEqual(await drawTree(api.tasksTree), []);
    assert.equal(api.contextKeys()['baton.hasTaskLists'], false);
    await vscode.commands.executeCommand('baton.taskLists.focus');
  });

  beforeEach(async () => {
    await writeLists();
    await runBaton(api, 'baton.refreshViews');
    await waitFor('the lists', async () =>
      (await drawTree(api.tasksTree)).includes('  routes  Write the routes | waits for models · critical path'),
    );
  });

  afterEach(closeEditors);

  const task = async (id: string): Promise<TaskElement> => (await findItem(api.tasksTree, `${id} `)).element;
  const row = async (id: string) => rowOf(await readText(releaseFile), id);
  const argument = (id: string) => ({ list: 'release', task: id });

  it('shows lists and tasks with state, reason and critical path', async () => {
    assert.deepEqual(await drawTree(api.tasksTree), [
      'Later | 0/1',
      '  polish  Polish',
      'Release | 1/6 · 1 in progress · session 1 · 2 problems',
      '  schema  Write the schema',
      '  models ▶ Write the models | in progress · critical path',
      '  routes  Write the routes | waits for models · critical path',
      '  docs  Write **the docs** [x](command:baton.showLog)',
      '  left  One of a cycle | is in a cycle of tasks that wait for each other: left, right',
      '  right  The other of it | is in a cycle of tasks that wait for each other: left, right',
    ]);
    assert.deepEqual(api.tasksSurroundings(), { description: '1/7 complete', badge: 2 });
    assert.equal(api.contextKeys()['baton.hasTaskLists'], true);
    assert.ok(api.contextKeys()['baton.stateFiles'].includes(pathOf(releaseFile)));
  });

  it('has boxes of two states, and tells the third by label, icon, description and to the screen reader', async () => {
    const { Checked, Unchecked } = vscode.TreeItemCheckboxState;
    const boxOf = async (id: string) => {
      const { item } = await findItem(api.tasksTree, `${id} `);
      return typeof item.checkboxState === 'object' ? item.checkboxState.state : undefined;
    };
    assert.deepEqual(
      [await boxOf('schema'), await boxOf('models'), await boxOf('routes')],
      [Checked, Unchecked, Unchecked],
    );
    const { item } = await findItem(api.tasksTree, 'models');
    assert.equal(item.label, 'models ▶ Write the models');
    assert.ok(item.iconPath instanceof vscode.ThemeIcon && item.iconPath.id === 'circle-filled');
    assert.equal(item.accessibilityInformation?.label, 'models, Write the models, in progress, critical path');
    assert.equal(item.contextValue, 'task inProgress here free');
    const { item: list } = await findItem(api.tasksTree, 'Release');
    assert.equal(list.contextValue, 'list here open');
    assert.match(list.accessibilityInformation?.label ?? '', /^Release, release, 1 of 6 tasks complete, 1 in progress/);
    assert.equal(list.checkboxState, undefined);
  });

  it('has IDs that are unique and stay the same', async () => {
    const idsOf = async () => (await flatten(api.tasksTree)).map(({ item }) => item.id);
    const ids = await idsOf();
    assert.equal(new Set(ids).size, ids.length);
    await replaceInFile(releaseFile, '| Write the routes |', '| Write all routes |');
    await waitFor('the tree', () => findItem(api.tasksTree, 'routes  Write all routes'));
    assert.deepEqual(await idsOf(), ids);
    const parent = await api.tasksTree.getParent?.(await task('routes'));
    assert.equal(parent && labelOf(await api.tasksTree.getTreeItem(parent)), 'Release');
  });

  it('fires the smallest element for a change from outside', async () => {
    const fired: unknown[] = [];
    const listener = api.tasksTree.onDidChangeTreeData?.((element) => fired.push(element));
    await replaceInFile(releaseFile, '| Write the routes |', '| Write some routes |');
    const [elements] = await waitFor('an event', () => (fired.length > 0 ? fired : undefined));
    listener?.dispose();
    assert.deepEqual(Array.isArray(elements) && elements.map((one: TaskElement) => one.task), ['routes']);
  });

  it('makes tooltips of text that is never rendered', async () => {
    const { element, item } = await findItem(api.tasksTree, 'docs  ');
    const resolved = await api.tasksTree.resolveTreeItem?.(item, element, anyToken());
    assert.ok(resolved?.tooltip instanceof vscode.MarkdownString);
    assert.ok(!resolved.tooltip.isTrusted && !resolved.tooltip.supportHtml);
    assert.ok(!resolved.tooltip.value.includes('](command:'), resolved.tooltip.value);
  });

  it('completes in the file what is ticked', async () => {
    await api.tickTasks([[await task('models'), true]]);
    assert.match(await row('models'), /^\| models \| COMPLETE \| Write the models \| schema \| 1 \| 20\d\d-/);
    const lines = await drawTree(api.tasksTree);
    assert.ok(lines.includes('  routes  Write the routes'), lines.join('\n'));
  });

  it('asks before it completes what waits, and leaves it where the answer is no', async () => {
    const no = api.answer(refuse);
    await api.tickTasks([[await task('routes'), true]]);
    no.dispose();
    assert.match(await row('routes'), /PENDING/);
    const yes = api.answer(consent);
    await api.tickTasks([[await task('routes'), true]]);
    yes.dispose();
    assert.match(await row('routes'), /COMPLETE/);
    assert.match(await readText(releaseFile), /forced routes/i);
  });

  it('asks before a complete task falls back', async () => {
    const yes = api.answer(consent);
    await api.tickTasks([[await task('schema'), false]]);
    yes.dispose();
    assert.match(await row('schema'), /PENDING/);
  });

  it('sets states by commands, of several that are selected as well', async () => {
    await runBaton(api, 'baton.startTask', argument('docs'));
    assert.match(await row('docs'), /IN_PROGRESS/);
    await vscode.commands.executeCommand('baton.completeTask', await task('docs'), [
      await task('docs'),
      await task('models'),
    ]);
    assert.match(await row('docs'), /COMPLETE/);
    assert.match(await row('models'), /COMPLETE/);
    assert.equal(await refusalOf(api, 'baton.startTask', { ...argument('left'), force: false }), 'dependencies-unmet');
    assert.equal(await refusalOf(api, 'baton.startTask', argument('nothing')), 'unknown-task');
    assert.equal(await refusalOf(api, 'baton.startTask', { list: 'nothing', task: 'docs' }), 'unknown-list');
  });

  it('takes back the newest change where its rows are as it left them, and keeps what others did since', async () => {
    await runBaton(api, 'baton.startTask', argument('docs'));
    await replaceInFile(releaseFile, '| routes | PENDING |', '| routes | IN_PROGRESS |');
    assert.equal(api.contextKeys()['baton.canUndoTask'], true);
    assert.equal(await runBaton(api, 'baton.undoTaskChange'), 'docs: IN_PROGRESS');
    assert.equal(await row('docs'), rowOf(releaseText, 'docs'));
    assert.match(await row('routes'), /IN_PROGRESS/);
  });

  it('undoes nothing where the row was changed since', async () => {
    await runBaton(api, 'baton.startTask', argument('docs'));
    await replaceInFile(releaseFile, '| docs | IN_PROGRESS |', '| docs | COMPLETE |');
    const text = await readText(releaseFile);
    assert.equal(await refusalOf(api, 'baton.undoTaskChange'), 'conflict');
    assert.equal(await readText(releaseFile), text);
  });

  it('adds, edits and removes tasks, and brings a removed one back', async () => {
    await runBaton(api, 'baton.addTask', { list: 'release', title: 'Announce it', after: ['docs'] });
    assert.match(await row('announce-it'), /\| PENDING \| Announce it \| docs \|/);
    await runBaton(api, 'baton.editTask', { ...argument('announce-it'), title: 'Tell everybody', id: 'announce' });
    assert.match(await row('announce'), /\| Tell everybody \|/);
    const text = await readText(releaseFile);
    await runBaton(api, 'baton.removeTask', argument('announce'));
    assert.equal(await row('announce'), '');
    assert.equal(await refusalOf(api, 'baton.removeTask', { ...argument('schema'), force: false }), 'wrong-state');
    await runBaton(api, 'baton.undoTaskChange');
    assert.equal(await readText(releaseFile), text);
  });

  it('moves by the keyboard up, down and to another list', async () => {
    await runBaton(api, 'baton.moveTaskUp', argument('docs'));
    assert.deepEqual(idsIn(await readText(releaseFile)).slice(1, 4), ['models', 'docs', 'routes']);
    await runBaton(api, 'baton.moveTaskDown', argument('docs'));
    assert.deepEqual(idsIn(await readText(releaseFile)), idsIn(releaseText));
    await runBaton(api, 'baton.moveTaskDown', argument('right'));
    assert.equal(await readText(releaseFile), releaseText);
    await runBaton(api, 'baton.moveTaskToList', { ...argument('docs'), toList: 'later' });
    assert.deepEqual(idsIn(await readText(laterFile)), ['polish', 'docs']);
    await runBaton(api, 'baton.undoTaskChange');
    assert.equal(await readText(releaseFile), releaseText);
    assert.equal(await readText(laterFile), laterText);
  });

  it('moves the selected task where a key names none', async () => {
    await runBaton(api, 'baton.revealTask', argument('docs'));
    await runBaton(api, 'baton.moveTaskUp');
    await runBaton(api, 'baton.moveTaskUp');
    assert.deepEqual(idsIn(await readText(releaseFile)).slice(0, 3), ['schema', 'docs', 'models']);
  });

  it('reorders what is dragged within a list', async () => {
    await drag([await task('right')], await task('models'));
    assert.deepEqual(idsIn(await readText(releaseFile)), ['schema', 'right', 'models', 'routes', 'docs', 'left']);
    await runBaton(api, 'baton.undoTaskChange');
    assert.equal(await readText(releaseFile), releaseText);
    await drag([await task('schema')], (await findItem(api.tasksTree, 'Release')).element);
    assert.equal(idsIn(await readText(releaseFile)).at(-1), 'schema');
  });

  it('moves what is dragged to another list, and refuses what others wait for', async () => {
    await drag([await task('docs')], await task('polish'));
    assert.deepEqual(idsIn(await readText(laterFile)), ['docs', 'polish']);
    assert.ok(!idsIn(await readText(releaseFile)).includes('docs'));
    const before = api.reportedErrors().length;
    await drag([await task('models')], await task('polish'));
    assert.equal(api.reportedErrors().slice(before).at(-1)?.code, 'wrong-state');
  });

  it('shows the tasks of the list that the active session names, and ticks them there', async () => {
    const before = await readText(sessionFile);
    await replaceInFile(sessionFile, '\nsession: BE-04\n', '\nsession: BE-04\ntask_list: release\n');
    const lines = await waitFor('the tasks', async () => {
      const drawn = await drawTree(api.currentTree);
      return drawn.includes('Tasks | 1/6') ? drawn : undefined;
    });
    assert.ok(lines.includes('  models ▶ Write the models | in progress · critical path'), lines.join('\n'));
    const { element } = await findItem(api.currentTree, 'models');
    await api.tick(element, true);
    assert.match(await row('models'), /COMPLETE/);
    await waitFor('the tree', async () => (await drawTree(api.currentTree)).includes('Tasks | 2/6'));
    await writeText(sessionFile, before);
    await waitFor('no tasks', async () => !(await drawTree(api.currentTree)).includes('Tasks | 2/6'));
  });

  it('makes lists from titles, an outline, a plan and another list', async () => {
    const create = async (options: object) => {
      const made = await runBaton<CreateTaskListResult>(api, 'baton.createTaskList', options);
      return { made, text: await readText(made.path) };
    };
    const titles = await create({ title: 'From titles', tasks: ['one: First', 'two: Second after one'] });
    assert.match(rowOf(titles.text, 'two'), /\| Second \| one \|/);
    assert.ok(titles.text.includes(` ${userInfo().username} |`), 'nobody opened session 1');
    assert.match(titles.made.list.list.id, /^from-titles-[a-z0-9]{4}$/);
    const outline = await create({ title: 'From outline', outline: '- First thing\n- Second thing\n' });
    assert.deepEqual(idsIn(outline.text), ['first-thing', 'second-thing']);
    const plan = await create({ fromPlan: 'docs/HARBOUR_PROMPTS.md' });
    assert.ok(idsIn(plan.text).includes('BE-04'));
    const copy = await create({ title: 'A copy', fromList: 'later' });
    assert.deepEqual(idsIn(copy.text), ['polish']);
    await waitFor('the tree', () => findItem(api.tasksTree, 'A copy'));
    for (const { made } of [titles, outline, plan, copy]) await rm(pathOf(made.path));
    await runBaton(api, 'baton.refreshViews');
  });

  it('archives a list and brings it back', async () => {
    await runBaton(api, 'baton.archiveTaskList', { list: 'later' });
    const lines = await drawTree(api.tasksTree);
    assert.deepEqual(lines.slice(-3), ['Archived | 1', '  Later | 0/1', '    polish  Polish']);
    const { item } = await findItem(api.tasksTree, 'polish');
    assert.equal(item.checkboxState, undefined);
    await runBaton(api, 'baton.restoreTaskList', { list: 'later' });
    assert.equal(await readText(laterFile), laterText);
  });

  it('opens a task at its row, and copies IDs', async () => {
    await runBaton(api, 'baton.openTask', argument('routes'));
    const editor = vscode.window.activeTextEditor;
    assert.match(editor?.document.lineAt(editor.selection.active.line).text ?? '', /^\| routes \|/);
    await runBaton(api, 'baton.copyTaskId', argument('routes'));
    assert.equal(await vscode.env.clipboard.readText(), 'routes');
    await runBaton(api, 'baton.copyTaskId', { list: releaseFile });
    assert.equal(await vscode.env.clipboard.readText(), 'release');
  });

  it('shows claims, and gives them back', async () => {
    await runBaton(api, 'baton.claimTask', { ...argument('docs'), owner: 'robin' });
    const { item } = await waitFor('the claim', async () => {
      const found = await findItem(api.tasksTree, 'docs');
      return String(found.item.description).includes('claimed by robin') ? found : undefined;
    });
    assert.equal(item.contextValue, 'task ready here claimed');
    assert.equal(await refusalOf(api, 'baton.claimTask', { ...argument('docs'), owner: 'kim' }), 'claimed');
    const no = api.answer(refuse);
    await runBaton(api, 'baton.releaseTask', argument('docs'));
    no.dispose();
    assert.match(String((await findItem(api.tasksTree, 'docs')).item.description), /claimed by robin/);
    await runBaton(api, 'baton.releaseTask', { ...argument('docs'), owner: 'robin' });
    assert.equal((await findItem(api.tasksTree, 'docs')).item.description, '');
  });

  it('resumes, hands off and verifies, and shows the verdicts', async () => {
    await git('add', 'docs/tasks');
    await git('commit', '--quiet', '-m', 'docs: add task lists');
    const resumed = await runBaton<ResumeTaskListResult>(api, 'baton.resumeTaskList', { list: 'release' });
    assert.equal(resumed.session, 2);
    await runBaton(api, 'baton.completeTask', argument('models'));
    await runBaton(api, 'baton.handOffTaskList', { list: 'release', end: true });
    assert.match(vscode.window.activeTextEditor?.document.getText() ?? '', /## Handoff/);
    assert.match(await readText(releaseFile), /## Handoff\n[\s\S]*`models`/);
    await git('commit', '--quiet', '-am', 'docs: session 2');
    const verdict = await runBaton<VerifyTaskListResult>(api, 'baton.verifyTaskList', { list: 'release' });
    const shown = vscode.window.activeTextEditor?.document;
    assert.equal(shown?.uri.scheme, 'baton-text');
    assert.match(shown.getText(), /## Status preservation: passed/);
    assert.match(shown.getText(), new RegExp(`Task State Persistence: ${verdict.taskStatePersistence}`));
    assert.equal(verdict.taskStatePersistence, 'VERIFIED');
    // A third session that makes the tasks anew is called out.
    await writeText(releaseFile, releaseText.replace('| schema | COMPLETE |', '| schema | PENDING |'));
    await git('commit', '--quiet', '-am', 'docs: start over');
    const broken = await runBaton<VerifyTaskListResult>(api, 'baton.verifyTaskList', { list: 'release' });
    assert.equal(broken.taskStatePersistence, 'BROKEN');
    assert.match(
      vscode.window.activeTextEditor?.document.getText() ?? '',
      /## Status preservation: failed\n\n- .*schema/,
    );
  });

  /** Drags as the tree does: the same data transfer goes from one end to the other. */
  async function drag(elements: readonly TaskElement[], target: TaskElement): Promise<void> {
    const data = new vscode.DataTransfer();
    await api.tasksDragAndDrop.handleDrag?.(elements, data, anyToken());
    assert.equal(await data.get('text/plain')?.asString(), elements.map((one) => one.task).join('\n'));
    await api.tasksDragAndDrop.handleDrop?.(target, data, anyToken());
  }
});
