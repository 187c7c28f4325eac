/**
 * Measures what the circuit breaker costs per event of an agent, beside reading that event's line: over a stream of ordinary work, over one
 * that goes round in circles, and over one of large edits. At most 50 µs per event, however long the stream. Run with `npm run bench -- breaker`.
 */
import { CircuitBreaker } from '../../src/core/actions/waves/breaker.ts';
import { createClaudeReader } from '../../src/core/formats/agents/claudeStream.ts';

const limitMicros = 50;
const rounds = 7;
const at = '2026-01-02T09:00:00Z';
const big = 'const value = 1; // a line of a file that is written as a whole\n'.repeat(400);

let made = 0;
function turn(name, input, { answer = 'ok', isError = false } = {}) {
  made += 1;
  const usage = { input_tokens: 100, output_tokens: 20 };
  const content = [{ type: 'tool_use', id: `t${made}`, name, input }];
  return [
    { type: 'assistant', message: { id: `m${made}`, content, usage } },
    {
      type: 'user',
      message: { content: [{ type: 'tool_result', tool_use_id: `t${made}`, is_error: isError, content: answer }] },
    },
  ].map((one) => JSON.stringify(one));
}

const file = (index) => `/shop/src/part-${index % 300}/file-${index}.ts`;
const work = (index) => [
  ...turn('Read', { file_path: file(index), offset: index, limit: 200 }, { answer: big.slice(0, 4_000) }),
  ...turn('Edit', { file_path: file(index), old_string: `let a${index} = 1;`, new_string: `const a${index} = 1;` }),
  ...turn(
    'Bash',
    { command: `npm test -- ${index}`, description: 'Test' },
    { isError: index % 4 === 0, answer: `${index} is red` },
  ),
];
const circles = (index) => [
  ...turn('Edit', { file_path: file(1), old_string: `v${index}`, new_string: `v${index + 1}` }),
  ...turn('Read', { file_path: file(2), offset: index * 100, limit: 100 }),
  ...turn('Bash', { command: 'npm test' }, { isError: true, answer: 'one test is red' }),
];
const writes = (index) => [
  ...turn('Write', { file_path: file(index % 20), content: `${big}${index}` }),
  ...turn('Edit', { file_path: file(index % 20), old_string: big, new_string: `${big}${index}` }),
];

function measure(name, makeTurns, turns) {
  const lines = Array.from({ length: turns }, (_, index) => makeTurns(index)).flat();
  const reader = createClaudeReader();
  const readAt = performance.now();
  const events = lines.flatMap((line) => reader.read(line));
  const readMicros = ((performance.now() - readAt) * 1_000) / events.length;
  let best = Number.POSITIVE_INFINITY;
  let found = 0;
  for (let round = 0; round < rounds; round += 1) {
    const breaker = new CircuitBreaker({ maxTurns: 100_000, root: '/shop' });
    found = 0;
    const startedAt = performance.now();
    for (const event of events) found += breaker.note(event, at).length;
    best = Math.min(best, ((performance.now() - startedAt) * 1_000) / events.length);
  }
  const isOver = best > limitMicros;
  console.log(
    `${name}: ${events.length} events, ${best.toFixed(2)} µs each (reading its line ${readMicros.toFixed(2)} µs), ${found} findings${isOver ? `  (above ${limitMicros} µs)` : ''}`,
  );
  return best;
}

const all = [
  measure('ordinary work', work, 1_000),
  measure('ordinary work, ten times as long', work, 10_000),
  measure('in circles', circles, 2_000),
  measure('large edits', writes, 300),
];
if (all.some((micros) => micros > limitMicros)) process.exitCode = 1;
