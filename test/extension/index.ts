/**
 * The test module that VS Code's extension host loads: runs one suite file with mocha.
 *
 * In the host `console.log` cannot be replaced, and the workbench's own lines go the same way; the mark tells the
 * launcher which are ours. Results go to a file too, because a host that dies in the middle reports success.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';

const mark = '\u0001';

/** Runs the suite named by `BATON_SUITE`; rejects when a test fails. */
export async function run(): Promise<void> {
  const { BATON_SUITE: suite, BATON_RESULTS: results, GREP: grep, NO_COLOR: plain } = process.env;
  if (suite === undefined || results === undefined) throw new Error('BATON_SUITE and BATON_RESULTS must be set');
  Mocha.reporters.Base.consoleLog = (...line: unknown[]) => console.log(`${mark}${format(...line)}`);
  const mocha = new Mocha({
    ui: 'bdd',
    color: !plain,
    timeout: 20_000,
    failZero: true,
    forbidOnly: true,
    forbidPending: true,
    ...(grep ? { grep } : {}),
  });
  mocha.addFile(join(import.meta.dirname, `${suite}.suite.cjs`));
  const failures: string[] = [];
  const failed = await new Promise<number>((done) => {
    const runner = mocha.run((count) => {
      const { passes = 0 } = runner.stats ?? {};
      writeFileSync(results, JSON.stringify({ passed: passes, failed: count, failures }));
      done(count);
    });
    runner.on('fail', (test, error: unknown) => {
      failures.push(`${test.fullTitle()}\n    ${error instanceof Error ? error.message : String(error)}`);
    });
  });
  console.log(`${mark}completed`);
  if (failed > 0) throw new Error(`${failed} tests failed`);
}
