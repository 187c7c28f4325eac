import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { evaluateFrontmatterSafe } from 'session-orchestrator/scripts/lib/state-md/frontmatter-mutators.mjs';
import {
  appendDeviationOnDisk,
  parseStateMd,
  readMissionStatus,
  readOpenQuestions,
  readWhatNotToRetry,
} from 'session-orchestrator/scripts/lib/state-md.mjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { McpClient } from '../mcp/support/mcpClient.ts';
import { CliProject } from './support/cliProject.ts';
import { shopFiles } from './support/shop.ts';

const path = '.claude/STATE.md';

describe('baton state', () => {
  let project: CliProject;

  beforeEach(() => {
    project = new CliProject(shopFiles);
  });
  afterEach(() => project.dispose());

  const state = (...args: readonly string[]) => project.json(['state', ...args]);

  it('writes what the reference implementation reads, and reads it again', async () => {
    expect(await state('get')).toMatchObject({ code: 1, error: { code: 'unknown-item' } });
    expect(await state('create', '--type', 'deep', '--waves', '5', '--issues', '12,#15')).toMatchObject({
      code: 0,
      data: { path, changed: true },
    });
    expect(await state('create')).toMatchObject({ code: 1, error: { code: 'already-exists' } });
    expect(await state('set', 'current-wave', '2')).toMatchObject({ code: 0 });
    expect((await state('set', 'current-wave', '2')).data).toMatchObject({ changed: false });
    expect((await state('set', 'status', 'gone')).data.warnings[0]).toContain('"gone"');
    expect((await state('set', 'status', 'paused')).data.warnings).toEqual([]);
    expect((await state('mission', 'BE-01', 'nearly', 'done')).data.warnings).toHaveLength(2);
    await state('mission', 'auth-1', 'in-dev');
    await state('deviation', 'Wave', '3', 'is', 'split');
    await state('question', 'Which port?', '--prio', 'high', '--source', 'W1/api');
    await state('answer', 'which port', '8080');
    await state('not-to-retry', 'Patch the mock', '--why', 'FAILED — hides it (evidence: src/a.ts:1)');
    expect(await state('answer', 'Nobody asked', 'x')).toMatchObject({ code: 1, error: { code: 'unknown-item' } });
    expect(await state('question', 'x', '--prio', 'odd')).toMatchObject({ code: 2 });

    const text = project.read(path);
    expect(evaluateFrontmatterSafe(text)).toEqual({ unsafe: false, reason: null });
    expect(parseStateMd(text).frontmatter).toMatchObject({
      'session-type': 'deep',
      branch: 'main',
      issues: [12, 15],
      status: 'paused',
      'current-wave': 2,
    });
    expect(text).toMatch(/^- BE-01: nearly done \(updated \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\)$/m);
    expect(text).toMatch(/^- \[\d{4}-\d\d-\d\dT[\d:.]+Z\] Wave 3 is split$/m);
    expect(readMissionStatus(text, 'auth-1')).toBe('in-dev');
    expect(readOpenQuestions(text)).toEqual([
      { question: 'Which port?', source: 'W1/api', priority: 'high', answered: true, answer: '8080' },
    ]);
    expect(readWhatNotToRetry(text)).toMatchObject([{ approach: 'Patch the mock', session_id: 'unknown-session' }]);

    expect((await state('get')).data).toMatchObject({
      path,
      fields: { status: 'paused', issues: [12, 15] },
      currentWave: 'Wave 0 — Initializing',
      missions: [
        { id: 'BE-01', status: 'nearly done' },
        { id: 'auth-1', status: 'in-dev' },
      ],
      questions: [{ question: 'Which port?', answered: true, answer: '8080' }],
      others: [],
    });
    expect((await state('get', 'current-wave')).data).toEqual({ path, key: 'current-wave', value: 2, warnings: [] });
    expect((await project.run(['state', 'get', 'deviations'])).stdout).toMatch(/^- \[.*\] Wave 3 is split\n$/);
    expect((await project.run(['state', 'get'])).stdout).toContain('x Which port? → 8080');
    expect(project.gitStatus()).not.toContain('.orchestrator');
  });

  it('keeps every other byte of a named file, and refuses what would damage it', async () => {
    const kept = '\uFEFF---\r\n# mine\r\nstatus:   active\r\nlist:\r\n  - a #12\r\n---\r\n\r\n## Notes\r\n\r\nlast';
    const file = join(project.root, '.codex', 'STATE-größe one.md');
    mkdirSync(join(project.root, '.codex'));
    writeFileSync(file, kept);
    const named = ['--file', '.codex/STATE-größe one.md'];
    expect(await state('set', 'status', 'idle', ...named)).toMatchObject({ code: 0 });
    expect(await state('deviation', 'ü', ...named)).toMatchObject({ code: 0 });
    const after = readFileSync(file, 'utf8');
    expect(after.replace(/\[.*Z\]/, '[at]')).toBe(
      `${kept.replace('status:   active', 'status: idle')}\r\n\r\n## Deviations\r\n\r\n- [at] ü\r\n`,
    );
    expect((await state('get', ...named)).data.fields).toEqual({ status: 'idle', list: ['a #12'] });
    const long = 'x'.repeat(2000);
    expect(await state('deviation', long, ...named)).toMatchObject({
      code: 1,
      error: { code: 'write-refused', data: { reason: 'growth' } },
    });
    expect(await state('set', 'a b', '1', ...named)).toMatchObject({ error: { code: 'invalid-argument' } });
    expect(readFileSync(file, 'utf8')).toBe(after);
    expect(await state('--file', '../x.md', 'get')).toMatchObject({ error: { code: 'outside-project' } });
  });

  it('loses nothing among writers: processes of Baton, of the reference, and a lock that a dead one left', async () => {
    await state('create');
    const lock = join(project.root, '.orchestrator', 'state.lock');
    const dead = {
      pid: 2 ** 22 + 1,
      host: (await import('node:os')).hostname(),
      acquiredAt: '2026-01-01',
      holder: 'gone',
    };
    writeFileSync(lock, JSON.stringify(dead));
    const messages = Array.from({ length: 4 }, (_, at) => `number-${at}`);
    const theirs = (async () => {
      for (let at = 0; at < 6; at++)
        await appendDeviationOnDisk(project.root, '2026-01-01T00:00:00.000Z', `theirs-${at}`);
    })();
    const codes = await Promise.all(messages.map(async (message) => (await state('deviation', message)).code));
    await theirs;
    expect(codes).toEqual([0, 0, 0, 0]);
    const text = project.read(path);
    for (const message of messages) expect(text).toContain(`] ${message}\n`);
    for (let at = 0; at < 6; at++) expect(text).toContain(`] theirs-${at}\n`);
  });

  it('is the same in MCP', async () => {
    const mcp = await McpClient.connect(project, { args: ['--tools', 'all'] });
    try {
      const { data } = await mcp.ok('create_state', { waves: 3, session_type: 'feature', issues: [7] });
      expect(data).toMatchObject({ path, changed: true });
      await mcp.ok('set_state', { key: 'current-wave', value: '1', expected_revision: data.revision });
      const late = await mcp.call('set_state', { key: 'current-wave', value: '2', expected_revision: data.revision });
      expect(late.data.error.code).toBe('conflict');
      await mcp.ok('set_mission_status', { id: 'a-1', status: 'testing' });
      await mcp.ok('add_deviation', { text: 'late' });
      await mcp.ok('add_open_question', { question: 'Why?', priority: 'low' });
      await mcp.ok('answer_open_question', { question: 'Why?', answer: 'so' });
      await mcp.ok('add_not_to_retry', { approach: 'a', why: 'FAILED — b (evidence: c.ts:1)' });
      expect((await mcp.ok('get_state')).data).toMatchObject({
        fields: { status: 'active', 'current-wave': 1 },
        missions: [{ id: 'a-1', status: 'testing' }],
        questions: [{ question: 'Why?', priority: 'low', answered: true, answer: 'so' }],
        not_to_retry: [{ approach: 'a', why: 'FAILED — b (evidence: c.ts:1)' }],
      });
      expect((await mcp.ok('get_state', { key: 'current-wave' })).data).toMatchObject({ value: 1 });
    } finally {
      await mcp.close();
    }
  });
});
