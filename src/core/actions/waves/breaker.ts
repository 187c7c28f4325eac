import { maskSecrets } from '../../base/maskSecrets.ts';
import { errorClassOf } from '../../formats/waves/errorText.ts';
import { readToolUse, type ToolUse } from '../../formats/waves/toolUse.ts';
import type { AgentEvent } from '../../model/agentEvent.ts';
import type { Finding } from '../../model/waves/finding.ts';
import { EditWatch } from './breaking/editWatch.ts';
import { ErrorWatch } from './breaking/errorWatch.ts';
import { PageWatch } from './breaking/pageWatch.ts';
import { RepetitionWatch } from './breaking/repetitionWatch.ts';
import { type Sighting, setBounded } from './breaking/sighting.ts';

export interface BreakerOptions {
  /** Turns that the agent has; more tool calls after them stop it. */
  readonly maxTurns: number;
  /** Folder that the agent works in, absolute: paths below it are told relative to it. */
  readonly root: string;
  /** Reading is all that the agent is to do (Discovery). */
  readonly isReader?: boolean;
}

interface Pending {
  readonly use: ToolUse;
  readonly turn: number;
}

const mostPending = 64;
const mostFindings = 50;
const longestEvidence = 200;

/**
 * Watches one agent's own events, as they come or from a log, for the documented ways of going round in circles and for its turn limit
 * (formats.md §1.4). Each event costs the same however many there were, and memory is bounded. Where it is not sure it says nothing.
 */
export class CircuitBreaker {
  readonly #root: string;
  readonly #editWatch = new EditWatch();
  readonly #pageWatch: PageWatch;
  readonly #repetitionWatch = new RepetitionWatch();
  readonly #errorWatch = new ErrorWatch();
  readonly #pending = new Map<string, Pending>();
  #maxTurns: number;
  #turns = 0;
  /** Its turns are told by what they used; otherwise a call behind an answer begins one. */
  #hasUsage = false;
  #hasAnswer = true;
  #hasWarnedOfTurns = false;
  #hasStoppedForTurns = false;
  #unnamed = 0;
  #findings: readonly Finding[] = [];

  constructor({ maxTurns, root, isReader = false }: BreakerOptions) {
    this.#maxTurns = maxTurns;
    this.#root = root;
    this.#pageWatch = new PageWatch(isReader);
  }

  /** Everything that was found and still holds, in its order: paging before an edit of that file is no finding any more. */
  get findings(): readonly Finding[] {
    return this.#findings;
  }

  /** Turns that the agent has begun. */
  get turns(): number {
    return this.#turns;
  }

  /** Gives the agent more turns: a person allowed it. */
  raiseLimit(maxTurns: number): void {
    this.#maxTurns = Math.max(this.#maxTurns, maxTurns);
    this.#hasWarnedOfTurns = false;
    this.#hasStoppedForTurns = false;
  }

  /** Notes the next event; returns what it shows. `at`: ISO 8601 with zone. */
  note(event: AgentEvent, at: string): readonly Finding[] {
    const seen = this.#look(event);
    if (seen.length === 0) return [];
    const findings = seen.map((one): Finding => ({ ...one, evidence: one.evidence.map(shownLine), at }));
    this.#findings = [...this.#findings, ...findings].slice(-mostFindings);
    return findings;
  }

  #look(event: AgentEvent): readonly Sighting[] {
    switch (event.kind) {
      case 'usage':
        this.#hasUsage = true;
        return this.#beginTurn();
      case 'text':
        return this.#hasUsage || !this.#hasAnswer ? [] : this.#beginTurn();
      case 'toolCall':
        return this.#call(event);
      case 'toolResult':
        return this.#answer(event);
      case 'ended':
        return this.#settle();
      default:
        return [];
    }
  }

  #beginTurn(): readonly Sighting[] {
    this.#turns += 1;
    this.#hasAnswer = false;
    const settled = this.#settle();
    if (this.#turns < this.#maxTurns || this.#hasWarnedOfTurns) return settled;
    this.#hasWarnedOfTurns = true;
    return [...settled, this.#turnSighting('warning', `turn ${this.#turns}: the last one that it has`)];
  }

  #turnSighting(severity: Finding['severity'], line: string): Sighting {
    return { pattern: 'turn-limit', severity, occurrences: this.#turns, evidence: [line] };
  }

  #call(event: Extract<AgentEvent, { kind: 'toolCall' }>): readonly Sighting[] {
    const begun = !this.#hasUsage && this.#hasAnswer ? this.#beginTurn() : [];
    const use = readToolUse(event, this.#root);
    this.#unnamed += 1;
    setBounded(this.#pending, event.id ?? `#${this.#unnamed}`, { use, turn: this.#turns }, mostPending);
    return [
      ...begun,
      ...this.#overLimit(use),
      ...this.#pageWatch.note(use, this.#turns),
      ...this.#repetitionWatch.note(use, this.#turns),
    ];
  }

  /** Only a further call is too much: a last message that sums up is wanted. */
  #overLimit(use: ToolUse): readonly Sighting[] {
    if (this.#turns <= this.#maxTurns || this.#hasStoppedForTurns) return [];
    this.#hasStoppedForTurns = true;
    return [this.#turnSighting('stop', `turn ${this.#turns} of ${this.#maxTurns}: ${use.shown}`)];
  }

  #answer({ id, isError, text }: Extract<AgentEvent, { kind: 'toolResult' }>): readonly Sighting[] {
    this.#hasAnswer = true;
    const key = id ?? this.#pending.keys().next().value;
    const pending = key === undefined ? undefined : this.#pending.get(key);
    if (key === undefined || pending === undefined) return [];
    this.#pending.delete(key);
    const { use, turn } = pending;
    if (!isError) {
      this.#repetitionWatch.noteAnswer(use, text, false);
      return this.#succeed(use, turn);
    }
    // A run that fails again and again is a repetition; a refusal and an edit that does not fit are errors of their own class.
    const isClassed = use.kind === 'edit' || errorClassOf(use, text) !== 'other';
    this.#repetitionWatch.noteAnswer(use, text, isClassed);
    return this.#repetitionWatch.isRepeating(use) ? [] : this.#errorWatch.note(use, text, turn);
  }

  #succeed(use: ToolUse, turn: number): readonly Sighting[] {
    this.#errorWatch.noteSuccess(use);
    if (use.kind === 'shell') return this.#editWatch.noteRestored(use.command ?? '', turn);
    if (use.kind !== 'edit') return [];
    this.#errorWatch.noteEdit();
    this.#pageWatch.clear();
    const isPagingOf = ({ pattern, file }: Finding) =>
      pattern === 'pagination-spiral' && use.files.some((one) => one === file);
    if (this.#findings.some(isPagingOf)) this.#findings = this.#findings.filter((one) => !isPagingOf(one));
    return this.#editWatch.note(use, turn);
  }

  /** What was called in earlier turns and never answered is taken for done: some agents tell no results. */
  #settle(): readonly Sighting[] {
    if (this.#pending.size === 0) return [];
    const settled = [...this.#pending.values()];
    this.#pending.clear();
    return settled.flatMap(({ use, turn }) => this.#succeed(use, turn));
  }
}

function shownLine(line: string): string {
  const masked = maskSecrets(line).replace(/\s+/g, ' ');
  return masked.length > longestEvidence ? `${masked.slice(0, longestEvidence - 1)}…` : masked;
}
