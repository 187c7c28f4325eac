import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle, CliProject } from './support/cliProject.ts';
import { shopFiles } from './support/shop.ts';

const verbs = [
  'status',
  'sessions',
  'show',
  'changes',
  'check',
  'report',
  'start',
  'note',
  'tick',
  'checkpoint',
  'verify',
  'complete',
  'pause',
  'resume',
  'fail',
  'rollback',
  'recover',
  'init',
];

describe('the arguments', () => {
  let project: CliProject;

  beforeAll(() => {
    project = new CliProject(shopFiles);
  });
  afterAll(() => project.dispose());

  it('are explained, every verb with a line in the list', async () => {
    const { code, stdout, stderr } = await project.run(['--help']);
    expect([code, stderr]).toEqual([0, '']);
    for (const verb of verbs) expect(stdout).toMatch(new RegExp(`^ {2}${verb}( |$)`, 'm'));
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it.each(verbs)('of %s are explained with examples, and what --json gives', async (verb) => {
    const { code, stdout } = await project.run([verb, '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: baton ${verb}`);
    expect(stdout).toMatch(/\nExamples:\n {2}baton /);
    expect(stdout).toContain('--json');
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect((await project.run(['help', verb])).stdout).toBe(stdout);
  });

  it('give help and version as an object with --json', async () => {
    const version = await project.json(['--version']);
    expect(version).toMatchObject({ code: 0, ok: true, data: { version: expect.stringMatching(/^\d+\.\d+\.\d+$/) } });
    const help = await project.json(['start', '--help']);
    expect(help.data.help).toContain('Usage: baton start');
  });

  it.each([
    [[], 'No command was given.'],
    [['strat', 'BE-01'], "Unknown command 'strat'."],
    [['help', 'nothing'], 'There is no such command.'],
    [['--nope'], "Unknown option '--nope'."],
    [['start'], "Missing required argument 'id'."],
    [['start', 'A', 'B'], "Too many arguments for 'start'. Expected 1 argument but got 2."],
    [['start', 'A', '--nope'], "Unknown option '--nope'."],
    [['complete'], "Required option '-m, --message <text>' not specified."],
    [['checkpoint', '-m', '  '], "Option '-m, --message <text>' argument '  ' is invalid. It is empty."],
    [['sessions', '--status', 'gone'], /argument 'gone' is invalid. Known are pending, active/],
    [['rollback', '--to', 'zero'], /argument 'zero' is invalid. Write checkpoint-N or N./],
    [['note', '--decision', '--blocker', 'x'], /'--decision' cannot be used with option '--blocker'/],
    [['status', '--cwd', 'no such folder'], /^--cwd no such folder: there is no such folder/],
  ])('%j are refused with exit code 2 and the next step', async (args, message) => {
    const { code, stdout, stderr } = await project.run(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: .+\nhint: .+\n$/);
    const { error, ...json } = await project.json(args);
    expect([json.code, json.ok, error.code]).toEqual([2, false, 'invalid-argument']);
    expect(error.message).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
    expect(error.hint).not.toBeNull();
  });

  it('that are misspelt get the nearest command or option', async () => {
    expect((await project.run(['strat', 'BE-01'])).stderr).toContain('hint: Did you mean start?');
    expect((await project.run(['start', 'BE-01', '--forse'])).stderr).toContain('hint: Did you mean --force?');
  });

  it('may have the common options before or behind the verb', async () => {
    const before = await project.run(['--json', '--cwd', project.root, 'sessions'], { cwd: '..' });
    const behind = await project.run(['sessions', '--cwd', project.root, '--json'], { cwd: '..' });
    expect(before.code).toBe(0);
    expect(behind).toEqual(before);
  });
});

it('runs where there is nothing but its own files and Node', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'baton alone ü-'));
  const project = new CliProject(shopFiles);
  try {
    mkdirSync(join(folder, 'bin'));
    // The command line, and the parts that its verbs share with the server and the supervisor.
    const files = readdirSync(resolve(bundle, '..')).filter((file) =>
      /^(?:cli|cliSessions|cliVerbs|node_\w+)\.cjs$/.test(file),
    );
    for (const file of files) copyFileSync(resolve(bundle, '..', file), join(folder, 'bin', file));
    const alone = { bundle: join(folder, 'bin/cli.cjs') };
    const started = await project.json(['start', 'BE-02'], alone);
    expect(started).toMatchObject({ code: 0, ok: true });
    const noted = await project.json(['checkpoint', '-m', 'with git'], alone);
    expect(noted).toMatchObject({ code: 0, ok: true, data: { number: 1 } });
  } finally {
    project.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
});
