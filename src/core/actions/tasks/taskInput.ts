import { findComponents } from '../../base/graph.ts';
import { phrase } from '../../base/phrase.ts';
import { BatonError } from '../../errors.ts';
import type { NewTaskRow } from '../../formats/taskListEdits.ts';
import { readTaskSpecs } from '../../formats/taskSpec.ts';
import { nearestIds } from '../../model/sessionId.ts';
import { freeSlug, slugOf } from '../../model/slug.ts';
import { isTaskId, type Task, type TaskStatus } from '../../model/taskList.ts';

/** A task as a caller gives it. */
export interface TaskInput {
  /** Made of the title where it is not given. */
  readonly id?: string;
  readonly title: string;
  /** IDs (or titles) of tasks of this call or of the list. */
  readonly after?: readonly string[];
  /** PENDING where it is not given. */
  readonly status?: TaskStatus;
}

/**
 * Reads lines of the form `ID: TITLE after A,B` (see `readTaskSpecs`), beside the tasks that there are.
 *
 * @throws BatonError `invalid-argument` for an empty line
 */
export function readSpecs(
  lines: readonly string[],
  others: readonly { readonly id?: string; readonly title: string }[],
): readonly TaskInput[] {
  if (lines.some((line) => line.trim() === '')) throw emptyTitle(undefined);
  return readTaskSpecs(
    lines,
    others.map(({ id, title }) => id ?? slugOf(title)),
  );
}

/** Reads an outline; none where no text is given. The YAML parser is loaded for it alone. */
export async function readOutline(
  text: string | undefined,
): Promise<{ readonly title?: string; readonly tasks: readonly TaskInput[] }> {
  if (text === undefined) return { tasks: [] };
  const { readTaskOutline } = await import('../../formats/taskOutline.ts');
  return readTaskOutline(text);
}

/**
 * Makes rows of what a caller gave: IDs for those that have none, dependencies by ID.
 *
 * @throws BatonError `invalid-argument`, `already-exists` for an ID that is taken, `unknown-task` for a dependency that is not there,
 *   `cyclic-dependency`
 */
export function resolveTasks(inputs: readonly TaskInput[], existing: readonly Task[]): readonly NewTaskRow[] {
  const taken = new Set(existing.map(({ id }) => id));
  for (const { id } of inputs) {
    if (id === undefined) continue;
    assertTaskId(id);
    if (taken.has(id)) {
      throw new BatonError('already-exists', phrase`There is a task ${id} already`, {
        hint: 'Give the new one another ID.',
        data: { task: id },
      });
    }
    taken.add(id);
  }
  const named = inputs.map(({ id, title, ...rest }) => {
    if (title.trim() === '') throw emptyTitle(id);
    const own = id ?? freeSlug(slugOf(title), (slug) => taken.has(slug));
    taken.add(own);
    return { ...rest, id: own, title: title.replace(/\s+/g, ' ').trim() };
  });
  const names = new TaskNames([...existing, ...named]);
  const rows = named.map(({ id, title, after = [], status = 'PENDING' }) => ({
    id,
    title,
    status,
    after: [...new Set(after.map((name) => names.resolve(name, id)))],
  }));
  assertNoCycle([...existing, ...rows], new Set(rows.map(({ id }) => id)));
  return rows;
}

/** @throws BatonError `invalid-argument` for what cannot be the ID of a task */
export function assertTaskId(id: string): void {
  if (isTaskId(id)) return;
  throw new BatonError('invalid-argument', phrase`"${id}" cannot be the ID of a task`, {
    hint: 'An ID is one word without commas and pipes, and does not begin with "-", e.g. database-migration.',
    data: { task: id },
  });
}

/** Finds tasks by what a caller calls them. */
export class TaskNames {
  readonly #ids: ReadonlySet<string>;
  readonly #byName = new Map<string, string[]>();

  constructor(tasks: readonly { readonly id: string; readonly title: string }[]) {
    this.#ids = new Set(tasks.map(({ id }) => id));
    for (const { id, title } of tasks) {
      for (const name of new Set([id.toLowerCase(), title.toLowerCase()])) {
        const known = this.#byName.get(name);
        if (known) known.push(id);
        else this.#byName.set(name, [id]);
      }
    }
  }

  /**
   * The ID that a dependency of the task `of` names: an ID, or a title in any case.
   *
   * @throws BatonError `unknown-task`, `ambiguous-task` where several titles fit
   */
  resolve(name: string, of: string): string {
    const wanted = name.trim();
    if (this.#ids.has(wanted)) return wanted;
    const ids = this.#byName.get(wanted.toLowerCase()) ?? [];
    const [only, second] = ids;
    if (only !== undefined && second === undefined) return only;
    if (only !== undefined) {
      throw new BatonError('ambiguous-task', phrase`"${wanted}" may be any of ${ids.join(', ')}`, {
        hint: 'Name it by its ID.',
        data: { task: wanted, candidates: ids },
      });
    }
    const nearest = nearestIds(wanted, [...this.#ids]);
    throw new BatonError('unknown-task', phrase`${of} comes after ${wanted}, which is no task of this list`, {
      hint:
        nearest.length > 0 ? phrase`Did you mean ${nearest.join(' or ')}?` : 'Name tasks of this call or of the list.',
      data: { task: wanted, nearest },
    });
  }
}

/** @throws BatonError `cyclic-dependency`, naming the tasks, where any of `within` and others wait for each other */
export function assertNoCycle(
  tasks: readonly { readonly id: string; readonly after: readonly string[] }[],
  within: ReadonlySet<string>,
): void {
  const indexOf = new Map(tasks.map(({ id }, index) => [id, index]));
  const graph = tasks.map(({ after }) => after.flatMap((name) => indexOf.get(name) ?? []));
  for (const component of findComponents(graph)) {
    const [first] = component;
    if (first === undefined || (component.length === 1 && !graph[first]?.includes(first))) continue;
    const ids = [...component].sort((a, b) => a - b).map((index) => tasks[index]?.id ?? '');
    // A cycle that was there before is for `check` to report; it does not hinder other work.
    if (!ids.some((id) => within.has(id))) continue;
    const what =
      ids.length === 1
        ? phrase`${ids[0]} would wait for itself`
        : phrase`These tasks would wait for each other: ${ids.join(', ')}`;
    throw new BatonError('cyclic-dependency', what, {
      hint: 'Leave one of these dependencies out.',
      data: { tasks: ids },
    });
  }
}

function emptyTitle(id: string | undefined): BatonError {
  return new BatonError(
    'invalid-argument',
    (id ?? '') === '' ? 'The task has no title' : phrase`The task ${id} has no title`,
    {
      hint: 'Give each task a title: "ID: TITLE".',
    },
  );
}
