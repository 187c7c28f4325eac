import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { installClaude } from '../../scripts/lib/agentClis.ts';
import { CliProject } from '../cli/support/cliProject.ts';
import { shopFiles } from '../cli/support/shop.ts';
import { type ClaudeRun, runClaude } from '../support/claude.ts';
import type { Script } from '../support/scriptedModel.ts';

describe('a connected Claude Code', () => {
  let project: CliProject;
  let environment: Record<string, string>;

  beforeAll(async () => {
    await installClaude();
  });

  beforeEach(async () => {
    project = new CliProject(shopFiles);
    const bin = join(project.environment.HOME ?? '', '.local/bin');
    mkdirSync(bin, { recursive: true });
    environment = { ...project.environment, PATH: `${bin}:${process.env.PATH}` };
    await project.run(['connect', 'claude', '--hooks', '--launcher', '--yes'], { environment });
    project.git('add', '-A');
    project.git('commit', '-q', '-m', 'chore: connect');
  });
  afterEach(() => project.dispose());

  async function claude(script: Script, args: readonly string[] = []): Promise<ClaudeRun> {
    const run = await runClaude({ cwd: project.root, prompt: 'Go on.', script, args, environment });
    expect(run.code, run.stderr + run.stdout.slice(-2000)).toBe(0);
    return run;
  }

  it('begins with what is open, knows the skill, and is reminded once at its end', async () => {
    await project.run(['start', 'BE-02']);
    await project.run(['note', 'prices are in cents']);
    const run = await claude((turn) => ({
      text: turn === 0 ? 'I would stop here.' : 'The session stays open: I wait for you.',
    }));
    const first = JSON.stringify(run.requests[0]);
    expect(first).toContain('Baton session BE-02');
    expect(first).toContain('prices are in cents');
    // The skill's description stands where the model decides what to use.
    expect(first).toContain('Carries work over several agent sessions');
    expect(run.requests).toHaveLength(2);
    expect(JSON.stringify(run.requests[1]?.messages.at(-1))).toContain('Baton session BE-02 is still active');
    expect(run.result).toBe('The session stays open: I wait for you.');
  });

  it('is left alone where nothing is open', async () => {
    const run = await claude(() => ({ text: 'done' }));
    expect(run.requests).toHaveLength(1);
    expect(run.result).toBe('done');
  });

  it('works through the server of .mcp.json by the name that the launcher has', async () => {
    const script: Script = (turn) => (turn === 0 ? { tool: 'mcp__baton__get_session', input: {} } : { text: 'seen' });
    const config = ['--mcp-config', join(project.root, '.mcp.json'), '--strict-mcp-config'];
    const run = await claude(script, [...config, '--allowedTools', 'mcp__baton']);
    expect(JSON.stringify(run.requests[1]?.messages.at(-1))).toContain('Ready: BE-02, FE-02');
  });

  it('sees code, message and hint of a refusal', async () => {
    const script: Script = (turn) =>
      turn === 0 ? { tool: 'mcp__baton__start_session', input: { id: 'FE-01' } } : { text: 'seen' };
    const config = ['--mcp-config', join(project.root, '.mcp.json'), '--strict-mcp-config'];
    const run = await claude(script, [...config, '--allowedTools', 'mcp__baton']);
    const told = JSON.stringify(run.requests[1]?.messages.at(-1));
    for (const part of ['dependencies-unmet', 'FE-01 waits for BE-02', 'force: true']) expect(told).toContain(part);
    expect(told).toContain('"is_error":true');
  });
});
