/** What the suites share: the extension's exports, the folder, git, and waiting. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import type { BatonExports } from '../../../src/extension/exports.ts';

const run = promisify(execFile);

/** Activates Baton and waits for its first scan. */
export async function activateBaton(): Promise<BatonExports> {
  const extension = vscode.extensions.getExtension<BatonExports>('baton.baton-session-orchestrator');
  assert.ok(extension, 'Baton is not known to the window');
  const api = await extension.activate();
  await api.loaded;
  return api;
}

/** Path of a file in the first (or the given) workspace folder. */
export function pathOf(file: string, folder = 0): string {
  const root = vscode.workspace.workspaceFolders?.[folder]?.uri.fsPath;
  assert.ok(root, 'no folder is open');
  return join(root, file);
}

export function readText(file: string, folder = 0): Promise<string> {
  return readFile(pathOf(file, folder), 'utf8');
}

export async function writeText(file: string, text: string, folder = 0): Promise<void> {
  await writeFile(pathOf(file, folder), text);
}

/** Replaces a piece of a file that must be there, as a program does that writes beside the file and renames. */
export async function replaceInFile(file: string, from: string, to: string): Promise<void> {
  const text = await readText(file);
  assert.ok(text.includes(from), `${file} does not hold ${JSON.stringify(from)}`);
  await writeFile(`${pathOf(file)}.new`, text.replace(from, to));
  await rename(`${pathOf(file)}.new`, pathOf(file));
}

/** Runs git in the workspace folder. */
export async function git(...args: string[]): Promise<string> {
  const { stdout } = await run('git', args, { cwd: pathOf('') });
  return stdout.trim();
}

/** Waits until `test` gives a truthy value, and returns it. */
export async function waitFor<T>(what: string, test: () => T | Promise<T>, limitMs = 8_000): Promise<NonNullable<T>> {
  let last: unknown;
  for (const end = Date.now() + limitMs; Date.now() < end; await new Promise((done) => setTimeout(done, 25))) {
    try {
      const value = await test();
      if (value) return value;
      last = value;
    } catch (error) {
      last = error;
    }
  }
  throw new Error(`${what}: not within ${limitMs} ms (last: ${last instanceof Error ? last.message : String(last)})`);
}

/** Every element of a tree with its item, depth first. */
export async function flatten<T>(
  tree: vscode.TreeDataProvider<T>,
  parent?: T,
): Promise<{ readonly element: T; readonly item: vscode.TreeItem }[]> {
  const found: { element: T; item: vscode.TreeItem }[] = [];
  for (const element of (await tree.getChildren(parent)) ?? []) {
    found.push({ element, item: await tree.getTreeItem(element) }, ...(await flatten(tree, element)));
  }
  return found;
}

/** The tree as indented text: label and description. */
export async function drawTree<T>(tree: vscode.TreeDataProvider<T>, parent?: T, indent = ''): Promise<string[]> {
  const lines: string[] = [];
  for (const element of (await tree.getChildren(parent)) ?? []) {
    const item = await tree.getTreeItem(element);
    const description = item.description === undefined || item.description === '' ? '' : ` | ${item.description}`;
    lines.push(`${indent}${labelOf(item)}${description}`, ...(await drawTree(tree, element, `${indent}  `)));
  }
  return lines;
}

export function labelOf(item: vscode.TreeItem): string {
  return typeof item.label === 'string' ? item.label : (item.label?.label ?? '');
}

/** The item whose label begins so. */
export async function findItem<T>(tree: vscode.TreeDataProvider<T>, label: string) {
  const found = (await flatten(tree)).find(({ item }) => labelOf(item).startsWith(label));
  assert.ok(found, `the tree has no item ${label}`);
  return found;
}

/** Runs one of Baton's commands, and fails with what it reported, if anything. */
export async function runBaton<T = unknown>(api: BatonExports, command: string, argument?: unknown): Promise<T> {
  const before = api.reportedErrors().length;
  const result = await vscode.commands.executeCommand<T>(command, argument);
  const reported = api.reportedErrors().slice(before);
  assert.deepEqual(reported, [], `${command} reported an error`);
  return result;
}

/** Runs a command that is expected to be refused, and returns the code that it reported. */
export async function refusalOf(api: BatonExports, command: string, argument?: unknown): Promise<string | undefined> {
  const before = api.reportedErrors().length;
  await vscode.commands.executeCommand(command, argument);
  return api.reportedErrors().slice(before).at(-1)?.code;
}

/** Opens a file of the workspace in an editor, and waits until that shows what is on disk: VS Code keeps closed documents for a while. */
export async function openFile(file: string): Promise<vscode.TextEditor> {
  const editor = await vscode.window.showTextDocument(
    await vscode.workspace.openTextDocument(vscode.Uri.file(pathOf(file))),
  );
  const plain = (text: string) => text.replace(/^\uFEFF/, '').replace(/\r\n/g, '\n');
  await waitFor(`the editor of ${file}`, async () => plain(editor.document.getText()) === plain(await readText(file)));
  return editor;
}

/** The rule that a problem is of. */
export function problemCode({ code }: vscode.Diagnostic): string {
  return String(typeof code === 'object' ? code.value : code);
}

/** Reverts every unsaved document and closes every editor. */
export async function closeEditors(): Promise<void> {
  for (const document of vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty)) {
    await vscode.window.showTextDocument(document, { preview: false });
    await vscode.commands.executeCommand('workbench.action.files.revert');
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

/** Types into an editor. */
export async function typeAt(editor: vscode.TextEditor, position: vscode.Position, text: string): Promise<void> {
  assert.ok(await editor.edit((edit) => edit.insert(position, text)), 'the editor refused the edit');
}

/** Sets a setting for the time of a test. */
export async function withSetting(id: string, value: unknown, test: () => Promise<void>): Promise<void> {
  const before = vscode.workspace.getConfiguration().inspect(id)?.globalValue;
  await setSetting(id, value);
  try {
    await test();
  } finally {
    await setSetting(id, before);
  }
}

/** Sets a setting and waits until the window has it. */
export async function setSetting(id: string, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration().update(id, value, vscode.ConfigurationTarget.Global);
  const wanted = value ?? vscode.workspace.getConfiguration().inspect(id)?.defaultValue;
  await waitFor(
    `the setting ${id}`,
    () => JSON.stringify(vscode.workspace.getConfiguration().get(id)) === JSON.stringify(wanted),
  );
}

export const sessionFile = 'docs/sessions/SESSION.md';
export const progressFile = 'docs/progress/HARBOUR_PROGRESS.md';
export const planFile = 'docs/HARBOUR_PROMPTS.md';
