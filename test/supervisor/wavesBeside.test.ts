import { afterEach, expect, it } from 'vitest';
import { readIsolatedSession } from '../../src/core/model/isolated.ts';
import { planOf, planPath, progressOf, progressPath } from '../cli/support/shop.ts';
import { WaveProject, wavePlanPath } from './support/waveProject.ts';
import { approve } from './support/workerProject.ts';

const plan = `## Wave Plan (Session: feature, 1 wave, isolation: none)

### Wave 1: Impl-Polish (2 agents, parallel)

- Agent 1: Choose a colour
  Id: asks
  Task: Choose a colour
  Files: src/colour.txt
- Agent 2: Talk
  Id: talks
  Task: Talk
  Files: src/talk.txt

### Execution Config

- Waves: 1 | Agents-per-wave cap: 3 | Isolation: none
- Enforcement: warn | Max turns: 5
`;

const asks = `echo '[{"id": "q-1", "question": "Which colour?", "options": ["red", "green"], "blocking": true}]' > "$BATON_OUTBOX/questions.json"
while ! grep -q green "$BATON_OUTBOX/answers.json" 2>/dev/null; do sleep 0.05; done
echo green > src/colour.txt
echo mine > README.md
echo "$SO_WAVE_AGENT $BATON_WAVE $BATON_WAVE_AGENT" > "$PLACE/environment"
echo "STATUS: done — green"`;

let project: WaveProject;
afterEach(() => project.dispose());

it('a wave run and an isolated session go side by side, and neither is blamed for the other', async () => {
  project = new WaveProject({
    plan,
    agents: {
      asks,
      talks: 'echo begun > "$PLACE/talks.begun"; (sleep 300) & while true; do echo talking; sleep 0.2; done',
      // Without a wave, the isolated session.
      '': `echo begun > "$PLACE/alone.begun"; while [ ! -f "$PLACE/go-alone" ]; do sleep 0.05; done; echo one > one.txt; ${approve}`,
    },
    config: {},
    files: {
      [planPath]: planOf([{ id: 'A-01', title: 'Title of A-01', dependencies: [] }]),
      [progressPath]: progressOf(['A-01']),
      'src/main.txt': 'one\n',
    },
  });
  const { dispatched } = await project.ok('dispatch', 'A-01');
  await project.wait('the session to begin', () => project.place('alone.begun') !== '');
  await project.ok('wave', 'run', '--plan', wavePlanPath);

  // An agent without a history of its own looks for its answer; it reaches the person under the run's name.
  await project.wait('the talk', () => project.place('talks.begun') !== '');
  const find = async () => (await project.ok('inbox')).items.find((one: { readonly wave?: string }) => one.wave);
  await project.wait('the question', async () => (await find()) !== undefined);
  const item = await find();
  expect(item).toMatchObject({
    question: 'Which colour?',
    options: ['red', 'green'],
    waveAgent: 'asks',
    blocking: true,
  });
  await project.ok('answer', item.id, 'green');
  await project.untilRun('the one that asked to end', ({ agents }) =>
    agents.some(({ key, status }) => key === 'asks' && status === 'done'),
  );
  expect(project.place('environment')).toBe('1 1 asks\n');

  await project.ok('wave', 'stop', 'talks');
  const run = await project.untilRun('its end', ({ status }) => status === 'completed');
  expect(run.agents.map(({ key, status }) => `${key} ${status}`)).toEqual(['asks done', 'talks stopped']);
  // In a shared tree a warning is a refusal; what the hook cannot see is undone afterwards.
  expect(project.project.has('README.md')).toBe(false);
  expect(project.project.read('src/colour.txt')).toBe('green\n');
  expect(run.deviations.map(({ text }) => text).join('\n')).toMatch(
    /changed outside its scope|asks, talks changed outside/,
  );

  project.put('go-alone');
  const state = () => readIsolatedSession(project.json(`isolated/${dispatched[0].id}/state.json`));
  await project.wait('the verdict', () => state()?.status === 'approved', state);
  expect(state()?.strayFiles).toBeUndefined();
  expect(project.log()).toContain(`${run.id} works too`);
});
