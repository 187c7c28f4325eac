import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Interruption } from '../../src/cli/interruption.ts';
import { Output } from '../../src/cli/output.ts';
import { createTerminalPrompt, type TerminalPromptOptions } from '../../src/cli/prompt.ts';

function promptWith(options: Partial<TerminalPromptOptions>) {
  let shown = '';
  const err = new Output({ write: (text: string) => (shown += text) }, {});
  const prompt = createTerminalPrompt({
    err,
    input: new PassThrough(),
    interactive: false,
    yes: false,
    interruption: new Interruption(() => {}),
    ...options,
  });
  return { prompt, shown: () => shown };
}

const choice = {
  purpose: 'Complete BE-01',
  files: [
    { path: 'src/a.ts', kind: 'modified', before: false, stateFile: false },
    { path: 'old/notes.txt', kind: 'untracked', before: true, untouched: true, stateFile: false },
    { path: 'old/mixed.txt', kind: 'modified', before: true, untouched: false, stateFile: false },
    { path: 'docs/sessions/SESSION.md', kind: 'modified', before: true, stateFile: true },
  ],
};

describe('a prompt without a terminal', () => {
  it('has no answer and shows nothing', async () => {
    const { prompt, shown } = promptWith({});
    expect(
      await prompt.approveCommands({ commands: ['npm test'], purpose: 'Verify BE-01', folder: '' }),
    ).toBeUndefined();
    expect(await prompt.chooseFiles(choice)).toBeUndefined();
    expect(await prompt.confirm({ question: 'Really?', detail: ['x'], yes: 'do it' })).toBeUndefined();
    expect(shown()).toBe('');
  });

  it('with --yes shows everything, approves commands for this run and leaves the choice of files to the action', async () => {
    const { prompt, shown } = promptWith({ yes: true });
    const commands = ['npm test', 'cd api &&\n  make \u001b[2Kcheck'];
    expect(await prompt.approveCommands({ commands, purpose: 'Verify BE-01', folder: 'api' })).toBe('once');
    expect(await prompt.chooseFiles(choice)).toBeUndefined();
    expect(await prompt.confirm({ question: 'Really?', detail: ['revert abc'], yes: 'do it' })).toBe(true);
    expect(shown()).toBe(
      [
        'Verify BE-01: 2 commands from the repository in api',
        '  $ npm test',
        '  $ cd api &&',
        '      make check',
        'Complete BE-01: 3 changed files to commit, and what this adds to the state files',
        '  modified   src/a.ts',
        '  untracked  old/notes.txt             left out: changed before the session',
        '                                       started, not since',
        '  modified   old/mixed.txt             had changes before the session started',
        '  modified   docs/sessions/SESSION.md  state file',
        '  revert abc',
        '',
      ].join('\n'),
    );
  });

  it('leaves out what was told, but never a state file', async () => {
    const { prompt } = promptWith({ leaveOut: ['src/'] });
    expect(await prompt.chooseFiles(choice)).toEqual(['old/mixed.txt', 'docs/sessions/SESSION.md']);
    for (const path of ['docs', 'src/b.ts', 'sr']) {
      await expect(promptWith({ leaveOut: [path] }).prompt.chooseFiles(choice)).rejects.toThrow(
        `--leave-out ${path}: no changed file has this path.`,
      );
    }
  });
});

describe('a prompt at a terminal', () => {
  /** Types `answer` once the question was asked. */
  function promptAnswered(answer: string) {
    const input = new PassThrough();
    const { prompt, shown } = promptWith({ interactive: true, input });
    input.end(answer);
    return { prompt, shown };
  }
  const commands = { commands: ['npm test'], purpose: 'verifying BE-01', folder: '' };

  it.each([
    ['y\n', 'once'],
    ['YES\n', 'once'],
    ['a\n', 'approve'],
    ['n\n', 'refuse'],
    ['\n', 'refuse'],
    ['', 'refuse'],
    ['yessir\n', 'refuse'],
  ])('takes %j to commands as %s', async (answer, meaning) => {
    const { prompt, shown } = promptAnswered(answer);
    expect(await prompt.approveCommands(commands)).toBe(meaning);
    expect(shown()).toContain('  $ npm test\n');
  });

  it.each([
    ['y\n', ['src/a.ts', 'old/mixed.txt', 'docs/sessions/SESSION.md']],
    ['\n', ['src/a.ts', 'old/mixed.txt', 'docs/sessions/SESSION.md']],
    ['a\n', choice.files.map(({ path }) => path)],
  ])('takes %j to files as %j', async (answer, paths) => {
    expect(await promptAnswered(answer).prompt.chooseFiles(choice)).toEqual(paths);
  });

  it('takes a no to files as cancelling', async () => {
    await expect(promptAnswered('n\n').prompt.chooseFiles(choice)).rejects.toMatchObject({ code: 'cancelled' });
  });

  it.each([
    ['y\n', true],
    ['n\n', false],
    ['\n', false],
  ])('takes %j to a question as %s', async (answer, yes) => {
    const question = { question: 'Take back 2 commits?', detail: ['revert abc'], yes: 'take back' };
    expect(await promptAnswered(answer).prompt.confirm(question)).toBe(yes);
  });

  it('takes Ctrl-C as cancelling the run', async () => {
    const input = new PassThrough();
    const interruption = new Interruption(() => {});
    const { prompt } = promptWith({ interactive: true, input, interruption });
    input.write('\u0003');
    await expect(prompt.confirm({ question: 'Go?', detail: [], yes: 'go' })).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect([interruption.isCancelled, interruption.exitCode]).toEqual([true, 130]);
  });
});
