import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ClaudeTasks } from '../../src/core/ports/claudeTasks.ts';
import { createClaudeTasks } from '../../src/platform/claudeTaskStore.ts';
import { withProperLock } from '../../src/platform/properLock.ts';
import { bundleForNode, startNode } from '../support/startNode.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

interface Rig {
  readonly tasks: ClaudeTasks;
  readonly folder: string;
  put(name: string, text: string): void;
  text(name: string): string;
}

function createRig(options: { readonly waitMs?: number } = {}): Rig {
  const config = join(temporaryFolder(), 'Größe & Co');
  const state = join(temporaryFolder(), 'state');
  const before = process.env['BATON_STATE_HOME'];
  process.env['BATON_STATE_HOME'] = state;
  onTestFinished(() => {
    if (before === undefined) delete process.env['BATON_STATE_HOME'];
    else process.env['BATON_STATE_HOME'] = before;
  });
  const folder = join(config, 'tasks/my-list');
  return {
    tasks: createClaudeTasks({ configFolder: config, ...options }),
    folder,
    put(name, text) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, name), text);
    },
    text: (name) => readFileSync(join(folder, name), 'utf8'),
  };
}

/** Only letters, digits, "-" and "_" are in Claude Code's names of folders. */
const list = 'my.list';

describe("Claude Code's store", () => {
  it('is nothing where there is no folder, and has files, mark and what cannot be read', async () => {
    const rig = createRig();
    expect(await rig.tasks.read(list)).toBeUndefined();
    rig.put('2.json', '{"id":"2"}');
    rig.put('10.json', '\ufeff{"id":"10"}\r\n');
    rig.put('.highwatermark', '12');
    rig.put('.lock', '');
    rig.put('notes.txt', '');
    writeFileSync(join(rig.folder, '3.json'), Buffer.from([0xff, 0xfe, 0x7b]));
    mkdirSync(join(rig.folder, '4.json'));
    mkdirSync(join(rig.folder, '2.json.lock'));
    const store = await rig.tasks.read(list);
    expect([...(store?.files ?? [])]).toEqual([
      ['2', '{"id":"2"}'],
      ['10', '\ufeff{"id":"10"}\r\n'],
    ]);
    expect([...(store?.unreadable.keys() ?? [])]).toEqual(['3', '4']);
    expect(store?.highWaterMark).toBe(12);
    expect(rig.tasks.locate(list)).toBe(rig.folder);
  });

  it('is read again where a file is half written', async () => {
    const rig = createRig();
    rig.put('1.json', '{"id": "1", "sub');
    setTimeout(() => rig.put('1.json', '{"id": "1", "subject": "x"}'), 30);
    expect((await rig.tasks.read(list))?.files.get('1')).toBe('{"id": "1", "subject": "x"}');
  });

  it('gets changes where files are still what was read, and tells of the others', async () => {
    const rig = createRig();
    rig.put('1.json', 'one');
    rig.put('2.json', 'two');
    rig.put('3.json', 'three');
    rig.put('.highwatermark', 'nonsense');
    chmodSync(join(rig.folder, '1.json'), 0o600);
    const stale = await rig.tasks.apply(list, [
      { kind: 'write', number: '1', before: 'one', after: 'ONE' },
      { kind: 'write', number: '2', before: 'zwei', after: 'TWO' },
      { kind: 'remove', number: '3', before: 'three' },
      { kind: 'create', number: '4', text: 'four' },
    ]);
    expect([...stale]).toEqual(['2']);
    expect(readdirSync(rig.folder).toSorted()).toEqual(['.highwatermark', '.lock', '1.json', '2.json', '4.json']);
    expect([rig.text('1.json'), rig.text('2.json'), rig.text('4.json')]).toEqual(['ONE', 'two', 'four']);
    expect(rig.text('.highwatermark')).toBe('3');
    expect(rig.text('.lock')).toBe('');
    expect(statSync(join(rig.folder, '1.json')).mode & 0o777).toBe(0o600);
  });

  it('gives no number away twice: what would point at a task that was not made is not written', async () => {
    const rig = createRig();
    rig.put('1.json', 'one');
    rig.put('.highwatermark', '7');
    const changes = [
      { kind: 'create', number: '2', text: 'two' },
      { kind: 'write', number: '1', before: 'one', after: 'one blocks two' },
    ] as const;
    expect([...(await rig.tasks.apply(list, changes))].toSorted()).toEqual(['1', '2']);
    expect(rig.text('1.json')).toBe('one');
    expect(existsSync(join(rig.folder, '2.json'))).toBe(false);
    expect([...(await rig.tasks.apply(list, [{ kind: 'create', number: '8', text: 'eight' }]))]).toEqual([]);
  });

  it('refuses where it may not write, and stays as it was', async () => {
    const rig = createRig();
    writeFileSync(join(temporaryFolder(), 'file'), '');
    const blocked = createClaudeTasks({ configFolder: join(rig.folder, 'no') });
    mkdirSync(rig.folder, { recursive: true });
    writeFileSync(join(rig.folder, 'no'), 'a file');
    await expect(blocked.apply(list, [{ kind: 'create', number: '1', text: 'x' }])).rejects.toMatchObject({
      name: 'BatonError',
    });
  });

  it('is changed by many processes at once without a number given away twice', async () => {
    const config = temporaryFolder();
    const file = bundleForNode('test/platform/children/applyTasks.ts', temporaryFolder());
    const ends = await Promise.all(
      ['a', 'b', 'c'].map((name) => startNode(file, [config, name, '12'], { BATON_STATE_HOME: config }).ended),
    );
    expect(ends.map(({ code, stderr }) => [code, stderr])).toEqual(Array.from({ length: 3 }, () => [0, '']));
    const folder = join(config, 'tasks/shared');
    const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
    const makers = names.map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')).name);
    expect(names).toHaveLength(36);
    for (const name of ['a', 'b', 'c']) expect(makers.filter((one) => one === name)).toHaveLength(12);
    expect(readdirSync(folder).filter((name) => name.endsWith('.lock') && name !== '.lock')).toEqual([]);
  });

  it('lets one process at a time bring a list into step', async () => {
    const rig = createRig({ waitMs: 100 });
    let release: (() => void) | undefined;
    const first = rig.tasks.exclusively(list, () => new Promise<void>((done) => (release = done)));
    await expect.poll(() => release).toBeDefined();
    await expect(rig.tasks.exclusively(list, async () => 1)).rejects.toMatchObject({ code: 'locked' });
    release?.();
    await first;
    expect(await rig.tasks.exclusively(list, async () => 2)).toBe(2);
  });

  it('is watched: changes of tasks are told, locks are not, and a folder that is made anew is seen', async () => {
    const rig = createRig();
    let count = 0;
    const watcher = await rig.tasks.watch(list, () => {
      count += 1;
    });
    onTestFinished(() => watcher.dispose());
    mkdirSync(join(rig.folder, '1.json.lock'));
    rig.put('.highwatermark', '1');
    await new Promise((done) => setTimeout(done, 100));
    expect(count).toBe(0);
    rig.put('1.json', '{}');
    await expect.poll(() => count).toBeGreaterThan(0);
    rmSync(rig.folder, { recursive: true });
    await new Promise((done) => setTimeout(done, 1_500));
    // It is nothing that a watcher would make again.
    expect(existsSync(rig.folder)).toBe(false);
    rig.put('.lock', '');
    await new Promise((done) => setTimeout(done, 1_500));
    const before = count;
    rig.put('2.json', '{}');
    await expect.poll(() => count).toBeGreaterThan(before);
  });
});

describe('the lock of the store', () => {
  it('is the folder <file>.lock, waited for while it is held', async () => {
    const file = join(temporaryFolder(), '1.json');
    mkdirSync(`${file}.lock`);
    const order: string[] = [];
    const mine = withProperLock(file, async () => {
      order.push('mine');
      expect(statSync(`${file}.lock`).isDirectory()).toBe(true);
    });
    await new Promise((done) => setTimeout(done, 150));
    order.push('theirs');
    const { rmdirSync } = await import('node:fs');
    rmdirSync(`${file}.lock`);
    await mine;
    expect(order).toEqual(['theirs', 'mine']);
    expect(existsSync(`${file}.lock`)).toBe(false);
  });

  it('is taken over after ten seconds without a sign of life', async () => {
    const file = join(temporaryFolder(), '1.json');
    mkdirSync(`${file}.lock`);
    const old = new Date(Date.now() - 11_000);
    utimesSync(`${file}.lock`, old, old);
    expect(await withProperLock(file, async () => 'mine')).toBe('mine');
  });

  it('is given back when the work fails, but not when somebody else has it by then', async () => {
    const file = join(temporaryFolder(), '1.json');
    await expect(withProperLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(existsSync(`${file}.lock`)).toBe(false);
    await withProperLock(file, async () => {
      const later = new Date(Date.now() + 5_000);
      utimesSync(`${file}.lock`, later, later);
    });
    expect(existsSync(`${file}.lock`)).toBe(true);
  });
});
