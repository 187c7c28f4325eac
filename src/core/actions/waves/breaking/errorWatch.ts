import { errorClassOf, errorKeyOf, firstLineOf } from '../../../formats/waves/errorText.ts';
import type { ToolUse } from '../../../formats/waves/toolUse.ts';
import type { ErrorClass } from '../../../model/waves/finding.ts';
import { Alarm, addEvidence, type Sighting, setBounded } from './sighting.ts';

const mostErrors = 64;

interface MetError {
  count: number;
  lastTurn: number;
  /** How many edits had been done when it was first met. */
  readonly edits: number;
  readonly errorClass: ErrorClass;
  readonly alarm: Alarm;
  readonly evidence: string[];
}

/**
 * Watches for errors that come back (formats.md §1.4). The same message three times with nothing else tried is an error echo; three times
 * though something was edited between is a spiral: the agent does not get on.
 */
export class ErrorWatch {
  readonly #errors = new Map<string, MetError>();
  /** The latest error of a file or shell line, which its success takes back. */
  readonly #keys = new Map<string, string>();
  #edits = 0;

  /** Notes that something was edited. */
  noteEdit(): void {
    this.#edits += 1;
  }

  noteSuccess(use: ToolUse): void {
    const target = targetOf(use);
    const key = this.#keys.get(target);
    if (key === undefined) return;
    this.#errors.delete(key);
    this.#keys.delete(target);
  }

  note(use: ToolUse, text: string, turn: number): readonly Sighting[] {
    const said = errorKeyOf(text);
    if (said === undefined || use.kind === 'wait') return [];
    const errorKey = `${aboutOf(use)} ${said}`;
    const target = targetOf(use);
    const met = this.#errors.get(errorKey) ?? newError(errorClassOf(use, text), this.#edits);
    setBounded(this.#errors, errorKey, met, mostErrors);
    setBounded(this.#keys, target, errorKey, mostErrors);
    if (met.lastTurn === turn) return [];
    met.lastTurn = turn;
    met.count += 1;
    addEvidence(met.evidence, turn, `${use.shown} → ${firstLineOf(text)}`);
    const severity = met.alarm.check(met.count);
    if (severity === undefined) return [];
    const [file] = use.files;
    const isEcho = this.#edits === met.edits;
    return [
      {
        pattern: isEcho ? 'error-echo' : 'spiral',
        ...(isEcho && { errorClass: met.errorClass }),
        severity,
        ...(file !== undefined && { file }),
        occurrences: met.count,
        evidence: [...met.evidence],
      },
    ];
  }
}

function newError(errorClass: ErrorClass, edits: number): MetError {
  return { count: 0, lastTurn: -1, edits, errorClass, alarm: new Alarm(), evidence: [] };
}

/** What a message is about: `File does not exist` of another file is another error; what a shell says names it itself. */
function aboutOf(use: ToolUse): string {
  return use.kind === 'shell' ? 'shell' : (use.files[0] ?? use.key.slice(0, use.key.indexOf(':')));
}

/** What a call is done to: calls with one target are attempts at the same thing. */
function targetOf(use: ToolUse): string {
  return use.kind === 'edit' ? `file:${use.files[0] ?? ''}` : use.key;
}
