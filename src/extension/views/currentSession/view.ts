import * as vscode from 'vscode';
import { BatonError } from '../../../core/errors.ts';
import type { TaskListEntry } from '../../../core/model/taskList.ts';
import type { Logger } from '../../../core/ports/logger.ts';
import { findTaskList } from '../../../core/store/findTaskList.ts';
import { views } from '../../contributions.ts';
import { report } from '../../errors.ts';
import { runCommand } from '../../registration.ts';
import { Interruptions } from '../../workspace/interruptions.ts';
import type { ProjectHost } from '../../workspace/projectHost.ts';
import type { Projects } from '../../workspace/projects.ts';
import { trustGate } from '../../workspace/trustGate.ts';
import type { ActiveInput, CurrentElement, SessionDetails } from './model.ts';
import { CurrentSessionProvider } from './provider.ts';

/** The view "Current Session": its tree, and the ticks that go back into the file. */
export class CurrentSessionView implements vscode.Disposable {
  readonly provider = new CurrentSessionProvider();
  readonly #tree: vscode.TreeView<CurrentElement>;
  readonly #projects: Projects;
  readonly #logger: Logger;
  readonly #interruptions: Interruptions;
  readonly #details = new Map<string, { readonly id: string; readonly details: SessionDetails }>();
  readonly #asking = new Set<string>();
  readonly #askAgain = new Set<string>();
  readonly #owned: vscode.Disposable[];

  constructor(projects: Projects, logger: Logger) {
    this.#projects = projects;
    this.#logger = logger;
    this.#interruptions = new Interruptions(projects);
    this.#tree = vscode.window.createTreeView(views.currentSession, {
      treeDataProvider: this.provider,
      // The file is the truth: a box is ticked when the file says so.
      manageCheckboxStateManually: true,
      showCollapseAll: true,
    });
    this.#owned = [
      this.#tree,
      this.provider,
      this.#interruptions,
      this.#interruptions.onDidChange(() => this.#update()),
      projects.onDidChange((change) => this.#changed(change?.host)),
      trustGate.onDidGrant(() => this.#changed(undefined)),
      this.#tree.onDidChangeVisibility(() => this.#changed(undefined)),
      this.#tree.onDidChangeCheckboxState(
        ({ items }) =>
          void this.tick(items.map(([element, state]) => [element, state === vscode.TreeItemCheckboxState.Checked])),
      ),
    ];
  }

  /** The message above the tree, for tests. */
  get message(): string | undefined {
    return this.#tree.message;
  }

  /** Asks git again, after a verb changed what it knows. */
  refreshDetails(host: ProjectHost): void {
    this.#changed(host);
  }

  /** Ticks items in their files; a box that could not be ticked goes back. */
  async tick(items: readonly (readonly [CurrentElement, boolean])[]): Promise<void> {
    try {
      for (const [element, checked] of items) {
        if (element.task !== undefined) {
          await tickTask(element, checked);
          this.provider.reset([element]);
        } else if (element.item !== undefined)
          await tickItem(this.#projects.get(element.folder), element.item, checked);
      }
    } catch (error) {
      await report(error);
      this.provider.reset(items.map(([element]) => element));
    }
  }

  dispose(): void {
    for (const one of this.#owned) one.dispose();
  }

  #changed(host: ProjectHost | undefined): void {
    this.#update();
    for (const one of host === undefined ? this.#projects.all : [host]) void this.#askDetails(one);
  }

  #update(): void {
    const inputs = this.#projects.all.flatMap((host) => this.#inputOf(host) ?? []);
    this.provider.show(inputs);
    this.#tree.description = inputs.length === 1 ? progressOf(inputs[0]) : undefined;
    this.#tree.message = this.#message();
  }

  #inputOf(host: ProjectHost): ActiveInput | undefined {
    const file = host.workspace?.sessionFile;
    if (file?.kind !== 'session' || file.id === undefined) return undefined;
    const known = this.#details.get(host.id);
    return {
      folder: host.id,
      folderName: host.folder.name,
      file: { ...file, id: file.id },
      entry: host.workspace?.active,
      details: known?.id === file.id ? known.details : undefined,
      taskList: taskListOf(host, file.taskList ?? host.workspace?.active?.plan?.taskList),
    };
  }

  #message(): string | undefined {
    const interrupted = this.#interruptions.first;
    if (interrupted !== undefined) {
      return vscode.l10n.t(
        '“{0}” was interrupted half-way ({1} of {2} steps). The next command that changes something finishes or undoes it, or “Baton: Recover Interrupted Command” now.',
        [interrupted.verb, interrupted.session].filter((part) => part !== undefined).join(' '),
        interrupted.done,
        interrupted.total,
      );
    }
    const foreign = this.#projects.all.find((host) => host.workspace?.sessionFile?.kind === 'foreign');
    if (foreign === undefined) return undefined;
    return vscode.l10n.t(
      '{0} was not written by Baton and is left as it is. Starting a session asks before it is kept under another name.',
      foreign.workspace?.sessionFile?.path ?? 'SESSION.md',
    );
  }

  /** One question at a time per folder; a change meanwhile asks once more. */
  async #askDetails(host: ProjectHost): Promise<void> {
    const file = host.workspace?.sessionFile;
    if (
      file?.kind !== 'session' ||
      file.id === undefined ||
      !this.#tree.visible ||
      !trustGate.isTrusted ||
      !host.isLocal
    )
      return;
    if (this.#asking.has(host.id)) {
      this.#askAgain.add(host.id);
      return;
    }
    this.#asking.add(host.id);
    try {
      const { show } = await import('../../../core/actions/show.ts');
      const { commits, receipt, receiptState, verified } = await show(host.createContext(), { id: file.id });
      this.#details.set(host.id, {
        id: file.id,
        details: { commits, receiptState, verified, ...(receipt === undefined ? {} : { receipt }) },
      });
      this.#update();
    } catch (error) {
      // Without a row or outside git there are no details; the tree shows what the file says.
      this.#logger.info(`No details of ${file.id}: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      this.#asking.delete(host.id);
    }
    if (this.#askAgain.delete(host.id)) await this.#askDetails(host);
  }
}

/** The list that a session names; where it means none, or several, the session has none to show. */
export function taskListOf({ workspace }: ProjectHost, name: string | undefined): TaskListEntry | undefined {
  if (name === undefined || workspace === undefined) return undefined;
  try {
    return findTaskList(workspace.taskLists, name);
  } catch (error) {
    if (BatonError.is(error, 'unknown-list', 'ambiguous-list')) return undefined;
    throw error;
  }
}

async function tickTask({ folder, list, task }: CurrentElement, checked: boolean): Promise<void> {
  const argument = { folder, ...(list === undefined ? {} : { list }), ...(task === undefined ? {} : { task }) };
  await runCommand(checked ? 'baton.completeTask' : 'baton.reopenTask', argument);
}

/** Ticks an item of the active session in its file. The position was right in the snapshot; the text tells whether it still is. */
export async function tickItem(host: ProjectHost, index: number, checked: boolean): Promise<void> {
  const checklist = host.workspace?.sessionFile?.checklist ?? [];
  const text = checklist[index]?.text;
  const isUnique = text !== undefined && checklist.filter((item) => item.text === text).length === 1;
  const { tick } = await import('../../../core/actions/tick.ts');
  await tick(host.createContext(), { item: isUnique ? text : index, checked });
  await host.refresh([host.workspace?.config.sessionFile ?? '']);
}

function progressOf(input: ActiveInput | undefined): string | undefined {
  if (input === undefined || input.file.checklist.length === 0) return undefined;
  return `${input.file.checklist.filter((item) => item.checked).length}/${input.file.checklist.length}`;
}
