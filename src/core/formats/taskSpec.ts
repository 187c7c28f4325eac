import { slugOf } from '../model/slug.ts';
import { isTaskId, type TaskStatus } from '../model/taskList.ts';

/** A task as one line of text says it. */
export interface TaskSpec {
  readonly id?: string;
  readonly title: string;
  readonly after?: readonly string[];
  readonly status?: TaskStatus;
}

interface Draft {
  readonly id?: string;
  readonly title: string;
  /** The title without a final `after …`, and its names. */
  readonly short?: string;
  readonly names?: readonly string[];
}

/**
 * Reads lines of the form `ID: TITLE after A,B`. The ID may be left out. A final `after …` counts only when every name in it is a task of
 * these lines or one of `known`; else it belongs to the title.
 */
export function readTaskSpecs(lines: readonly string[], known: Iterable<string>): readonly TaskSpec[] {
  const drafts = lines.map(readDraft);
  const tasks = new Set(known);
  for (const { id, title, short } of drafts) {
    for (const name of id === undefined ? [slugOf(title), slugOf(short ?? title)] : [id]) tasks.add(name);
  }
  return drafts.map(({ id, title, short, names }) => {
    const own = id === undefined ? {} : { id };
    return short !== undefined && names?.every((name) => tasks.has(name))
      ? { ...own, title: short, after: names }
      : { ...own, title };
  });
}

function readDraft(line: string): Draft {
  const text = line.replace(/\s+/g, ' ').trim();
  const [, id, rest] = /^([^\s:]+):(?:\s+(.*))?$/.exec(text) ?? [];
  const isMarked = id !== undefined && isTaskId(id);
  const title = isMarked ? (rest ?? '') : text;
  const head = isMarked ? { id } : {};
  const at = ` ${title}`.toLowerCase().lastIndexOf(' after ');
  const names =
    at < 0
      ? []
      : title
          .slice(at + 6)
          .split(',')
          .map((name) => name.trim());
  if (names.length === 0 || names.some((name) => name === '' || /\s/.test(name)))
    return { ...head, title: title || (id ?? '') };
  const short = title.slice(0, Math.max(at, 0)).trim();
  // `ID: after A` says nothing else, so the ID is its title.
  if (short === '' && !isMarked) return { title };
  return { ...head, title, short: short || (id ?? ''), names };
}
