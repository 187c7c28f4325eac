/** Runs the shell line of its second argument in the folder of its first, as a verification does. */
import { createNodePorts } from '../../../src/platform/nodePorts.ts';

const [root = '', command = ''] = process.argv.slice(2);
const ports = await createNodePorts({
  root,
  prompt: {
    approveCommands: async () => undefined,
    chooseFiles: async () => undefined,
    confirm: async () => undefined,
  },
  logger: { info() {}, warn() {}, error() {} },
});
const { exitCode } = await ports.commands.run({
  command,
  folder: '',
  logKey: 'logs/test.log',
  timeoutMs: 120_000,
  cancellation: { isCancelled: false, onCancel: () => ({ dispose() {} }) },
});
process.exitCode = exitCode ?? 1;
