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
    { path: 'old/notes.txt', kind: 'untracked', before: true, stateFile: false },
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

  it('with --yes shows everything and approves it for this run', async () => {
    const { prompt, shown } = promptWith({ yes: true });
    const commands = ['npm test', 'cd api &&\n  make \u001b[2Kcheck'];
    expect(await prompt.approveCommands({ commands, purpose: 'Verify BE-01', folder: 'api' })).toBe('once');
    expect(await prompt.chooseFiles(choice)).toEqual(choice.files.map(({ path }) => path));
    expect(await prompt.confirm({ question: 'Really?', detail: ['revert abc'], yes: 'do it' })).toBe(true);
    expect(shown()).toBe(
      [
        'Verify BE-01: 2 commands from the repository in api',
        '  $ npm test',
        '  $ cd api &&',
        '      make check',
        'Complete BE-01: 3 files will be committed',
        '  1  modified   src/a.ts',
        '  2  untracked  old/notes.txt             changed before the session started',
        '  3  modified   docs/sessions/SESSION.md  state file',
        '  revert abc',
        '',
      ].join('\n'),
    );
  });

  it('leaves out what was told, but never a state file', async () => {
    const { prompt } = promptWith({ leaveOut: ['src', 'docs'] });
    expect(await prompt.chooseFiles(choice)).toEqual(['old/notes.txt', 'docs/sessions/SESSION.md']);
    const earlier = promptWith({ leaveEarlier: true, yes: true });
    expect(await earlier.prompt.chooseFiles(choice)).toEqual(['src/a.ts', 'docs/sessions/SESSION.md']);
    expect(earlier.shown()).toContain('old/notes.txt             left out');
  });
});
