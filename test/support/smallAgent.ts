/** A small real program as an agent of the user's own, for what does not depend on which agent works. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * As an agent of a wave it writes the file that its task names (`Write src/a.ts`), but for a task that begins with `Slowly`, at which it
 * talks until it is stopped. Else what it does depends on the ID of its work item: `ask…` asks a question and ends its turn, and goes on
 * with the answer; `clash…` rewrites README.md; `slow…` talks until it is stopped; `broken…` ends with an error; all others write a file.
 * All but the last two approve their work.
 */
const program = `
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
const told = readFileSync(0, 'utf8');
const item = /Work item: ([\\w-]+),/.exec(told)?.[1] ?? 'unknown';
const answer = /Answer to q-1: (.*)/.exec(told)?.[1];
const outbox = process.env.BATON_OUTBOX;
const put = (name, value) => writeFileSync(outbox + '/' + name, JSON.stringify(value));
const wave = process.env.BATON_WAVE_AGENT;
console.log('reading ' + (wave ?? item));
if (wave === undefined) work();
else {
  const task = /## Task\\s+(.*)/.exec(told)?.[1] ?? '';
  const file = /Write (\\S+)/.exec(task)?.[1];
  if (task.startsWith('Slowly')) setInterval(() => console.log('still at ' + wave), 200);
  else if (file !== undefined) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, wave + '\\n');
  }
  if (!task.startsWith('Slowly')) console.log('STATUS: done — ' + (file ?? 'looked'));
}
function work() {
  if (item.startsWith('broken')) {
    console.error('the model is not there');
    process.exit(3);
  }
  if (item.startsWith('slow')) {
    let times = 0;
    setInterval(() => console.log('still at ' + item + ', ' + ++times), 200);
  } else if (item.startsWith('ask') && answer === undefined) {
    put('questions.json', [
      { id: 'q-1', question: 'Which port does ' + item + ' take?', options: ['8080', '9090'], context: 'Both are free', blocking: true },
    ]);
  } else {
    writeFileSync(item.startsWith('clash') ? 'README.md' : item + '.txt', item + ' ' + (answer ?? 'done') + '\\n');
    put('phase.json', { phase: 'review' });
    put('review.json', {
      decision: 'approved', summary: 'Wrote ' + item, reviewedBy: 'peer, tech-lead', timestamp: new Date().toISOString(), rounds: 1,
    });
  }
}
`;

/** Makes the agent the default of a user's configuration, and a second one whose arguments say that it asks nobody. */
export function writeSmallAgent(configFolder: string): void {
  mkdirSync(configFolder, { recursive: true });
  const file = join(configFolder, 'agent.mjs');
  writeFileSync(file, program);
  const small = { command: process.execPath, args: [file] };
  const agents = { default: 'small', agents: { small, bold: { ...small, args: [file, '--yolo'] } } };
  // JSON is YAML.
  writeFileSync(join(configFolder, 'agents.yaml'), JSON.stringify(agents));
}

/** Lets a supervisor look often, and end soon when nothing is left to do. */
export const quickSupervisor = { BATON_SUPERVISOR_SETTINGS: JSON.stringify({ pollMs: 100, idleMs: 1_000 }) } as const;
