import { describe, expect, it } from 'vitest';
import {
  editStateFile,
  findStateFile,
  listStateFiles,
  readStateFile,
} from '../../../../src/core/actions/waves/stateFile.ts';
import { BatonError } from '../../../../src/core/errors.ts';
import { addDeviation, setStateFields } from '../../../../src/core/formats/waves/stateEdits.ts';
import { mayFollow } from '../../../../src/core/formats/waves/stateLife.ts';
import { assertStateWritable, utf8Length } from '../../../../src/core/formats/waves/stateLimits.ts';
import type { OrchestratorFiles } from '../../../../src/core/ports/orchestratorFiles.ts';
import type { Ports } from '../../../../src/core/ports/ports.ts';
import { createNodeOrchestratorFiles } from '../../../../src/platform/nodeOrchestratorFiles.ts';
import { createMemoryProject } from '../../../support/memoryFileSystem.ts';

const at = '2026-08-22T08:00:00.000Z';
const canonical = '---\nstatus: active\ncurrent-wave: 1\n---\n\n## Deviations\n\n(none yet)\n';

function contextOf(files: Readonly<Record<string, string>>, stateFolder = '.claude') {
  const project = createMemoryProject(files);
  const locks: string[] = [];
  const orchestrator: Pick<OrchestratorFiles, 'stateFolder' | 'exclusively'> = {
    stateFolder,
    async exclusively(lock, _, work) {
      locks.push(lock);
      return await work();
    },
  };
  const ports = { ...project, orchestrator: async () => orchestrator } as unknown as Ports;
  return { project, locks, context: { ports } };
}

async function refusalOf(run: () => unknown): Promise<string> {
  try {
    await run();
  } catch (error) {
    if (BatonError.is(error)) return `${error.code} ${error.data?.['reason'] ?? ''}`.trim();
    throw error;
  }
  return 'none';
}

describe('which STATE.md counts', () => {
  it.each([
    ['the preferred one', ['.claude', '.pi'], '.pi', '.pi/STATE.md'],
    ['the first that is there', ['.cursor', '.pi'], '.claude', '.cursor/STATE.md'],
    ['where none is, the preferred place', [], '.codex', '.codex/STATE.md'],
    ['a folder of one’s own', ['.state', '.claude'], '.state', '.state/STATE.md'],
  ])('%s', async (_, folders, preferred, expected) => {
    const files = Object.fromEntries(folders.map((folder) => [`${folder}/STATE.md`, canonical]));
    expect(await findStateFile(contextOf(files, preferred).context)).toBe(expected);
  });

  it('all are listed, that one first, also those of other sessions', async () => {
    const files = { '.claude/STATE-ui.md': canonical, '.pi/STATE.md': canonical, '.claude/OTHER.md': '' };
    expect(await listStateFiles(contextOf(files).context)).toEqual(['.pi/STATE.md', '.claude/STATE-ui.md']);
  });

  it.each([
    [{ SO_STATE_DIR: ' ./.mine/ ' }, '.mine'],
    [{ SO_STATE_DIR: '../up', SO_PLATFORM: 'codex' }, '.codex'],
    [{ SO_STATE_DIR: '/etc', SO_PLATFORM: 'other' }, '.claude'],
    [{ SO_PLATFORM: 'pi' }, '.pi'],
    [{}, '.claude'],
  ])('the environment %o prefers %s', (environment, folder) => {
    expect(createNodeOrchestratorFiles('/nowhere', environment).stateFolder).toBe(folder);
  });
});

describe('an edit of STATE.md', () => {
  it('is made under the lock, writes nothing where nothing changes, and makes the file only when told', async () => {
    const { project, locks, context } = contextOf({ '.claude/STATE.md': canonical });
    const edit = (text: string) => addDeviation(text, { at, message: 'm' });
    expect(await editStateFile(context, { edit })).toMatchObject({ path: '.claude/STATE.md', changed: true });
    expect(project.text('.claude/STATE.md')).toBe(canonical.replace('(none yet)', `- [${at}] m`));
    expect(await editStateFile(context, { edit })).toMatchObject({ changed: false });
    expect(project.changes).toHaveLength(1);
    expect(locks).toEqual(['.orchestrator/state.lock', '.orchestrator/state.lock']);
    const other = { file: '.claude/STATE-a.md', edit: (text: string) => setStateFields(text, { status: 'idle' }) };
    expect(await refusalOf(() => editStateFile(context, other))).toBe('unknown-item');
    expect(await readStateFile(context, other.file)).toBeUndefined();
    await editStateFile(context, { ...other, create: true });
    expect((await readStateFile(context, other.file))?.state.status).toBe('idle');
    expect(await refusalOf(() => editStateFile(context, { edit, expectedRevision: 'older' }))).toBe('conflict');
    const long = (text: string) => addDeviation(text, { at, message: 'x'.repeat(2000) });
    expect(await refusalOf(() => editStateFile(context, { edit: long }))).toBe('write-refused growth');
    expect(await editStateFile(context, { edit: long, mayGrow: true })).toMatchObject({ changed: true });
  });

  it.each([
    ['more than 256 KiB', 'x'.repeat(200_000), 'ü'.repeat(140_000), 'write-refused size'],
    ['a file beyond the limit that shrinks', 'x'.repeat(400_000), 'x'.repeat(300_000), 'none'],
    ['five times as much', 'x'.repeat(100), 'x'.repeat(501), 'write-refused growth'],
    ['exactly five times', 'x'.repeat(100), 'x'.repeat(500), 'none'],
    ['a first write of any size', undefined, 'x'.repeat(10_000), 'none'],
    [
      'frontmatter that others would rewrite',
      canonical,
      canonical.replace('active', "'active'"),
      'write-refused frontmatter',
    ],
    [
      'frontmatter that was so before',
      canonical.replace('active', "'idle'"),
      canonical.replace('active', "'x'"),
      'none',
    ],
    ['new frontmatter of that kind', undefined, '---\nstatus:\n---\n', 'write-refused frontmatter'],
  ])('%s: %#', async (_, before, after, expected) => {
    expect(await refusalOf(() => assertStateWritable('STATE.md', before, after))).toBe(expected);
  });

  it('counts bytes as UTF-8 has them', () => {
    for (const text of ['a', 'ü', '→', '😀', 'aü→😀']) expect(utf8Length(text)).toBe(Buffer.byteLength(text));
  });
});

describe('the life of a run', () => {
  it.each([
    ['idle', 'active', true],
    ['active', 'paused', true],
    ['paused', 'active', true],
    ['active', 'completed', true],
    ['completed', 'idle', true],
    ['completed', 'active', false],
    ['idle', 'completed', false],
    ['active', 'idle', false],
    [undefined, 'active', true],
  ] as const)('%s to %s: %s', (from, to, expected) => {
    expect(mayFollow(from, to)).toBe(expected);
  });
});
