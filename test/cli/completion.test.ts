import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle, CliProject, nodePath } from './support/cliProject.ts';
import { shopFiles } from './support/shop.ts';

/** bash is everywhere; the others are tried where they are. */
const shells = (['bash', 'zsh', 'fish'] as const).filter(
  (shell) => shell === 'bash' || spawnSync(shell, ['--version']).status === 0,
);
type Shell = (typeof shells)[number];

/** What completing `words` (the last one unfinished) offers, asked as the shell asks it. */
const drivers: Readonly<
  Record<Shell, (words: readonly string[]) => readonly [args: readonly string[], input: string]>
> = {
  bash: (words) => [
    ['--norc', '-s', '--', 'baton', ...words],
    'eval "$(baton completion bash)"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _baton; printf "%s\\n" "${COMPREPLY[@]}"\n',
  ],
  fish: (words) => [
    ['--no-config', '-c', `baton completion fish | source; complete -C ${fishQuote(`baton ${words.join(' ')}`)}`],
    '',
  ],
  // A terminal of its own: only there zsh completes. Each match comes through compadd, which says what it got.
  zsh: (words) => [['-f', '-c', zshDriver(`baton ${words.join(' ')}`)], ''],
};

function fishQuote(text: string): string {
  return `'${text.replaceAll("'", "\\'")}'`;
}

function zshDriver(line: string): string {
  return `
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z 'PS1=; stty -echo; autoload -Uz compinit; compinit -u -d $HOME/.zcompdump; source <(baton completion zsh)'
zpty -w z 'compadd() { if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)* ]]; then builtin compadd "$@"; return; fi; local -a __hits; builtin compadd -A __hits "$@"; print -rl -- "HIT:"$^__hits; builtin compadd "$@" }'
zpty -w z 'null-line() {}; finish() { print; print ENDED }; zle -N finish; bindkey "^M" accept-line; bindkey "^X" finish; zstyle ":completion:*" list-grouped false; LISTMAX=1000; setopt NO_LIST_BEEP; print READY'
zpty -r z out '*READY*'
zpty -n -w z ${zshQuote(line)}$'\\t'$'\\x18'
zpty -r z out '*ENDED*'
print -r -- "$out"
`;
}

function zshQuote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

describe.each(shells)('completion in %s', (shell) => {
  let project: CliProject;
  let environment: Record<string, string>;

  beforeAll(async () => {
    project = new CliProject({ ...shopFiles, 'notes.txt': '' });
    const bin = join(project.environment.HOME ?? '', 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'baton'), `#!/bin/sh\nexec '${nodePath}' '${bundle}' "$@"\n`, { mode: 0o755 });
    environment = { ...project.environment, PATH: `${bin}:${process.env.PATH}`, TERM: 'dumb' };
    await project.run(['ask', 'Which port?']);
    await project.run([
      'tasks',
      'create',
      'Move',
      '--id',
      'move-house',
      '--task',
      'pack: Pack',
      '--task',
      'drive: Drive',
    ]);
  });
  afterAll(() => project.dispose());

  function complete(...words: readonly string[]): readonly string[] {
    const [args, input] = drivers[shell](words);
    const out = execFileSync(shell, args, {
      cwd: project.root,
      env: environment,
      input,
      encoding: 'utf8',
      timeout: 15_000,
    });
    const lines = out.split(/\r?\n/).map((line) => line.trim());
    const found = shell === 'zsh' ? lines.flatMap((line) => /HIT:(\S+)/.exec(line)?.[1] ?? []) : lines;
    return [...new Set(found.map((line) => line.split('\t')[0] ?? '').filter((line) => line !== ''))].sort();
  }

  it('offers commands', () => {
    expect(complete('sta')).toEqual(['start', 'state', 'status']);
    expect(complete('')).toEqual(expect.arrayContaining(['checkpoint', 'connect', 'sessions']));
    expect(complete('')).not.toContain('__complete');
  });

  it('offers options, of the command and common ones', () => {
    expect(complete('complete', '--no')).toEqual(['--no-verify']);
    expect(complete('start', '--j')).toEqual(['--json']);
  });

  it('offers the IDs of sessions', () => {
    expect(complete('show', 'BE')).toEqual(['BE-01', 'BE-02', 'BE-03']);
    expect(complete('--json', 'start', '--model', 'x', 'FE-')).toEqual(['FE-01', 'FE-02']);
  });

  it('offers the words that an argument or option can be', () => {
    expect(complete('completion', '')).toEqual(expect.arrayContaining(['bash', 'fish', 'zsh']));
    expect(complete('mcp', '--tools', 'a')).toEqual(['all']);
  });

  it('offers verbs, lists, tasks and states of task lists', () => {
    expect(complete('tasks', 'rea')).toEqual(['ready']);
    expect(complete('tasks', 'show', 'mo')).toEqual(['move-house']);
    expect(complete('tasks', 'set', 'move-house', '')).toEqual(expect.arrayContaining(['drive', 'pack']));
    expect(complete('tasks', 'set', 'move-house', 'pack', 'comp')).toEqual(['complete']);
  });

  it('offers what waits in the inbox', () => {
    expect(complete('answer', 'which')).toEqual([expect.stringMatching(/^which-port-[0-9a-f]{6}$/)]);
  });

  it('offers files where files are meant', () => {
    expect(complete('check', 'no')).toEqual(['notes.txt']);
  });
});
