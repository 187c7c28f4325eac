import type { ActionContext } from '../../../../src/core/actions/context.ts';
import {
  type SyncTaskListOptions,
  type SyncTaskListResult,
  syncTaskList,
} from '../../../../src/core/actions/tasks/syncTaskList.ts';
import { neverCancelled } from '../../../../src/core/base/cancellation.ts';
import { readTaskList } from '../../../../src/core/formats/taskList.ts';
import type { TaskList } from '../../../../src/core/model/taskList.ts';
import type { Ports } from '../../../../src/core/ports/ports.ts';
import { WorkspaceStore } from '../../../../src/core/store/workspaceStore.ts';
import { grayMatterFrontmatter } from '../../../../src/platform/grayMatterFrontmatter.ts';
import { systemClock } from '../../../../src/platform/systemClock.ts';
import { createMemoryProject, type MemoryProject } from '../../../support/memoryFileSystem.ts';
import { MemoryClaude } from './memoryClaude.ts';

export const listPath = 'docs/tasks/shop-x3f9.md';

/** A list with rows `[id, status, title, after]`. */
export function listText(rows: readonly (readonly [string, string, string, string?])[], rest = ''): string {
  return [
    '---',
    'baton: tasks/1',
    'id: shop-x3f9',
    'title: Shop',
    'created_at: 2026-01-02T09:00:00+01:00',
    'session: 1',
    '---',
    '',
    '# Shop',
    '',
    '| Task | Status | Title | After | Session | Updated |',
    '|------|--------|-------|-------|---------|---------|',
    ...rows.map(([id, status, title, after]) => `| ${id} | ${status} | ${title} | ${after || '—'} | — | — |`),
    '',
    '## Sessions',
    '',
    '| Session | Started | Ended | Who | Completed |',
    '|---------|---------|-------|-----|-----------|',
    '| 1 | 2026-01-02T09:00+01:00 | — | Ada | — |',
    '',
    '## Handoff',
    '',
    `Nothing has been handed off yet.${rest}`,
    '',
  ].join('\n');
}

/** A list and Claude Code's store, both in memory. */
export class SyncRig {
  readonly project: MemoryProject;
  readonly claude = new MemoryClaude();
  readonly context: ActionContext;

  constructor(rows: readonly (readonly [string, string, string, string?])[]) {
    this.project = createMemoryProject({ [listPath]: listText(rows) });
    const ports = {
      ...this.project,
      frontmatter: grayMatterFrontmatter,
      clock: systemClock,
      claims: { list: async () => [], read: async () => undefined },
    } as unknown as Ports;
    this.context = {
      ports,
      store: new WorkspaceStore(ports),
      cancellation: neverCancelled,
      report: () => undefined,
    };
  }

  sync(options: Partial<SyncTaskListOptions> = {}): Promise<SyncTaskListResult> {
    return syncTaskList(this.context, { list: 'shop-x3f9', claudeTasks: this.claude, ...options });
  }

  get list(): TaskList {
    return readTaskList(this.project.text(listPath) ?? '', listPath, grayMatterFrontmatter).list;
  }

  /** `id STATUS Title <- after`, one a row. */
  rows(): readonly string[] {
    return this.list.tasks.map(
      ({ id, status, title, after }) =>
        `${id} ${status} ${title}${after.length === 0 ? '' : ` <- ${after.join(', ')}`}`,
    );
  }

  /** Edits the list as a person does. */
  edit(from: string | RegExp, to: string): void {
    const text = this.project.text(listPath) ?? '';
    const after = text.replace(from, to);
    if (after === text) throw new Error(`nothing to replace: ${from}`);
    this.project.set(listPath, after);
  }
}
