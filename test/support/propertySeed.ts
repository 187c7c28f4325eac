/**
 * Gives every property test the same examples in each run, so that a change is judged by what it changed. Other examples:
 * `FC_SEED=random npm run test:unit`, or the seed that a failure printed; `FC_RUNS=5000` takes more of them.
 */
import fc from 'fast-check';

const seed = process.env.FC_SEED ?? '20261120';
const runs = process.env.FC_RUNS;
fc.configureGlobal({
  ...(seed !== 'random' && { seed: Number(seed) }),
  ...(runs !== undefined && { numRuns: Number(runs) }),
});
