import { describe, expect, it } from 'vitest';
import { refusal } from '../support.ts';
import { listPath, SyncRig } from './syncSupport.ts';

const three = [
  ['schema', 'COMPLETE', 'Write the schema'],
  ['data', 'IN_PROGRESS', 'Move the data', 'schema'],
  ['docs', 'PENDING', 'Write it down', 'data'],
] as const;

/** Syncs, and checks that a second sync finds nothing to do. */
async function settle(rig: SyncRig) {
  const result = await rig.sync();
  const [text, files] = [rig.project.text(listPath), new Map(rig.claude.files)];
  const again = await rig.sync();
  expect(again.changes).toEqual([]);
  expect(rig.project.text(listPath)).toBe(text);
  expect(rig.claude.files).toEqual(files);
  return result;
}

async function linked(rows: ConstructorParameters<typeof SyncRig>[0] = three): Promise<SyncRig> {
  const rig = new SyncRig(rows);
  await settle(rig);
  return rig;
}

describe('the first sync', () => {
  it('creates the tasks there, with states, dependencies on both ends and our ID', async () => {
    const rig = new SyncRig(three);
    const before = rig.project.text(listPath);
    const { isNew, changes } = await settle(rig);
    expect(isNew).toBe(true);
    expect(changes.map(({ side, kind, task }) => `${side} ${kind} ${task}`)).toEqual([
      'claude created schema',
      'claude created data',
      'claude created docs',
    ]);
    expect(rig.claude.lines()).toEqual([
      '#1 [completed] Write the schema',
      '#2 [in_progress] Move the data [blocked by #1]',
      '#3 [pending] Write it down [blocked by #2]',
    ]);
    expect(rig.claude.task('1').blocks).toEqual(['2']);
    expect(rig.claude.task('2').metadata).toEqual({ baton: 'data' });
    expect(rig.project.text(listPath)).toBe(before);
  });

  it('writes files as Claude Code does: string IDs, two spaces, no final newline, an activeForm', async () => {
    const rig = await linked([['schema', 'PENDING', 'Write the schema']]);
    expect(rig.claude.files.get('1')).toBe(`{
  "id": "1",
  "subject": "Write the schema",
  "description": "Task schema of the task list “Shop” (docs/tasks/shop-x3f9.md).",
  "activeForm": "Write the schema",
  "status": "pending",
  "blocks": [],
  "blockedBy": [],
  "metadata": {
    "baton": "schema"
  }
}`);
  });

  it('brings the tasks of the store here, those of the same title once', async () => {
    const rig = new SyncRig(three);
    rig.claude.create('Move the data');
    rig.claude.create('Größe | prüfen');
    rig.claude.update('2', { status: 'in_progress' });
    rig.claude.block('2', '1');
    await settle(rig);
    expect(rig.rows()).toContain('grosse-prufen IN_PROGRESS Größe | prüfen <- data');
    expect(rig.list.tasks).toHaveLength(4);
    expect(rig.claude.task('1')).toMatchObject({ status: 'in_progress', metadata: { baton: 'data' } });
    expect(rig.claude.tasks).toHaveLength(4);
    expect(rig.list.notes.map(({ text }) => text)).toEqual([]);
  });

  it('goes on numbering behind the high-water mark', async () => {
    const rig = new SyncRig([['schema', 'PENDING', 'Write the schema']]);
    rig.claude.highWaterMark = 41;
    await settle(rig);
    expect([...rig.claude.files.keys()]).toEqual(['42']);
  });

  it('creates more than one lock may hold', async () => {
    const rows = Array.from(
      { length: 250 },
      (_, at) => [`t${at}`, 'PENDING', `Task ${at}`, at > 0 ? `t${at - 1}` : ''] as const,
    );
    const rig = await linked(rows);
    expect(rig.claude.files.size).toBe(250);
    expect(rig.claude.task('200').blockedBy).toEqual(['199']);
  });

  it('does nothing but tell with dryRun', async () => {
    const rig = new SyncRig(three);
    const { changes } = await rig.sync({ dryRun: true });
    expect(changes).toHaveLength(3);
    expect(rig.claude.files.size).toBe(0);
    expect(rig.project.records()).toEqual({});
  });
});

describe('changes', () => {
  it('bring states both ways', async () => {
    const rig = await linked();
    rig.claude.update('2', { status: 'completed' });
    rig.edit('| docs | PENDING', '| docs | IN_PROGRESS');
    await settle(rig);
    expect(rig.rows()[1]).toBe('data COMPLETE Move the data <- schema');
    expect(rig.list.tasks[1]).toMatchObject({ session: '1' });
    expect(rig.claude.task('3').status).toBe('in_progress');
  });

  it('bring titles, dependencies, new tasks and removed ones both ways', async () => {
    const rig = await linked();
    rig.claude.update('3', { subject: 'Write it\n all down' });
    rig.claude.create('Celebrate');
    rig.claude.block('4', '3');
    rig.edit('| Move the data | schema |', '| Move all data | — |');
    rig.edit('\n\n## Sessions', '\n| extra | PENDING | Something more | data | — | — |\n\n## Sessions');
    await settle(rig);
    expect(rig.rows()).toEqual(
      expect.arrayContaining([
        'data IN_PROGRESS Move all data',
        'docs PENDING Write it all down <- data',
        'celebrate PENDING Celebrate <- docs',
        'extra PENDING Something more <- data',
      ]),
    );
    expect(rig.claude.lines()).toEqual([
      '#1 [completed] Write the schema',
      '#2 [in_progress] Move all data',
      '#3 [pending] Write it\n all down [blocked by #2]',
      '#4 [pending] Celebrate [blocked by #3]',
      '#5 [pending] Something more [blocked by #2]',
    ]);
    rig.claude.delete('4');
    rig.edit(/\| extra .*\n/, '');
    await settle(rig);
    expect(rig.list.tasks.map(({ id }) => id)).toEqual(['schema', 'data', 'docs']);
    expect(rig.list.notes).toMatchObject([{ kind: 'removed', task: 'celebrate' }]);
    expect([...rig.claude.files.keys()]).toEqual(['1', '2', '3']);
    expect(rig.claude.highWaterMark).toBe(5);
    expect(rig.claude.task('2').blocks).toEqual(['3']);
  });

  it('keep unknown keys, formatting and a final newline of a file byte for byte', async () => {
    const rig = await linked();
    const text =
      '{ "x": [1,  2], "id":"2",\r\n "subject":"Move the data","description":"","status": "in_progress" , "blocks":["3"],"blockedBy":["1"], "metadata":{"a":null,"baton":"data"} }\n';
    rig.claude.files.set('2', text);
    rig.edit('| data | IN_PROGRESS', '| data | COMPLETE');
    await settle(rig);
    expect(rig.claude.files.get('2')).toBe(text.replace('"in_progress"', '"completed"'));
  });

  it('follow a row that was renamed', async () => {
    const rig = await linked();
    rig.edit('| data | IN_PROGRESS', '| rows | IN_PROGRESS');
    rig.edit('| Write it down | data |', '| Write it down | rows |');
    rig.edit('## Handoff', '## Notes\n\n- [2026-01-02T09:00+01:00] renamed data to rows: Move the data\n\n## Handoff');
    await settle(rig);
    expect(rig.claude.task('2').metadata).toEqual({ baton: 'rows' });
    expect(rig.claude.files.size).toBe(3);
  });

  it('write down what is no orderly transition', async () => {
    const rig = await linked();
    rig.claude.update('1', { status: 'in_progress' });
    rig.claude.update('3', { status: 'in_progress' });
    await settle(rig);
    expect(rig.list.notes.map(({ kind, text }) => [kind, text.replace(/^\[[^\]]*\] /, '')])).toEqual([
      ['forced', 'forced schema: COMPLETE -> IN_PROGRESS in session 1 by Claude Code (#1); it was COMPLETE'],
      ['forced', 'forced docs: PENDING -> IN_PROGRESS in session 1 by Claude Code (#3); not complete: data'],
    ]);
  });

  it('survive a kill at any moment', async () => {
    for (let killAt = 1; killAt < 12; killAt++) {
      const rig = await linked();
      rig.claude.create('Celebrate');
      rig.claude.update('2', { status: 'completed' });
      rig.edit('| docs | PENDING | Write it down', '| docs | IN_PROGRESS | Write all down');
      rig.edit('\n\n## Sessions', '\n| extra | PENDING | Something more | data | — | — |\n\n## Sessions');
      let count = 0;
      const tick = () => {
        count += 1;
        if (count === killAt) throw new Error('killed');
      };
      rig.claude.beforeChange = tick;
      rig.project.beforeChange = tick;
      await rig.sync().catch(() => undefined);
      rig.claude.beforeChange = undefined;
      rig.project.beforeChange = undefined;
      await settle(rig);
      expect(rig.rows().toSorted()).toEqual([
        'celebrate PENDING Celebrate',
        'data COMPLETE Move the data <- schema',
        'docs IN_PROGRESS Write all down <- data',
        'extra PENDING Something more <- data',
        'schema COMPLETE Write the schema',
      ]);
      expect(rig.claude.files.size).toBe(5);
    }
  });

  it('that come while files are written are not overwritten', async () => {
    const rig = await linked();
    rig.edit('| docs | PENDING', '| docs | IN_PROGRESS');
    rig.edit('\n\n## Sessions', '\n| extra | PENDING | Something more | docs | — | — |\n\n## Sessions');
    let isDone = false;
    rig.claude.beforeChange = () => {
      if (isDone) return;
      isDone = true;
      rig.claude.create('In between');
      rig.claude.update('3', { subject: 'Write everything down' });
    };
    await settle(rig);
    expect(rig.rows()).toEqual(
      expect.arrayContaining(['docs IN_PROGRESS Write everything down <- data', 'in-between PENDING In between']),
    );
    expect(rig.claude.lines().slice(2)).toEqual([
      '#3 [in_progress] Write everything down [blocked by #2]',
      '#4 [pending] In between',
      '#5 [pending] Something more [blocked by #3]',
    ]);
  });
});

describe('what vanished from the store', () => {
  it('stays here when it was complete, and is told as rescued', async () => {
    const rig = await linked();
    rig.claude.delete('1');
    expect((await settle(rig)).rescued).toEqual(['schema']);
    expect(rig.rows()[0]).toBe('schema COMPLETE Write the schema');
    expect(rig.rows()[1]).toBe('data IN_PROGRESS Move the data <- schema');
    for (const number of ['2', '3']) rig.claude.update(number, { status: 'completed' });
    await settle(rig);
    rig.claude.reset();
    const { rescued, conflicts } = await settle(rig);
    expect(rescued).toEqual(['schema', 'data', 'docs']);
    expect(conflicts).toEqual([]);
    expect(rig.list.tasks.every(({ status }) => status === 'COMPLETE')).toBe(true);
  });

  it('is rescued also where another task has its number now', async () => {
    const rig = await linked([['schema', 'COMPLETE', 'Write the schema']]);
    rig.claude.files.clear();
    expect(rig.claude.create('Another thing')).toBe('1');
    const { rescued } = await settle(rig);
    expect(rescued).toEqual(['schema']);
    expect(rig.rows()).toEqual(
      expect.arrayContaining(['schema COMPLETE Write the schema', 'another-thing PENDING Another thing']),
    );
  });

  it('goes there again when it is to be done once more', async () => {
    const rig = await linked();
    rig.claude.delete('1');
    await settle(rig);
    rig.edit('| schema | COMPLETE', '| schema | PENDING');
    await settle(rig);
    expect(rig.claude.lines()).toContain('#4 [pending] Write the schema');
    expect(rig.claude.task('2').blockedBy).toEqual(['4']);
  });

  it('is a conflict, not a removal, when work on it had begun or the whole store is empty', async () => {
    const rig = await linked();
    rig.claude.delete('2');
    const first = await settle(rig);
    expect(first.conflicts).toMatchObject([{ kind: 'vanished', task: 'data', number: '2' }]);
    rig.claude.files.clear();
    const second = await settle(rig);
    expect(second.conflicts.map(({ task }) => task)).toEqual(['data', 'docs']);
    expect(rig.list.tasks).toHaveLength(3);
    expect((await rig.sync({ prefer: 'list' })).conflicts).toEqual([]);
    expect(rig.claude.lines().map((line) => line.replace(/#\d+/, '#'))).toEqual([
      '# [in_progress] Move the data',
      expect.stringMatching(/^# \[pending\] Write it down \[blocked by #\d+\]$/),
    ]);
  });

  it('is a conflict where Claude Code did not write down that it removed it', async () => {
    const rig = await linked();
    rig.claude.files.delete('3');
    expect((await settle(rig)).conflicts).toMatchObject([{ kind: 'vanished', task: 'docs' }]);
    await rig.sync({ prefer: 'claude' });
    expect(rig.list.tasks.map(({ id }) => id)).toEqual(['schema', 'data']);
  });

  it('is filled again when the whole folder is gone', async () => {
    const rig = await linked();
    rig.claude.files.clear();
    rig.claude.isThere = false;
    const { rescued, conflicts } = await settle(rig);
    expect(rescued).toEqual(['schema']);
    expect(conflicts).toEqual([]);
    expect(rig.claude.lines()).toEqual([
      '#1 [in_progress] Move the data',
      '#2 [pending] Write it down [blocked by #1]',
    ]);
  });
});

describe('conflicts', () => {
  it('are told and left on both sides until a side is preferred or both agree', async () => {
    const rig = await linked();
    rig.edit('| docs | PENDING | Write it down', '| docs | IN_PROGRESS | Write this down');
    rig.claude.update('3', { status: 'completed', subject: 'Write that down' });
    const { conflicts } = await settle(rig);
    expect(conflicts.map(({ kind, task, number }) => [kind, task, number])).toEqual([
      ['status', 'docs', '3'],
      ['title', 'docs', '3'],
    ]);
    expect(rig.rows()[2]).toBe('docs IN_PROGRESS Write this down <- data');
    expect(rig.claude.lines()[2]).toBe('#3 [completed] Write that down [blocked by #2]');
    rig.edit('| docs | IN_PROGRESS', '| docs | COMPLETE');
    expect((await settle(rig)).conflicts.map(({ kind }) => kind)).toEqual(['title']);
    expect((await rig.sync({ prefer: 'claude' })).conflicts).toEqual([]);
    expect(rig.rows()[2]).toBe('docs COMPLETE Write that down <- data');
    expect((await settle(rig)).conflicts).toEqual([]);
  });

  it('are told where a row was removed here and changed there', async () => {
    const rig = await linked();
    rig.edit(/\| docs .*\n/, '');
    rig.claude.update('3', { status: 'in_progress' });
    expect((await settle(rig)).conflicts).toMatchObject([{ kind: 'removed', task: 'docs', number: '3' }]);
    await rig.sync({ prefer: 'claude' });
    expect((await settle(rig)).conflicts).toEqual([]);
    expect(rig.rows()).toContain('docs IN_PROGRESS Write it down <- data');
  });

  it('are told where a complete task was made anew, as a session does that lost the list', async () => {
    const rig = await linked([['schema', 'COMPLETE', 'Write the schema']]);
    rig.claude.reset();
    await settle(rig);
    rig.claude.create('Write the schema');
    const { conflicts, rescued } = await settle(rig);
    expect(conflicts).toMatchObject([{ kind: 'recreated', task: 'schema', number: '2' }]);
    expect(rescued).toEqual([]);
    expect(rig.rows()).toEqual(['schema COMPLETE Write the schema']);
    await rig.sync({ prefer: 'list' });
    expect(rig.claude.lines()).toEqual(['#2 [completed] Write the schema']);
    expect((await settle(rig)).conflicts).toEqual([]);
  });

  it('are told where titles do not say which task is which', async () => {
    const rig = new SyncRig([
      ['a', 'PENDING', 'Test'],
      ['b', 'PENDING', 'Test'],
    ]);
    rig.claude.create('Test');
    expect((await settle(rig)).conflicts).toMatchObject([{ kind: 'ambiguous' }]);
    expect(rig.list.tasks).toHaveLength(2);
    expect(rig.claude.files.size).toBe(1);
    rig.edit('| b | PENDING | Test', '| b | PENDING | Test again');
    expect((await settle(rig)).conflicts).toEqual([]);
    expect(rig.claude.task('1').metadata).toEqual({ baton: 'a' });
  });

  it('are told where dependencies would close a circle', async () => {
    const rig = await linked([
      ['a', 'PENDING', 'A'],
      ['b', 'PENDING', 'B'],
    ]);
    rig.edit('| A | — |', '| A | b |');
    rig.claude.block('2', '1');
    expect((await settle(rig)).conflicts.map(({ kind }) => kind)).toEqual(['dependencies', 'dependencies']);
    expect(rig.rows()).toEqual(['a PENDING A <- b', 'b PENDING B']);
    expect(rig.claude.lines()).toEqual(['#1 [pending] A', '#2 [pending] B [blocked by #1]']);
    rig.edit('| A | b |', '| A | — |');
    expect((await settle(rig)).conflicts).toEqual([]);
    expect(rig.rows()[1]).toBe('b PENDING B <- a');
  });
});

describe('odd files', () => {
  it('are read as far as they say something, shown, and not mended', async () => {
    const rig = await linked();
    rig.claude.files.set('3', (rig.claude.files.get('3') ?? '').replace('"pending"', '"done"'));
    const odd = rig.claude.files.get('3');
    const { problems } = await settle(rig);
    expect(rig.rows()[2]).toBe('docs COMPLETE Write it down <- data');
    expect(problems).toEqual(['#3 has the status "done", read as COMPLETE']);
    expect(rig.claude.files.get('3')).toBe(odd);
  });

  it('with one-sided dependencies change nothing here', async () => {
    const rig = await linked();
    rig.claude.update('1', { blocks: ['2', '3'] });
    rig.claude.update('3', { blockedBy: ['2', '99'] });
    const { problems } = await settle(rig);
    expect(problems).toEqual([
      '#1 says that it blocks #3, which does not say so',
      '#3 is blocked by #99, which is not there',
    ]);
    expect(rig.rows()[2]).toBe('docs PENDING Write it down <- data');
    expect(rig.claude.task('1').blocks).toEqual(['2', '3']);
  });

  it('that cannot be read are left out, and their rows stay', async () => {
    const rig = await linked();
    for (const text of ['', '{"id": "3", "subj', '[]', '{"id":"3"}', '{"subject": 3}']) {
      rig.claude.files.set('3', text);
      const { problems, conflicts } = await settle(rig);
      expect(problems).toHaveLength(1);
      expect(conflicts).toEqual([]);
      expect(rig.rows()[2]).toBe('docs PENDING Write it down <- data');
      expect(rig.claude.files.get('3')).toBe(text);
    }
  });

  it('of Claude Code itself are not brought here', async () => {
    const rig = await linked();
    rig.claude.create('Watch', { metadata: { _internal: true } });
    await settle(rig);
    expect(rig.list.tasks).toHaveLength(3);
  });

  it('with keys that stand twice are not changed', async () => {
    const rig = await linked();
    const text = (rig.claude.files.get('3') ?? '').replace('"status"', '"status": "pending",\n  "status"');
    rig.claude.files.set('3', text);
    rig.edit('| docs | PENDING', '| docs | IN_PROGRESS');
    const { problems } = await rig.sync();
    expect(problems).toEqual(['#3 cannot be changed: mend its JSON']);
    expect(rig.claude.files.get('3')).toBe(text);
    rig.claude.update('3', {});
    await settle(rig);
    expect(rig.claude.task('3').status).toBe('in_progress');
  });
});

it('refuses two lists that Claude Code could not tell apart, and an unknown one', async () => {
  const rig = await linked();
  const text = (rig.project.text(listPath) ?? '').replace('id: shop-x3f9', 'id: shop.x3f9');
  rig.project.set('docs/tasks/other.md', text);
  const error = await refusal(rig.sync(), 'ambiguous-list');
  expect(error.data).toMatchObject({ folder: 'shop-x3f9' });
  await refusal(rig.sync({ list: 'nothing' }), 'unknown-list');
});
