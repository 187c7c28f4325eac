import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CliProject, collectOutcome, waitFor } from './support/cliProject.ts';
import { shopFiles } from './support/shop.ts';

describe('the inbox', () => {
  let project: CliProject;

  beforeEach(() => {
    project = new CliProject(shopFiles);
  });
  afterEach(() => project.dispose());

  it('keeps a question until somebody answers it, once', async () => {
    await project.run(['start', 'BE-02']);
    const asked = await project.json([
      'ask',
      'Which port?',
      '--option',
      '8080',
      '--option',
      'Another',
      '--context',
      'two apps',
    ]);
    const { id } = asked.data.item;
    expect(id).toMatch(/^which-port-[0-9a-f]{6}$/);
    expect(project.gitStatus()).not.toContain('inbox');

    const open = await project.json(['inbox']);
    expect(open.data.items).toMatchObject([
      {
        id,
        question: 'Which port?',
        options: ['8080', 'Another'],
        context: 'two apps',
        session: 'BE-02',
        answer: null,
      },
    ]);
    const answered = await project.json(['answer', id, '2']);
    expect(answered.data.item).toMatchObject({ id, answer: 'Another' });
    expect((await project.json(['inbox'])).data.items).toEqual([]);
    expect((await project.json(['inbox', '--all'])).data.items).toMatchObject([{ id, answer: 'Another' }]);

    const again = await project.json(['answer', id, 'no']);
    expect(again).toMatchObject({ code: 1, error: { code: 'wrong-state', data: { answer: 'Another' } } });
  });

  it('lets an agent wait for the answer', async () => {
    const asking = project.start(['ask', 'Größe der', 'Liste?', '--blocking']);
    const ended = collectOutcome(asking);
    let id = '';
    for (let tries = 0; id === '' && tries < 50; tries++) {
      id = (await project.json(['inbox'])).data.items[0]?.id ?? '';
    }
    await project.run(['answer', id, 'zwei', 'Meter']);
    expect(await ended).toMatchObject({ code: 0, stdout: 'zwei Meter\n' });
  });

  it('ends a wait on Ctrl-C and keeps the question', async () => {
    const asking = project.start(['ask', 'Now?', '--blocking']);
    const ended = collectOutcome(asking);
    for (let tries = 0; tries < 50 && (await project.json(['inbox'])).data.items.length === 0; tries++);
    asking.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 130 });
    expect((await project.json(['inbox'])).data.items).toHaveLength(1);
  });

  it('lets one of two answerers win', async () => {
    const { id } = (await project.json(['ask', 'Left or right?'])).data.item;
    const both = await Promise.all([project.json(['answer', id, 'left']), project.json(['answer', id, 'right'])]);
    expect(both.map(({ ok }) => ok).sort()).toEqual([false, true]);
    const winner = both.find(({ ok }) => ok)?.data.item.answer;
    expect((await project.json(['inbox', '--all'])).data.items[0].answer).toBe(winner);
  });

  it('says which isolated session asks', async () => {
    const environment = { BATON_SESSION_ID: 'session-BE-02-mjvznquz-xhjpar' };
    const asked = await project.json(['ask', 'Which port?'], { environment });
    expect(asked.data.item).toMatchObject({ isolated: environment.BATON_SESSION_ID, session: null });
    expect((await project.json(['inbox'])).data.items).toMatchObject([{ isolated: environment.BATON_SESSION_ID }]);
    expect((await project.run(['inbox'])).stdout).toContain(`  ${environment.BATON_SESSION_ID}\n`);
    // The session is not there any more: its answer starts nothing.
    expect(await project.json(['answer', asked.data.item.id, '80'])).toMatchObject({ ok: true });
  });

  it('takes the outbox of a worker that may write nothing under .git', async () => {
    project.write('.git/baton/inbox', 'no folder');
    const refused = await project.json(['ask', 'Which port?']);
    expect(refused).toMatchObject({ code: 1, error: { code: 'io-failed' } });
    const outbox = join(project.root, '.baton');
    const environment = { BATON_SESSION_ID: 'session-BE-02-mjvznquz-xhjpar', BATON_OUTBOX: outbox };
    const left = await project.run(['ask', 'Which host?', '--context', 'two of them'], { environment });
    expect(left).toMatchObject({ code: 0, stdout: expect.stringContaining('Asked') });
    const asking = project.start(['ask', 'Which port?', '--option', '8080', '--blocking'], { environment });
    const ended = collectOutcome(asking);
    const questions = () => JSON.parse(project.read('.baton/questions.json'));
    await waitFor(() => questions().length === 2);
    expect(questions()).toMatchObject([
      { question: 'Which host?', context: 'two of them', blocking: false },
      { question: 'Which port?', options: ['8080'], blocking: true },
    ]);
    const answers = [{ questionId: questions()[1].id, answer: '8080', answeredAt: '2026-01-02T08:00:00Z' }];
    project.write('.baton/answers.json', JSON.stringify(answers));
    expect(await ended).toMatchObject({ code: 0, stdout: '8080\n' });
  });

  it('shows what blocks somebody first, and names the nearest item', async () => {
    await project.run(['ask', 'First?']);
    const waiting = project.start(['ask', 'Second?', '--blocking']);
    const ended = collectOutcome(waiting);
    let items: { id: string; question: string }[] = [];
    for (let tries = 0; tries < 50 && items.length < 2; tries++) items = (await project.json(['inbox'])).data.items;
    expect(items.map(({ question }) => question)).toEqual(['Second?', 'First?']);
    const id = items[0]?.id ?? '';
    const slip = await project.json(['answer', `${id}x`, 'yes']);
    expect(slip).toMatchObject({ code: 1, error: { code: 'unknown-item', data: { nearest: [id] } } });
    expect(await project.json(['answer', '../../config', 'yes'])).toMatchObject({ error: { code: 'unknown-item' } });
    await project.run(['answer', id, 'yes']);
    await ended;
  });
});
