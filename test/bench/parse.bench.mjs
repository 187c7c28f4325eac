/**
 * Compares what Baton needs to read big files with what markdown-it in block mode needs for the same text. The ratio is to stay at or
 * below 2. Run with `npm run bench -- parse`.
 */
import markdownIt from 'markdown-it';
import { applyEdits } from '../../src/core/base/textEdit.ts';
import { parsePlan } from '../../src/core/formats/plan.ts';
import { parseProgress } from '../../src/core/formats/progress.ts';
import { planRowUpdate } from '../../src/core/formats/progressEdits.ts';
import { parseMarkdown } from '../../src/core/markdown/document.ts';

const rounds = 25;
const limit = 2;

const blockMode = markdownIt({ html: true });
blockMode.core.ruler.disable(['inline', 'linkify', 'replacements', 'smartquotes', 'text_join']);

/** The fastest round of each of several parsers, in turns: what a busy machine adds belongs to none of them. */
function measure(parsers) {
  const times = parsers.map(() => []);
  for (let round = -3; round < rounds; round += 1) {
    for (const [index, parse] of parsers.entries()) {
      const startedAt = performance.now();
      parse();
      // The first rounds only warm up.
      if (round >= 0) times[index].push(performance.now() - startedAt);
    }
  }
  return times.map((list) => Math.min(...list));
}

function compare(name, text, readers) {
  const [floor, ...own] = measure([
    () => blockMode.parse(text, {}),
    ...readers.map(
      ([, read]) =>
        () =>
          read(text),
    ),
  ]);
  console.log(`${name} (${(text.length / 1024).toFixed(0)} KB): markdown-it in block mode ${floor.toFixed(1)} ms`);
  for (const [index, [what]] of readers.entries()) {
    const ratio = own[index] / floor;
    console.log(
      `  ${what}: ${own[index].toFixed(1)} ms, ratio ${ratio.toFixed(2)}${ratio > limit ? `  (above ${limit})` : ''}`,
    );
  }
}

function progressFile(count) {
  const rows = Array.from(
    { length: count },
    (_, index) =>
      `| BE-${index} | ${index % 3 === 0 ? '✅ Done' : '⬜ Pending'} | 2026-01-02 09:00 | — | \`abc${1000 + index}\` | A note on **session** ${index}, with \`a \\| b\` |`,
  );
  return `# Big Progress\n\n## Repository: main\n\n### Week 1\n\n| Session | Status | Started | Completed | Commit | Notes |\n|---|---|---|---|---|---|\n${rows.join('\n')}\n`;
}

function planSection(index) {
  return `## Session BE-${index}: Session number ${index}

### Metadata

\`\`\`yaml
session_id: BE-${index}
phase: 1
dependencies:
  - BE-${Math.max(0, index - 1)} (the one before)
\`\`\`

### Prompt

\`\`\`\`markdown
# Session BE-${index}

Do what is needed, step by step, and say what was done.

\`\`\`bash
npm test
\`\`\`

${'A line of the prompt that says something about the work.\n'.repeat(12)}\`\`\`\`

### Verification Checklist

- [ ] It works
- [ ] It is **tested**

### Verification Commands

\`\`\`bash
npm test
\`\`\`
`;
}

const plan = `# Big Prompts\n\n${Array.from({ length: 860 }, (_, index) => planSection(index)).join('\n')}`;
const table = progressFile(10_000);

compare('10,000-row progress table', table, [
  ['structure', parseMarkdown],
  ['progress file', (text) => parseProgress(text, 'BIG_PROGRESS.md')],
]);
compare('the same with CRLF', table.replaceAll('\n', '\r\n'), [
  ['structure', parseMarkdown],
  ['progress file', (text) => parseProgress(text, 'BIG_PROGRESS.md')],
]);
compare('1 MB plan', plan, [
  ['structure', parseMarkdown],
  ['plan', (text) => parsePlan(text, 'BIG_PROMPTS.md')],
]);

for (const count of [100, 10_000]) {
  const text = progressFile(count);
  const update = () =>
    planRowUpdate(
      text,
      'BIG_PROGRESS.md',
      { id: `BE-${count - 1}` },
      { status: '✅ Done', completed: '2026-02-03 09:05' },
    );
  const [read, planned, applied] = measure([
    () => parseProgress(text, 'BIG_PROGRESS.md'),
    update,
    () => applyEdits(text, update()),
  ]);
  console.log(
    `one row of ${count}: reading ${read.toFixed(2)} ms, planned ${planned.toFixed(2)} ms, applied ${applied.toFixed(2)} ms`,
  );
}
