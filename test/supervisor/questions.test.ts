import { afterAll, describe, expect, it } from 'vitest';
import { approve, WorkerProject } from './support/workerProject.ts';

interface Item {
  readonly id: string;
  readonly question: string;
  readonly isolated: string;
  readonly noAnswerAt: string | null;
}

async function openItem(project: WorkerProject, question: string): Promise<Item> {
  let found: Item | undefined;
  await project.wait(question, async () => {
    const { items } = await project.ok('inbox');
    found = items.find((item: Item) => item.question === question);
    return found !== undefined;
  });
  return found as Item;
}

describe('a question', () => {
  const project = new WorkerProject({
    config: 'max_parallel: 4\n',
    workers: {
      REST: `p="$(cat)"; case "$p" in *"Answer to q-7: blue"*) echo "$p" > .baton/told.txt; ${approve};; *) echo '{"id": "q-7", "question": "Which colour?", "options": ["red", "blue"]}' > .baton/questions.json;; esac`,
      LIVE: `echo '[{"id": "a", "question": "Go on?", "blocking": true}, {"id": "b", "question": "By the way?", "blocking": false}]' > .baton/questions.json; until grep -q '"questionId": "a"' .baton/answers.json 2> /dev/null; do sleep 0.05; done; ${approve}`,
      SIDE: `echo '{"questions": [{"question": "Only for later?", "blocking": false}]}' > .baton/questions.json; ${approve}`,
    },
  });
  afterAll(() => project.dispose());

  it('of a worker that has ended its turn waits without a process, and its answer continues it', async () => {
    await project.ok('dispatch', '--ready');
    await project.until('REST', 'waiting');
    const { id } = await openItem(project, 'Which colour?');
    expect((await project.baton('answer', `${id}x`, 'blue')).error).toMatchObject({
      code: 'unknown-item',
      data: { nearest: expect.arrayContaining([id]) },
    });
    const both = await Promise.all([project.baton('answer', id, '2'), project.baton('answer', id, 'BLUE')]);
    expect(both.map(({ ok }) => ok).sort()).toEqual([false, true]);
    expect(both.find(({ ok }) => !ok)?.error).toMatchObject({ code: 'wrong-state', data: { answer: 'blue' } });
    await project.until('REST', 'approved');
    expect(project.work('REST', '.baton/told.txt').split('Answer to q-7: blue')).toHaveLength(2);
  });

  it('of a worker that runs on is answered where it looks, and makes it wait meanwhile', async () => {
    const { history } = await project.until('LIVE', 'waiting');
    expect(history.map(({ status }) => status)).toEqual(['queued', 'preparing', 'running', 'waiting']);
    const { id } = await openItem(project, 'Go on?');
    await project.ok('answer', id, 'yes, go on');
    const { history: after } = await project.until('LIVE', 'approved');
    expect(after.slice(-2).map(({ status }) => status)).toEqual(['running', 'approved']);
    expect(JSON.parse(project.work('LIVE', '.baton/answers.json'))).toMatchObject([
      { questionId: 'a', answer: 'yes, go on' },
    ]);
  });

  it('that blocks nobody stays in the inbox, and keeps nobody from a verdict', async () => {
    await project.until('SIDE', 'approved');
    const { isolated } = await openItem(project, 'Only for later?');
    expect(isolated).toBe(project.session('SIDE').id);
    const { id } = await openItem(project, 'By the way?');
    await project.ok('answer', id, 'thanks');
    expect(project.session('LIVE').status).toBe('approved');
  });
});

describe('a question that nobody answers in time', () => {
  const project = new WorkerProject({
    config: 'question_timeout_minutes: 0.01\n',
    workers: {
      REST: `p="$(cat)"; case "$p" in *'Nobody has answered "Which colour?"'*) ${approve};; *) echo '{"question": "Which colour?"}' > .baton/questions.json;; esac`,
      LIVE: `echo '{"id": "a", "question": "Go on?"}' > .baton/questions.json; until grep -q '"noAnswer": true' .baton/answers.json 2> /dev/null; do sleep 0.05; done; until grep -q 'late' .baton/answers.json; do sleep 0.05; done; ${approve}`,
    },
  });
  afterAll(() => project.dispose());

  it('is told to its worker as no answer, and stays open', async () => {
    await project.ok('dispatch', '--ready');
    const { history } = await project.until('REST', 'approved');
    expect(history.find(({ status, why }) => status === 'queued' && why !== undefined)?.why).toContain(
      'neither yes nor no',
    );
    expect((await openItem(project, 'Which colour?')).noAnswerAt).not.toBeNull();
  });

  it('is told to one that waits in its process too, and an answer reaches it after all', async () => {
    await project.wait('LIVE to be told', () => {
      try {
        return project.work('LIVE', '.baton/answers.json').includes('noAnswer');
      } catch {
        return false;
      }
    });
    await project.until('LIVE', 'running');
    const { id } = await openItem(project, 'Go on?');
    await project.ok('answer', id, 'late');
    await project.until('LIVE', 'approved');
    expect(JSON.parse(project.work('LIVE', '.baton/answers.json'))).toMatchObject([
      { questionId: 'a', answer: 'late' },
    ]);
  });
});
