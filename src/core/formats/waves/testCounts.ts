/** Tests as a runner counts them. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
}

const longestLine = 2_000;

/** Reads the counts from the summary line of a runner; undefined for any other line. What both runners say in one line is in one. */
type ReadLine = (line: string) => Partial<TestCounts> | undefined;

const number = (text: string | undefined): number => Number(text ?? 0);

function countIn(line: string, word: string): number {
  return number(new RegExp(`(\\d{1,9}) ${word}`).exec(line)?.[1]);
}

/** Vitest `Tests  3 failed | 10 passed (13)`, Jest `Tests:       1 failed, 5 passed, 6 total`; `Test Files` are files. */
const readTestsLine: ReadLine = (line) =>
  /^\s{0,20}Tests:?\s{1,20}.{0,200}\d{1,9} (?:passed|failed)/.test(line)
    ? { passed: countIn(line, 'passed'), failed: countIn(line, 'failed') }
    : undefined;

/** Pytest `=== 3 failed, 10 passed, 1 error in 0.12s ===`, with `-q` without the signs. */
const readPytest: ReadLine = (line) =>
  /^=*\s?\d{1,9} (?:passed|failed|errors?|skipped|deselected)\b.{0,200} in [\d.]{1,12}s/.test(line)
    ? { passed: countIn(line, 'passed'), failed: countIn(line, 'failed') + countIn(line, 'errors?') }
    : undefined;

/** The runner of Node: `ℹ pass 5`, `# fail 0`; Mocha: `5 passing (10ms)`, `1 failing`. Each count has a line of its own. */
const readHalf: ReadLine = (line) => {
  const node = /^(?:ℹ|#) (pass|fail) (\d{1,9})$/.exec(line);
  if (node !== null) return node[1] === 'pass' ? { passed: number(node[2]) } : { failed: number(node[2]) };
  const mocha = /^\s{1,8}(\d{1,9}) (passing|failing)\b/.exec(line);
  if (mocha === null) return undefined;
  return mocha[2] === 'passing' ? { passed: number(mocha[1]), failed: 0 } : { failed: number(mocha[1]) };
};

/** Go with `-v` says each test: `--- PASS: TestA (0.00s)`; tests within tests are indented and counted with theirs. */
const goTest = /^--- (PASS|FAIL): /;

/**
 * Reads how many tests passed and failed from the output of a runner as it comes: those of Node, Vitest, Jest, Mocha, pytest and Go. Of
 * several summaries the last one counts (a runner that begins again), of Go's lines their sum.
 */
export class TestCounter {
  #rest = '';
  #summary: TestCounts | undefined;
  #go: TestCounts | undefined;

  push(chunk: string): void {
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = (lines.pop() ?? '').slice(-longestLine);
    for (const line of lines) this.#read(line);
  }

  /** Undefined where no runner said anything that is plain. */
  get counts(): TestCounts | undefined {
    const rest = this.#rest;
    this.#rest = '';
    if (rest !== '') this.#read(rest);
    return this.#summary ?? this.#go;
  }

  #read(raw: string): void {
    const line = raw
      .slice(0, longestLine)
      .replace(/\p{Cc}\[[\d;]*m/gu, '')
      .replace(/\r$/, '');
    const said = readTestsLine(line) ?? readPytest(line) ?? readHalf(line);
    if (said !== undefined) this.#summary = { ...(this.#summary ?? { passed: 0, failed: 0 }), ...said };
    const go = goTest.exec(line)?.[1];
    if (go === undefined) return;
    const { passed, failed } = this.#go ?? { passed: 0, failed: 0 };
    this.#go = go === 'PASS' ? { passed: passed + 1, failed } : { passed, failed: failed + 1 };
  }
}

/** Reads the counts of a whole output. */
export function readTestCounts(output: string): TestCounts | undefined {
  const counter = new TestCounter();
  counter.push(output);
  return counter.counts;
}
