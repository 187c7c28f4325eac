import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundle, CliProject, nodePath } from './support/cliProject.ts';
import { sessionPath, shopFiles } from './support/shop.ts';

const entry = { type: 'stdio', command: 'baton', args: ['mcp'] };
const skills = ['.claude/skills/baton/SKILL.md', '.agents/skills/baton/SKILL.md'];

describe('baton connect', () => {
  let project: CliProject;

  beforeEach(() => {
    project = new CliProject(shopFiles);
  });
  afterEach(() => project.dispose());

  const home = (): string => project.environment.HOME ?? '';

  it('shows everything and writes nothing where nobody can agree', async () => {
    const refused = await project.run(['connect']);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('+++ b/.mcp.json');
    expect(refused.stderr).toContain('+++ b/.claude/skills/baton/SKILL.md');
    expect(refused.stderr).toContain('--yes');
    const json = await project.json(['connect']);
    expect(json.error).toMatchObject({ code: 'approval-required' });
    expect(json.error.data.changes.map(({ path, action }: { path: string; action: string }) => [path, action])).toEqual(
      [
        ['.mcp.json', 'create'],
        [skills[0], 'create'],
        [skills[1], 'create'],
      ],
    );
    expect(project.gitStatus()).toBe('');
  });

  it('shows everything with --dry-run', async () => {
    const shown = await project.run(['connect', '--dry-run', '--yes', '--hooks']);
    expect(shown.code).toBe(0);
    for (const path of ['.mcp.json', ...skills, '.claude/settings.json'])
      expect(shown.stdout).toContain(`+++ b/${path}`);
    expect(project.gitStatus()).toBe('');
  });

  it('leaves the server to the agent that still uses it', async () => {
    await project.run(['connect', 'claude', 'copilot', '--yes']);
    const first = await project.json(['connect', 'claude', '--remove', '--yes']);
    expect(first.data.warnings.join('\n')).toContain('.mcp.json stays as it is, because Copilot may use it');
    expect(JSON.parse(project.read('.mcp.json'))).toEqual({ mcpServers: { baton: entry } });
    expect(existsSync(join(project.root, skills[0] ?? ''))).toBe(false);
    await project.run(['connect', 'copilot', '--remove', '--yes']);
    expect(project.gitStatus()).toBe('');
  });

  it('writes once, and takes everything away again', async () => {
    const written = await project.json(['connect', '--yes', '--hooks']);
    expect(written.data).toMatchObject({ written: true });
    expect(JSON.parse(project.read('.mcp.json'))).toEqual({ mcpServers: { baton: entry } });
    expect(Object.keys(JSON.parse(project.read('.claude/settings.json')).hooks)).toEqual([
      'SessionStart',
      'Stop',
      'PreCompact',
    ]);
    const state = project.gitStatus();

    const again = await project.json(['connect', '--yes', '--hooks']);
    expect(again.data).toMatchObject({ changes: [], written: false });
    expect(project.gitStatus()).toBe(state);

    await project.run(['connect', '--remove', '--yes']);
    expect(project.gitStatus()).toBe('');
    expect(existsSync(join(home(), '.codex'))).toBe(false);
    expect(existsSync(join(home(), '.local/bin/baton'))).toBe(false);
  });

  it.each([
    [
      'tabs and CRLF',
      '{\r\n\t"mcpServers": {\r\n\t\t"other": { "command": "x" } // mine\r\n\t},\r\n\t"ü": [1,  2]\r\n}',
    ],
    ['an empty list', '{ "mcpServers": {} }\n'],
    ['a mark at its beginning', '\ufeff{\n    "other": true\n}\n'],
    ['one line', '{"mcpServers":{"a":{"command":"b"}},"z":1}'],
    ['nothing', ''],
  ])('keeps a .mcp.json with %s byte for byte, and gives it back', async (_what, text) => {
    project.write('.mcp.json', text);
    await project.run(['connect', 'claude', '--yes']);
    const now = project.read('.mcp.json');
    expect(now).not.toBe(text);
    expect(now).toContain('"baton"');
    // Every part of the old text is there, in its order.
    let at = 0;
    for (const part of text.match(/"[^"]*"|\/\/ mine|\r\n\t|\ufeff|\d+/g) ?? []) {
      const found = now.indexOf(part, at);
      expect(found, part).toBeGreaterThanOrEqual(at);
      at = found + part.length;
    }
    await project.run(['connect', '--remove', '--yes']);
    expect(project.has('.mcp.json') ? project.read('.mcp.json') : '').toBe(text);
  });

  it('leaves what a person changed, and says so', async () => {
    await project.run(['connect', '--yes', '--hooks']);
    project.write('.mcp.json', project.read('.mcp.json').replace('"mcp"', '"mcp", "--tools", "all"'));
    project.write(skills[0] ?? '', `${project.read(skills[0] ?? '')}\nMy own line.\n`);
    const settings = JSON.parse(project.read('.claude/settings.json'));
    settings.permissions = { allow: ['Bash(ls)'] };
    settings.hooks.Stop.push({ hooks: [{ type: 'command', command: 'say done' }] });
    project.write('.claude/settings.json', JSON.stringify(settings));

    const removed = await project.json(['connect', '--remove', '--yes']);
    expect(removed.data.warnings.join('\n')).toContain('.mcp.json');
    expect(removed.data.warnings.join('\n')).toContain(skills[0]);
    expect(project.read('.mcp.json')).toContain('--tools');
    expect(project.read(skills[0] ?? '')).toContain('My own line.');
    expect(project.has(skills[1] ?? '')).toBe(false);
    expect(JSON.parse(project.read('.claude/settings.json'))).toEqual({
      hooks: { Stop: [{ hooks: [{ type: 'command', command: 'say done' }] }] },
      permissions: { allow: ['Bash(ls)'] },
    });
  });

  it('refuses a file that it does not understand, and changes nothing', async () => {
    project.write('.mcp.json', '{ "mcpServers": \n');
    const refused = await project.json(['connect', '--yes']);
    expect(refused).toMatchObject({ code: 1, error: { code: 'unreadable-file', data: { path: '.mcp.json' } } });
    expect(project.has(skills[0] ?? '')).toBe(false);
  });

  it('does not write through a link that leads out of the repository', async () => {
    mkdirSync(join(home(), 'elsewhere'));
    symlinkSync(join(home(), 'elsewhere'), join(project.root, '.claude'));
    expect((await project.json(['connect', '--yes'])).error.code).toBe('outside-project');
    expect(existsSync(join(home(), 'elsewhere/skills'))).toBe(false);
  });

  it('has a skill in the form that agents ask for', () => {
    const text = readFileSync(join(dirname(bundle), '../resources/skills/baton/SKILL.md'), 'utf8');
    const [, name, description = ''] = /^---\nname: (\S+)\ndescription: (.+)\n---\n/.exec(text) ?? [];
    expect(name).toBe('baton');
    expect(description.length).toBeLessThanOrEqual(1024);
    expect(text.length).toBeLessThan(8_000);
  });

  it('adds Codex to its own configuration only when it is named', async () => {
    const config = join(home(), '.codex/config.toml');
    mkdirSync(dirname(config));
    writeFileSync(config, 'model = "x" # mine\r\n\r\n[other]\r\na = 1\r\n');
    const before = readFileSync(config, 'utf8');
    const all = await project.json(['connect', '--yes']);
    expect(all.data.advice.join('\n')).toContain('codex mcp add baton -- baton mcp');
    expect(readFileSync(config, 'utf8')).toBe(before);

    await project.run(['connect', 'codex', '--yes']);
    const now = readFileSync(config, 'utf8');
    expect(now).toBe(`${before}\r\n[mcp_servers.baton]\r\ncommand = "baton"\r\nargs = ["mcp"]\r\n`);
    expect((await project.json(['connect', 'codex', '--yes'])).data.written).toBe(false);
    await project.run(['connect', 'codex', '--remove', '--yes']);
    expect(readFileSync(config, 'utf8')).toBe(before);
  });

  it('puts a launcher on the PATH when it is asked to', async () => {
    const bin = join(home(), '.local/bin');
    mkdirSync(bin, { recursive: true });
    const environment = { PATH: `${bin}:${process.env.PATH}` };
    const silent = await project.json(['connect', '--yes'], { environment });
    expect(silent.data.advice.join('\n')).toContain('--launcher');
    expect(existsSync(join(bin, 'baton'))).toBe(false);

    await project.run(['connect', '--yes', '--launcher'], { environment });
    expect(statSync(join(bin, 'baton')).mode & 0o111).toBe(0o111);
    const version = execFileSync('baton', ['--version'], {
      env: { ...project.environment, ...environment },
      encoding: 'utf8',
    });
    expect(version).toBe(execFileSync(nodePath, [bundle, '--version'], { encoding: 'utf8' }));
    expect((await project.json(['connect', '--yes', '--launcher'], { environment })).data.written).toBe(false);

    await project.run(['connect', '--remove', '--yes'], { environment });
    expect(existsSync(join(bin, 'baton'))).toBe(false);
  });

  it('leaves another program of that name alone', async () => {
    const bin = join(home(), '.local/bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'baton'), '#!/bin/sh\necho other\n', { mode: 0o755 });
    const environment = { PATH: `${bin}:${process.env.PATH}` };
    const { data } = await project.json(['connect', '--yes', '--launcher'], { environment });
    expect(data.advice.join('\n')).toContain('another program');
    await project.run(['connect', '--remove', '--yes'], { environment });
    expect(readFileSync(join(bin, 'baton'), 'utf8')).toContain('echo other');
  });
});

describe('baton hook', () => {
  let project: CliProject;

  beforeEach(() => {
    project = new CliProject(shopFiles);
  });
  afterEach(() => project.dispose());

  function hook(event: string, input: unknown): string {
    return execFileSync(nodePath, [bundle, 'hook', event], {
      cwd: project.root,
      env: project.environment,
      encoding: 'utf8',
      input: typeof input === 'string' ? input : JSON.stringify(input),
    });
  }

  it('brings the active session into the context', async () => {
    expect(JSON.parse(hook('session-start', { source: 'startup' })).hookSpecificOutput.additionalContext).toContain(
      'Ready: BE-02, FE-02',
    );
    await project.run(['start', 'BE-02']);
    await project.run(['note', 'prices', 'are in cents']);
    const { hookSpecificOutput } = JSON.parse(hook('session-start', { source: 'startup' }));
    expect(hookSpecificOutput.hookEventName).toBe('SessionStart');
    for (const part of ['BE-02', sessionPath, 'The code is there', 'prices are in cents']) {
      expect(hookSpecificOutput.additionalContext).toContain(part);
    }
    expect(hookSpecificOutput.additionalContext.length / 4).toBeLessThan(1200);
  });

  it('reminds of an open session once in a conversation', async () => {
    expect(hook('stop', { session_id: 'a' })).toBe('');
    await project.run(['start', 'BE-02']);
    expect(hook('stop', { session_id: 'a', stop_hook_active: true })).toBe('');
    expect(JSON.parse(hook('stop', { session_id: 'a', stop_hook_active: false }))).toMatchObject({
      decision: 'block',
      reason: expect.stringContaining('BE-02'),
    });
    expect(hook('stop', { session_id: 'a', stop_hook_active: false })).toBe('');
    expect(hook('stop', { session_id: 'b', stop_hook_active: false })).toContain('block');
  });

  it('brings the handoff of a task list into the context, and reminds of its open session', async () => {
    const { id } = (
      await project.json(['tasks', 'create', 'Move', '--task', 'a: First', '--task', 'b: Second after a'])
    ).data;
    await project.run(['tasks', 'set', id, 'a', 'complete']);
    expect(JSON.parse(hook('stop', { session_id: 'a' })).reason).toContain(id);
    await project.run(['tasks', 'handoff', id, '--end']);
    expect(hook('stop', { session_id: 'c' })).toBe('');
    const { additionalContext } = JSON.parse(hook('session-start', {})).hookSpecificOutput;
    expect(additionalContext).toContain(`${id}: Move (1/2 complete, next b)`);
    expect(additionalContext).toContain('Done in session 1');
    expect(additionalContext).not.toContain('<!--');
    expect(additionalContext.length / 4).toBeLessThan(1200);
  });

  it('makes a checkpoint before the conversation is compacted, where there is something to save', async () => {
    expect(hook('pre-compact', {})).toBe('');
    await project.run(['start', 'BE-02']);
    project.write('src/products.txt', 'one\n');
    expect(hook('pre-compact', 'no JSON at all')).toContain('checkpoint 1 of BE-02');
    expect(project.git('log', '-1', '--format=%s')).toBe(
      'WIP: [BE-02] checkpoint 1 - before the conversation was compacted',
    );
    expect(hook('pre-compact', {})).toBe('');
  });
});
