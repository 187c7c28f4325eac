import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { readBaseline } from 'session-orchestrator/scripts/lib/vault-sync-baseline.mjs';
import { describe, expect, test } from 'vitest';
import { checkVaultAtClose } from '../../../../src/core/actions/waves/closeVault.ts';
import { syncVault } from '../../../../src/core/actions/waves/vaultSync.ts';
import { frontmatterGuard, guardFor, writesToVault } from '../../../../src/core/formats/waves/frontmatterGuard.ts';
import { checkNote, noteTypes, readNote } from '../../../../src/core/formats/waves/vaultNote.ts';
import { defaultWaveConfig } from '../../../../src/core/model/waves/waveConfig.ts';
import type { WaveRun } from '../../../../src/core/model/waves/waveRun.ts';
import { createNodeOrchestratorFiles } from '../../../../src/platform/nodeOrchestratorFiles.ts';
import { systemClock } from '../../../../src/platform/systemClock.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { createOrchestratorProject } from './orchestratorProject.ts';

const good = 'id: a-note\ntype: note\ncreated: 2026-05-08\nupdated: 2026-05-08T10:00:00Z\n';
const note = (fields: string, body = '') => `---\n${fields}---\n${body}`;

/** Notes of every kind, by their paths. */
const notes: Readonly<Record<string, string>> = {
  'fine.md': note(good, '# Fine\n\n[[links]] [[FINE|alias]] [[a-note#part]] [[sub/deep]] [[Größe]] [[two names]]\n'),
  'links.md': note(
    `${good}aliases: [Two Names]\ntags: [learning/cli-design]\nstatus: active\n`,
    '[[nowhere]] `[[code]]` [[gone\\|alias]]\n\n```\n[[fenced]]\n```\n\n    [[indented]]\n',
  ),
  'sub/deep.md': note(good, '[[beside]] [[../fine]] [[no/where]]\n'),
  'sub/beside.md': note(good),
  'Größe.md': note(good.replaceAll('\n', '\r\n')).replace('---\n', '---\r\n'),
  'without.md': '# No frontmatter\n',
  'missing.md': note('id: x-1\ntype: note\n'),
  'wrong.md': note(
    'id: Not_Kebab\ntype: novel\ncreated: yesterday\nupdated: 2026-5-8\nstatus: done\ntags: [UPPER, 3]\ntitle: ""\naliases: one\n',
  ),
  'numbers.md': note('id: 2026\ntype: note\ncreated: 20260508\nupdated: null\n'),
  'broken.md': note('id: [\n'),
  'scalar.md': note('just words\n'),
  'empty.md': '---\n\n---\n',
  'expired.md': note(`${good}expires: 2020-01-01\n`),
  '90-archive/old.md': note('id: OLD\n', '[[nowhere]]\n'),
  'templates/t.md': note('id: "{{id}}"\n'),
  '.obsidian/x.md': note('nothing: right\n'),
  'node_modules/x.md': note('nothing: right\n'),
};

function vault(files: Readonly<Record<string, string>> = notes): string {
  const folder = temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** The reference's own program. */
function referenceReport(folder: string, ...args: readonly string[]) {
  const program = createRequire(import.meta.url).resolve('session-orchestrator/package.json');
  const validator = join(dirname(program), 'skills/vault-sync/validator.mjs');
  try {
    const stdout = execFileSync(process.execPath, [validator, ...args], {
      env: { ...process.env, VAULT_DIR: folder },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return { code: 0, report: stdout === '' ? undefined : JSON.parse(stdout) };
  } catch (error) {
    const { status, stdout } = error as { readonly status: number; readonly stdout: string };
    return { code: status, report: stdout === '' ? undefined : JSON.parse(stdout) };
  }
}

const sync = async (folder: string, options: Parameters<typeof syncVault>[2]) =>
  syncVault(systemClock, await createNodeOrchestratorFiles(folder).vault('.'), options);
const places = (errors: readonly { readonly file: string; readonly path: string }[]) =>
  [...new Set(errors.map(({ file, path }) => `${file} ${path}`))].sort();

describe('beside the reference', () => {
  test('the same notes are wrong in the same fields, and the same links lead nowhere', async () => {
    const folder = vault();
    const exclude = ['templates/**'];
    const ours = await sync(folder, { mode: 'hard', exclude, checkExpires: true });
    const { code, report } = referenceReport(folder, '--mode', 'hard', '--exclude', 'templates/**', '--check-expires');
    expect(code).toBe(1);
    expect(places(ours.errors)).toEqual(places(report.errors));
    const warned = (list: readonly { readonly file: string; readonly type: string }[]) =>
      list.map(({ file, type }) => `${file} ${type}`).sort();
    expect(warned(ours.warnings)).toEqual(warned(report.warnings));
    for (const key of [
      'status',
      'mode',
      'files_checked',
      'excluded_count',
      'archived_skipped_count',
      'files_skipped_no_frontmatter',
    ] as const) {
      expect([key, ours[key]]).toEqual([key, report[key]]);
    }
  });

  test.each([
    ['warn', 'ok', 0],
    ['full', 'invalid', 1],
    ['off', 'skipped-mode-off', 0],
  ] as const)('%s gives %s', async (mode, status, code) => {
    const folder = vault();
    expect((await sync(folder, { mode })).status).toBe(status);
    const theirs = referenceReport(folder, '--mode', mode);
    expect([theirs.report.status, theirs.code]).toEqual([status, code]);
  });
});

test('a baseline is one that the reference reads; then only what came since counts', async () => {
  const folder = vault();
  expect((await sync(folder, { mode: 'diff' })).mode).toBe('diff-fallback-full');
  const { errors } = await sync(folder, { mode: 'baseline' });
  const baseline = readBaseline(join(folder, '.orchestrator/metrics/vault-sync-baseline.json'));
  expect(baseline).toMatchObject({ error_count: errors.length, errors });
  expect(await sync(folder, { mode: 'diff' })).toMatchObject({
    status: 'ok',
    new_errors: [],
    resolved_errors: [],
    baseline_count: errors.length,
  });
  writeFileSync(join(folder, 'missing.md'), note(good, '[[added-link]]'));
  writeFileSync(join(folder, 'added.md'), note('id: added\n'));
  const report = await sync(folder, { mode: 'diff' });
  expect(report.status).toBe('invalid');
  expect(places(report.new_errors ?? [])).toEqual(['added.md created', 'added.md type', 'added.md updated']);
  expect(places(report.resolved_errors ?? [])).toEqual(['missing.md created', 'missing.md updated']);
  expect(report.new_warnings?.map(({ file }) => file)).toEqual(['missing.md']);
});

test.each([
  ['no folder', '/nowhere at all'],
  ['no notes', undefined],
])('%s is no vault', async (_name, folder) => {
  expect(await sync(folder ?? vault({ 'a.txt': '' }), { mode: 'hard' })).toMatchObject({
    status: 'skipped',
    reason: 'no vault',
  });
});

test.each([
  ['\uFEFF---\r\nid: x\r\n---\r\n', { id: 'x' }],
  ['---\nid: x\n---', { id: 'x' }],
  ['---\nid: x\n--- no end', undefined],
  ['text\n---\nid: x\n---\n', undefined],
])('%j has the fields %j', (text, data) => {
  expect(readNote(text).data).toEqual(data);
});

describe('the guard', () => {
  test('names what is required and ends with the marker of its schema', () => {
    const guard = frontmatterGuard();
    expect(guard).toMatch(/\n<!-- frontmatter-guard:[0-9a-f]{8} -->\n$/);
    for (const word of ['id', 'type', 'created', 'updated', ...noteTypes]) expect(guard).toContain(`\`${word}\``);
    const example = /```yaml\n(---[\s\S]*?---\n)```/.exec(guard)?.[1] ?? '';
    expect(checkNote(readNote(example).data ?? {})).toEqual([]);
  });

  test.each([
    [{ task: 'x', files: ['docs/vault/a.md'], folder: './docs/vault/' }, true],
    [{ task: 'x', files: ['docs/vaulted.md'], folder: 'docs/vault' }, false],
    [{ task: 'x', files: ['kb/40-learnings/a.md'] }, true],
    [{ task: 'Write the note into the vault', files: [] }, true],
    [{ task: 'Write the note into the vault', files: ['src/a.ts'] }, false],
    [{ task: 'Read the vault', files: [] }, false],
  ])('%j: %s', (options, isMeant) => {
    expect(writesToVault(options)).toBe(isMeant);
  });
});

test.each([
  ['hard', 'completed', 'problems-found'],
  ['full', 'completed', 'problems-found'],
  ['diff', 'completed', 'problems-found'],
  ['warn', 'completed', /1 errors? in the vault/],
  ['hard', 'aborted', undefined],
  ['off', 'completed', undefined],
] as const)('closing a run with a wrong note: %s, %s', async (mode, status, outcome) => {
  const project = await createOrchestratorProject();
  project.write('kb/a.md', note('id: a-1\ntype: note\ncreated: 2026-01-01\n'));
  const run = { status, config: { ...defaultWaveConfig, vaultSync: { mode, folder: 'kb' } } } as WaveRun;
  const warnings = checkVaultAtClose(project.context, run);
  if (typeof outcome === 'string') await expect(warnings).rejects.toMatchObject({ code: outcome });
  else if (outcome === undefined) expect(await warnings).toEqual([]);
  else expect(await warnings).toEqual([expect.stringMatching(outcome)]);
  const agent = { task: 'Write notes', files: ['kb/b.md'] };
  expect('frontmatterGuard' in guardFor(run, agent)).toBe(mode !== 'off');
  expect(guardFor(run, { ...agent, files: ['src/b.ts'] })).toEqual({});
});
