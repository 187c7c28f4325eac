import { describe, expect, it } from 'vitest';
import { findCommandRule, readCommandRules } from '../../../../src/core/formats/waves/commandRules.ts';
import {
  judgeCommand,
  judgeWrite,
  readToolCall,
  readToolGuard,
  type ToolGuard,
  toolGuardRecord,
} from '../../../../src/core/formats/waves/toolGuard.ts';

const policy = JSON.stringify({
  version: 1,
  rules: [
    { id: 'a', pattern: 'rm -rf', severity: 'block', 'path-allowlist': ['/tmp/', 'node_modules'] },
    { id: 'b', pattern: 'git push --force', severity: 'block' },
    { id: 'c', pattern: 'DROP TABLE', severity: 'block' },
    { id: 'd', pattern: 'git reset --hard', severity: 'block' },
    { id: 'e', pattern: 'git checkout -- .', severity: 'block' },
    { id: 'f', pattern: 'git stash', severity: 'warn' },
    { id: 'g', pattern: 'git clean -fd', severity: 'block' },
    { id: 'broken', severity: 'block' },
    { pattern: 'x', severity: 'fatal' },
    'no rule',
  ],
});

describe('rules about commands', () => {
  it.each([
    ['rm -rf build', 'rm -rf'],
    ['rm -fr build', 'rm -rf'],
    ['cd x && sudo /bin/rm -r --force build', 'rm -rf'],
    ['A=1 rm -r -f "my build"', 'rm -rf'],
    ['bash -c "rm -rf src"', 'rm -rf'],
    ['find . | xargs rm -rf', 'rm -rf'],
    ['rm -rf /tmp/x', undefined],
    ['rm -rf /tmp/../etc', 'rm -rf'],
    ['rm -rf node_modules src', 'rm -rf'],
    ['rm -rf node_modules/.cache', undefined],
    ['rm -r build', undefined],
    ['git push origin main --force', 'git push --force'],
    ['git push -f', 'git push --force'],
    ['git push --force-with-lease', undefined],
    ['git push origin main', undefined],
    ['git -C sub reset --hard HEAD~1', 'git reset --hard'],
    ['git reset --soft HEAD~1', undefined],
    ['git checkout -- .', 'git checkout -- .'],
    ['git checkout -- src/a.ts', undefined],
    ['git clean -d -f', 'git clean -fd'],
    ['psql -c "drop  table users"', 'DROP TABLE'],
    ['git stash pop', 'git stash'],
    ['git stash; git reset --hard', 'git reset --hard'],
    ['npm test', undefined],
    ['', undefined],
  ])('find in `%s` %s', (line, pattern) => {
    expect(findCommandRule(line, readCommandRules(policy))?.pattern).toBe(pattern);
  });

  it('are none where the text says none', () => {
    for (const text of ['', 'no JSON', '[]', '{}', '{"rules": 3}']) expect(readCommandRules(text)).toEqual([]);
  });
});

describe('the guard of an agent', () => {
  const guard: ToolGuard = {
    folder: '/w',
    outbox: '/w/.baton/x',
    scope: ['src/a.ts', 'docs/'],
    enforcement: 'strict',
    rules: readCommandRules(policy),
  };

  it.each([
    ['strict', 'src/a.ts', 'allow'],
    ['strict', 'docs/ü/new.md', 'allow'],
    ['strict', 'src/b.ts', 'deny'],
    ['strict', undefined, 'deny'],
    ['warn', 'src/b.ts', 'warn'],
    ['warn', 'docs/x', 'allow'],
    ['off', undefined, 'allow'],
  ] as const)('with %s says of %s: %s', (enforcement, path, kind) => {
    expect(judgeWrite({ ...guard, enforcement }, path, path ?? '/etc/x')).toMatchObject({ kind });
  });

  it('leaves what git keeps of itself to nobody, however wide the scope', () => {
    const kindOf = (path: string) => judgeWrite({ ...guard, scope: ['**'], enforcement: 'strict' }, path, path).kind;
    expect(['.git/hooks/pre-commit', '.git', '.github/x.yml', '.gitignore'].map(kindOf)).toEqual([
      'deny',
      'deny',
      'allow',
      'allow',
    ]);
  });

  it('refuses every write of one that only reads, but where nothing is enforced', () => {
    const kinds = (['strict', 'warn', 'off'] as const).map(
      (enforcement) => judgeWrite({ ...guard, scope: [], enforcement }, 'src/a.ts', 'src/a.ts').kind,
    );
    expect(kinds).toEqual(['deny', 'deny', 'allow']);
  });

  it('refuses blocked commands and remarks on others', () => {
    expect(judgeCommand(guard, 'rm -rf src')).toMatchObject({
      kind: 'deny',
      reason: expect.stringContaining('rm -rf'),
    });
    expect(judgeCommand(guard, 'git stash')).toMatchObject({ kind: 'warn' });
    expect(judgeCommand(guard, 'ls')).toMatchObject({ kind: 'allow' });
  });

  it('is read as it was written, and not at all where it is damaged', () => {
    const text = JSON.stringify(toolGuardRecord(guard), null, 2);
    expect(readToolGuard(text)).toEqual(guard);
    for (const bad of ['', text.slice(0, -3), text.replace('strict', 'lax'), text.replace('"scope"', '"scopes"')]) {
      expect(readToolGuard(bad)).toBeUndefined();
    }
  });

  it('understands what the hook is told', () => {
    const tell = (value: unknown) => readToolCall(JSON.stringify(value));
    expect(tell({ tool_name: 'Write', tool_input: { file_path: '/w/a' }, cwd: '/w' })).toEqual({
      tool: 'Write',
      path: '/w/a',
      cwd: '/w',
    });
    expect(tell({ tool_name: 'NotebookEdit', tool_input: { notebook_path: 'n' } })).toEqual({
      tool: 'NotebookEdit',
      path: 'n',
    });
    expect(tell({ tool_name: 'Write' })).toBeUndefined();
    expect(readToolCall('')).toBeUndefined();
  });
});
