import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitCommands } from '../../../src/core/formats/verificationCommands.ts';

function split(text: string) {
  return splitCommands(text, { start: 0, end: text.length });
}
const commandsOf = (text: string) => split(text).map(({ command }) => command);

describe('splitting a fence into commands', () => {
  it('takes one command a line and labels it with the comment above', () => {
    const text = '# run tests\nnpm test\n\nnpm run lint  # no warnings\n';
    const commands = split(text);
    expect(commands.map(({ command, label }) => [command, label])).toEqual([
      ['npm test', 'run tests'],
      ['npm run lint', 'no warnings'],
    ]);
    expect(commands.map(({ range }) => text.slice(range.start, range.end))).toEqual(['npm test', 'npm run lint']);
  });

  it('does not take what is expected for a label', () => {
    expect(split('npm test # Expected: 3 passed\n# => 200\ncurl x')).toMatchObject([
      { command: 'npm test' },
      { command: 'curl x' },
    ]);
    expect(split('# Expected: ok\nnpm test')[0]).not.toHaveProperty('label');
  });

  it('joins continuations, also with CRLF, and keeps those in quotes exact', () => {
    expect(commandsOf('pytest \\\n    tests \\\n    -v\nls')).toEqual(['pytest tests -v', 'ls']);
    expect(commandsOf('pytest \\\r\n  tests\r\nls\r\n')).toEqual(['pytest tests', 'ls']);
    expect(commandsOf('echo "a\\\n  b"')).toEqual(['echo "a  b"']);
    expect(commandsOf("echo 'a\\\nb'")).toEqual(["echo 'a\\\nb'"]);
    expect(commandsOf('ab\\\ncd')).toEqual(['abcd']);
  });

  it('goes on behind an operator at the end of a line', () => {
    expect(commandsOf('npm test &&\n  npm run lint\ncat x |\n sort\nls')).toEqual([
      'npm test &&\n  npm run lint',
      'cat x |\n sort',
      'ls',
    ]);
  });

  it.each([
    ['quotes over lines', 'python -c "\nimport a\nprint(\'x\')\n"'],
    ['a heredoc', "cat <<'EOF' > x.txt\nif \" unbalanced\n# not a comment\nEOF"],
    ['an indented heredoc', 'cat <<-END\n\ttext\n\tEND'],
    ['if', 'if [ -f x ]; then\n  echo yes\nelse\n  echo no\nfi'],
    ['for', 'for f in *.ts; do\n  # each\n  echo "$f"\ndone'],
    ['while with do on its own line', 'while read -r x\ndo\n  echo $x\ndone < list'],
    ['case', 'case "$x" in\n  a) echo a ;;\n  (b|c)\n    echo b\n    ;;\n  *) exit 1 ;;\nesac'],
    ['braces', '{\n  a\n  b\n}'],
    ['a subshell', '(\n  cd x\n  npm test\n)'],
    ['a substitution', 'test "$(git rev-parse "HEAD")" = $(\n  cat x\n)'],
    ['nested', 'if true; then\n  for i in 1 2; do\n    echo $((i<<1))\n  done\nfi'],
  ])('keeps %s whole', (_what, text) => {
    expect(commandsOf(`${text}\nls`)).toEqual([text, 'ls']);
  });

  it('does not take words that are arguments for keywords, nor parameters for quotes', () => {
    expect(commandsOf("echo if then do { case\necho ${x:-it's}\necho a#b $# done\nls")).toEqual([
      'echo if then do { case',
      "echo ${x:-it's}",
      'echo a#b $# done',
      'ls',
    ]);
  });

  it('puts lines that set the scene before every later command', () => {
    const text =
      'set -e\ncd backend # first\nexport A=1 B="x y"\nsource venv/bin/activate\n# tests\npytest -v\nC=$(date) D=2\nruff check .';
    expect(split(text)).toMatchObject([
      {
        command: 'set -e && cd backend && export A=1 B="x y" && source venv/bin/activate && pytest -v',
        label: 'tests',
      },
      {
        command:
          'set -e && cd backend && export A=1 B="x y" && source venv/bin/activate && C=$(date) D=2 && ruff check .',
      },
    ]);
  });

  it('knows a list of scene lines, but not one that also runs something', () => {
    expect(commandsOf('cd a && source v/bin/activate\npytest')).toEqual(['cd a && source v/bin/activate && pytest']);
    expect(commandsOf('cd a && npm test\ncd b && npm test')).toEqual(['cd a && npm test', 'cd b && npm test']);
    expect(commandsOf('A=1 npm test\nls')).toEqual(['A=1 npm test', 'ls']);
  });

  it('puts a list behind a scene in braces, so that a failing cd runs none of it', () => {
    expect(commandsOf('cd x\na || b\na; b\na &\na | b && c')).toEqual([
      'cd x && { a || b; }',
      'cd x && { a; b; }',
      'cd x && { a & }',
      'cd x && a | b && c',
    ]);
  });

  it('carries functions along', () => {
    expect(commandsOf('check() {\n  test -f "$1"\n}\ncheck a')).toEqual(['check() {\n  test -f "$1"\n} && check a']);
  });

  it('runs the scene itself where nothing follows it, and nothing where there is nothing', () => {
    expect(commandsOf('cd x\nsource check.sh')).toEqual(['cd x && source check.sh']);
    expect(commandsOf('npm test\ncd ..')).toEqual(['npm test']);
    expect(commandsOf('# nothing here\n\n')).toEqual([]);
  });

  it('takes the prompt sign away', () => {
    expect(commandsOf('$ npm test\n$ ls')).toEqual(['npm test', 'ls']);
  });

  it('reads only its range and takes what is never closed as one command', () => {
    const text = 'before\nnpm test "open\nls\n\nafter';
    expect(splitCommands(text, { start: 7, end: 25 })).toMatchObject([{ command: 'npm test "open\nls' }]);
  });

  it('never throws, keeps its ranges inside and in order', () => {
    const piece = fc.constantFrom(
      'a',
      ' ',
      '\n',
      '\r\n',
      '\\',
      "'",
      '"',
      '`',
      '(',
      ')',
      '{',
      '}',
      '$(',
      '${',
      '<<EOF',
      'EOF',
      '#',
      ';',
      '&',
      '&&',
      '|',
      '||',
      'if',
      'fi',
      'do',
      'done',
      'for',
      'case',
      'esac',
      'cd x',
      'A=1',
      '>',
      '<',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const text = pieces.join('');
        let at = 0;
        for (const { range, command } of split(text)) {
          expect(range.start).toBeGreaterThanOrEqual(at);
          expect(range.end).toBeGreaterThanOrEqual(range.start);
          expect(range.end).toBeLessThanOrEqual(text.length);
          expect(command).not.toContain('\r');
          at = range.end;
        }
      }),
      { numRuns: 2000 },
    );
  });

  // What backtracks takes minutes over these two, and the run's limit ends it.
  it('reads thousands of assignments that are none', () => {
    expect(commandsOf(`${'A='.repeat(5_000)}(\nls`)).toHaveLength(1);
    expect(commandsOf(`A=1 ${'B="x" '.repeat(2_000)}\nls`)[0]).toMatch(/^A=1 B="x" .* && ls$/);
  });

  it('reads expansions that never close', () => {
    const text = `for x in ${'a${b '.repeat(200_000)}`;
    expect(split(text).length).toBeGreaterThan(0);
  });
});
