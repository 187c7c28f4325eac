import type { ToolUse } from '../../../formats/waves/toolUse.ts';
import { Alarm, addEvidence, repetitions, type Sighting, setBounded } from './sighting.ts';

const mostFiles = 64;
const mostPages = 100;

/** From so many pages without an edit it is no longer reading up on something. */
const manyPages = 6;
/** At one page less it is warned. */
const nearlyMany = 5;

interface PagedFile {
  count: number;
  lastTurn: number;
  readonly pages: Set<string>;
  hasRepeated: boolean;
  readonly alarm: Alarm;
  readonly evidence: string[];
}

/**
 * Watches for paging through a file with nothing done: three reads or more of one path where only the page differs, and no edit between
 * (formats.md §1.4). While an agent runs nobody knows whether an edit follows, so three pages only warn; it is stopped when it reads a page
 * again, or at twice as many.
 */
export class PageWatch {
  readonly #isReader: boolean;
  readonly #files = new Map<string, PagedFile>();

  /** `isReader`: reading is its task, so that only pages read again count against it. */
  constructor(isReader: boolean) {
    this.#isReader = isReader;
  }

  note(use: ToolUse, turn: number): readonly Sighting[] {
    const [file] = use.files;
    if (use.kind !== 'read' || use.page === undefined || file === undefined) return [];
    const paged = this.#files.get(use.key) ?? newFile();
    setBounded(this.#files, use.key, paged, mostFiles);
    if (paged.lastTurn === turn) {
      paged.pages.add(use.page);
      return [];
    }
    paged.lastTurn = turn;
    paged.count += 1;
    if (paged.pages.has(use.page)) paged.hasRepeated = true;
    if (paged.pages.size < mostPages) paged.pages.add(use.page);
    addEvidence(paged.evidence, turn, use.shown);
    const severity = this.#severityOf(paged);
    if (severity === undefined) return [];
    return [{ pattern: 'pagination-spiral', severity, file, occurrences: paged.count, evidence: [...paged.evidence] }];
  }

  /** Something was edited: the reading was for that. */
  clear(): void {
    this.#files.clear();
  }

  #severityOf({ count, hasRepeated, alarm }: PagedFile): Sighting['severity'] | undefined {
    if (hasRepeated) return alarm.check(count);
    // Three pages are the documented pattern: they are told, long before the limit that holds while it runs.
    return this.#isReader ? undefined : alarm.check(count === repetitions ? nearlyMany : count, manyPages);
  }
}

function newFile(): PagedFile {
  return { count: 0, lastTurn: -1, pages: new Set(), hasRepeated: false, alarm: new Alarm(), evidence: [] };
}
