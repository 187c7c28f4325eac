// Runs one verb in a project and kills itself behind its n-th change: `killedVerb <root> <verb> <n>`. Prints how many changes there were.
import { neverCancelled } from '../../../../src/core/base/cancellation.ts';
import { WorkspaceStore } from '../../../../src/core/store/workspaceStore.ts';
import { createNodePorts } from '../../../../src/platform/nodePorts.ts';
import { fixedClock, nobody, runVerb, withChangeHook } from '../verbs.ts';

const [root = '', verb = '', limit = ''] = process.argv.slice(2);
let changes = 0;

const ports = await createNodePorts({
  root,
  prompt: nobody,
  logger: { info() {}, warn() {}, error() {} },
  override: (all) => ({
    clock: fixedClock,
    ...withChangeHook(all, () => {
      changes++;
      if (changes === Number(limit)) process.kill(process.pid, 'SIGKILL');
    }),
  }),
});
const context = {
  ports,
  store: new WorkspaceStore(ports),
  cancellation: neverCancelled,
  report: () => undefined,
  yes: true,
};
await runVerb(context, verb);
process.stdout.write(`changes ${changes}\n`);
