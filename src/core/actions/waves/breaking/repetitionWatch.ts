import { answerKeyOf } from '../../../formats/waves/errorText.ts';
import type { ToolUse } from '../../../formats/waves/toolUse.ts';
import { Alarm, addEvidence, type Sighting } from './sighting.ts';

/**
 * Watches for turn-key repetition: three identical calls one right after the other (formats.md §1.4). Calls that answered differently are
 * no repetition (something is waited for), nor is asking how something in the background stands, nor paging, which has a watch of its own.
 */
export class RepetitionWatch {
  #key: string | undefined;
  #count = 0;
  #lastTurn = -1;
  #answer: string | undefined;
  #alarm = new Alarm();
  #evidence: string[] = [];

  note(use: ToolUse, turn: number): readonly Sighting[] {
    if (use.kind === 'wait') return [];
    if (use.page !== undefined) {
      this.#begin(undefined);
      return [];
    }
    if (use.key !== this.#key) this.#begin(use.key);
    else if (turn === this.#lastTurn) return [];
    this.#count += 1;
    this.#lastTurn = turn;
    addEvidence(this.#evidence, turn, use.shown);
    const severity = this.#alarm.check(this.#count);
    if (severity === undefined) return [];
    const [file] = use.files;
    return [
      {
        pattern: 'turn-key-repetition',
        severity,
        ...(file !== undefined && { file }),
        occurrences: this.#count,
        evidence: [...this.#evidence],
      },
    ];
  }

  /** Notes what a call answered; `isOtherWatch`: it is an error that is counted as such. */
  noteAnswer(use: ToolUse, text: string, isOtherWatch: boolean): void {
    if (use.key !== this.#key) return;
    const answer = answerKeyOf(text);
    if (isOtherWatch || (this.#answer !== undefined && this.#answer !== answer)) {
      // This call is the first of what may follow; a warning of it is not said twice.
      this.#count = isOtherWatch ? 0 : 1;
      this.#evidence = this.#evidence.slice(-1);
    }
    this.#answer = answer;
  }

  /** Tells whether a call is being repeated now. */
  isRepeating(use: ToolUse): boolean {
    return use.key === this.#key && this.#count > 1;
  }

  #begin(key: string | undefined): void {
    this.#key = key;
    this.#count = 0;
    this.#answer = undefined;
    this.#alarm = new Alarm();
    this.#evidence = [];
  }
}
