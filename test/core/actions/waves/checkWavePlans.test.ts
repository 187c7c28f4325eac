import { expect, it } from 'vitest';
import { check } from '../../../../src/core/actions/check.ts';
import { createProject, refusal } from '../support.ts';

const plan = `# Login

## Wave Plan (Session: feature, 2 waves)

### Wave 1: Discovery (1 agent)

- Agent 1: Look → src/a.ts → a list

### Wave 2: Impl-Kern (2 agents)

- Agent 1: Parse → src/a.ts → it parses
- Agent 2: Print → src/a.ts → it prints

### Execution Config

- agents-per-wave: 1
`;

const right = plan
  .replace('Impl-Kern', 'Impl-Core')
  .replace('Print → src/a.ts', 'Print → src/b.ts')
  .replace('wave: 1', 'wave: 2');

it('checks documents with wave plans, those in docs/waves and those that are named', async () => {
  const { context } = await createProject({
    files: {
      'docs/waves/login.md': plan,
      'docs/waves/notes.md': '# Notes\n',
      'later.md': plan,
      'docs/waves/right.md': right,
    },
  });
  const { problems, files } = await check(context);
  const found = problems.filter(({ path }) => path.includes('waves'));
  expect(found.map(({ path }) => path)).toEqual(['docs/waves/login.md']);
  const lines = found[0]?.diagnostics.map(({ code, severity, message, range }) => {
    const line = plan.slice(0, range.start).split('\n').length;
    return `${line} ${code} ${severity} ${message.split('.')[0]}`;
  });
  expect(lines).toEqual([
    '9 wave-plan error Wave 2 has the role "Impl-Kern", which is not known',
    '9 wave-plan error Wave 2 has 2 agents; agents-per-wave allows 1',
    expect.stringMatching(/^12 wave-plan error Wave 2: .* may both write to src\/a$/),
  ]);
  const named = await check(context, { files: ['later.md'] });
  expect(named).toMatchObject({ files: 1, problems: [{ path: 'later.md' }] });
  expect((await check(context, { files: ['docs/waves/right.md'] })).problems).toEqual([]);
  expect(files).toBe(4);
  await refusal(check(context, { files: ['docs/waves/notes.md'] }), 'invalid-argument');
  await refusal(check(context, { files: ['../outside.md'] }), 'invalid-argument');
});
