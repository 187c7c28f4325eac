import type { ClaudeStore, ClaudeTaskChange, ClaudeTasks } from '../../../../src/core/ports/claudeTasks.ts';

/** A task as Claude Code keeps it. */
export interface StoredTask {
  readonly id: string;
  readonly subject: string;
  readonly description: string;
  readonly status: string;
  readonly blocks: readonly string[];
  readonly blockedBy: readonly string[];
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/**
 * One list of Claude Code's store in memory: a second implementation of the port, and what Claude Code's tools do with the files (as version
 * 2.1.328 does it; the same is tried with the real one in test/agents).
 */
export class MemoryClaude implements ClaudeTasks {
  readonly files = new Map<string, string>();
  readonly unreadable = new Map<string, string>();
  highWaterMark = 0;
  isThere = true;
  /** Called before each change of a file by the port; what it throws is a "kill". */
  beforeChange: ((change: ClaudeTaskChange) => void) | undefined;

  locate(list: string): string {
    return `/claude/tasks/${list}`;
  }

  async read(): Promise<ClaudeStore | undefined> {
    if (!this.isThere) return undefined;
    return { files: new Map(this.files), unreadable: this.unreadable, highWaterMark: this.highWaterMark };
  }

  async apply(_list: string, changes: readonly ClaudeTaskChange[]): Promise<ReadonlySet<string>> {
    this.isThere = true;
    const stale = new Set<string>();
    const ordered = [...changes].sort((a, b) => Number(a.kind === 'write') - Number(b.kind === 'write'));
    for (const change of ordered) {
      this.beforeChange?.(change);
      const isMissed = changes.some(({ kind, number }) => kind === 'create' && stale.has(number));
      const text = this.files.get(change.number);
      if (change.kind === 'create') {
        if (Number(change.number) === this.#highest() + 1) this.files.set(change.number, change.text);
        else stale.add(change.number);
      } else if (text !== change.before || (isMissed && change.kind === 'write')) {
        if (change.kind === 'write' || text !== undefined) stale.add(change.number);
      } else if (change.kind === 'write') this.files.set(change.number, change.after);
      else {
        this.files.delete(change.number);
        this.highWaterMark = Math.max(this.highWaterMark, Number(change.number));
      }
    }
    return stale;
  }

  exclusively<T>(_list: string, work: () => Promise<T>): Promise<T> {
    return work();
  }

  async watch(): Promise<{ dispose(): void }> {
    return { dispose() {} };
  }

  get tasks(): readonly StoredTask[] {
    return [...this.files.values()].map((text) => JSON.parse(text) as StoredTask);
  }

  task(number: string): StoredTask {
    return JSON.parse(this.files.get(number) ?? 'null') as StoredTask;
  }

  /** `#1 [pending] Title [blocked by #2]`, one a task. */
  lines(): readonly string[] {
    return this.tasks
      .toSorted((a, b) => Number(a.id) - Number(b.id))
      .map(({ id, status, subject, blockedBy }) => {
        const blocked = blockedBy.length === 0 ? '' : ` [blocked by ${blockedBy.map((one) => `#${one}`).join(', ')}]`;
        return `#${id} [${status}] ${subject}${blocked}`;
      });
  }

  /** TaskCreate */
  create(subject: string, more: Partial<StoredTask> = {}): string {
    this.isThere = true;
    const id = String(this.#highest() + 1);
    const task = {
      id,
      subject,
      description: 'd',
      activeForm: 'a',
      status: 'pending',
      blocks: [],
      blockedBy: [],
      ...more,
    };
    this.files.set(id, JSON.stringify(task, null, 2));
    return id;
  }

  /** TaskUpdate: the schema drops unknown keys. */
  update(number: string, change: Partial<StoredTask>): void {
    const { id, subject, description, status, blocks, blockedBy, ...rest } = { ...this.task(number), ...change };
    const { activeForm, metadata } = rest as { activeForm?: string; metadata?: object };
    const kept = { id, subject, description, activeForm, status, blocks, blockedBy, metadata };
    this.files.set(number, JSON.stringify(kept, null, 2));
  }

  /** TaskUpdate with `addBlockedBy`. */
  block(number: string, by: string): void {
    const [task, blocker] = [this.task(number), this.task(by)];
    if (!blocker.blocks.includes(number)) this.update(by, { blocks: [...blocker.blocks, number] });
    if (!task.blockedBy.includes(by)) this.update(number, { blockedBy: [...task.blockedBy, by] });
  }

  /** TaskUpdate with the status `deleted`. */
  delete(number: string): void {
    this.files.delete(number);
    this.highWaterMark = Math.max(this.highWaterMark, Number(number));
    for (const { id, blocks, blockedBy } of this.tasks) {
      this.update(id, {
        blocks: blocks.filter((one) => one !== number),
        blockedBy: blockedBy.filter((one) => one !== number),
      });
    }
  }

  /** What happens to a list whose tasks are all complete. */
  reset(): void {
    this.highWaterMark = this.#highest();
    this.files.clear();
  }

  #highest(): number {
    return Math.max(this.highWaterMark, 0, ...[...this.files.keys()].map(Number));
  }
}
