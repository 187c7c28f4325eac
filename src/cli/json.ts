import { BatonError } from '../core/errors.ts';
import type { CliErrorCode, CliFailure } from './errors.ts';

/** What `--json` prints when the verb did what it was asked to. */
export interface JsonSuccess {
  readonly ok: true;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What `--json` prints on a refusal, a failure, a usage error or a bug. `hint` and `data` are null where there is none. */
export interface JsonFailure {
  readonly ok: false;
  readonly error: {
    readonly code: CliErrorCode;
    readonly message: string;
    readonly hint: string | null;
    readonly data: Readonly<Record<string, unknown>> | null;
  };
}

/** Puts a result on one line; there is exactly one such line per run. */
export function formatJson(value: JsonSuccess | JsonFailure): string {
  return `${JSON.stringify(value)}\n`;
}

/** The failure object of an error. */
export function toJsonFailure({ code, message, hint }: CliFailure, error: unknown): JsonFailure {
  const data = BatonError.is(error) ? (error.data ?? null) : null;
  return { ok: false, error: { code, message, hint: hint ?? null, data } };
}
