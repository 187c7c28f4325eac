/**
 * Runs first in an extension host (`--import`) and notes what its main thread spends on each measured extension: loading the code, calling
 * `activate`, and until that is fulfilled. VS Code's own clock goes on while the machine does something else, this one does not.
 */
import { appendFileSync } from 'node:fs';
import Module from 'node:module';

const file = process.env.BATON_ACTIVATION_TIMES;
const measured = /[/\\.](baton-session-orchestrator|merge-conflict)[^/\\]*[/\\](dist|out)[/\\][^/\\]+$/;

if (file !== undefined && process.argv.includes('--type=extensionHost')) {
  const load = Module._load;
  Module._load = function (request, ...rest) {
    const [, name] = measured.exec(request) ?? [];
    if (name === undefined) return load.call(this, request, ...rest);
    const [module, spentLoading] = timed(() => load.call(this, request, ...rest));
    const activate = (context) => {
      const [result, spentCalling] = timed(() => module.activate(context));
      const called = process.threadCpuUsage();
      return Promise.resolve(result).finally(() => {
        appendFileSync(
          file,
          `${JSON.stringify({ name, load: spentLoading, call: spentCalling, finish: since(called) })}\n`,
        );
      });
    };
    return { ...module, activate };
  };
}

function timed(act) {
  const start = process.threadCpuUsage();
  const result = act();
  return [result, since(start)];
}

function since(start) {
  const { user, system } = process.threadCpuUsage(start);
  return (user + system) / 1000;
}
