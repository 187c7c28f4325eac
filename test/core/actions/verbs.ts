import { checkpoint } from '../../../src/core/actions/checkpoint.ts';
import { complete } from '../../../src/core/actions/complete.ts';
import type { ActionContext } from '../../../src/core/actions/context.ts';
import { fail } from '../../../src/core/actions/fail.ts';
import { init } from '../../../src/core/actions/init.ts';
import { pause } from '../../../src/core/actions/pause.ts';
import { resume } from '../../../src/core/actions/resume.ts';
import { rollback } from '../../../src/core/actions/rollback.ts';
import { start } from '../../../src/core/actions/start.ts';
import { verify } from '../../../src/core/actions/verify.ts';
import type { Clock } from '../../../src/core/ports/clock.ts';
import type { Git } from '../../../src/core/ports/git.ts';
import type { Ports } from '../../../src/core/ports/ports.ts';
import type { Prompt } from '../../../src/core/ports/prompt.ts';

/** Nobody can be asked. */
export const nobody: Prompt = {
  approveCommands: async () => undefined,
  chooseFiles: async () => undefined,
  confirm: async () => undefined,
};

/** Always the same moment, so that two runs of a verb write the same. */
export const fixedClock: Clock = {
  now: () => ({
    epochMs: Date.UTC(2026, 0, 2, 8, 0, 0),
    year: 2026,
    month: 1,
    day: 2,
    hour: 9,
    minute: 0,
    second: 0,
    offsetMinutes: 60,
  }),
};

const verbs: Readonly<Record<string, (context: ActionContext) => Promise<unknown>>> = {
  start: (context) => start(context, { id: 'A-01' }),
  'start-force': (context) => start(context, { id: 'A-02', force: true }),
  checkpoint: (context) => checkpoint(context, { message: 'some of it' }),
  verify: (context) => verify(context),
  complete: (context) => complete(context, { message: 'feat(schema): add it' }),
  'complete-claimed': (context) => complete(context, { message: 'feat(schema): add it', verify: false }),
  pause: (context) => pause(context, { reason: 'lunch' }),
  resume: (context) => resume(context),
  fail: (context) => fail(context, { why: 'it cannot be done' }),
  rollback: (context) => rollback(context),
  'rollback-done': (context) => rollback(context, { session: 'A-01' }),
  init: (context) => init(context, { project: 'Second One', repositories: ['one'] }),
};

/** Runs a verb by its name with arguments that fit the test project. */
export async function runVerb(context: ActionContext, name: string): Promise<unknown> {
  const verb = verbs[name];
  if (!verb) throw new Error(`no verb ${name}`);
  return verb(context);
}

/** Ports that call `onChange` behind each change that they have made: of a file, of a record, of the repository. */
export function withChangeHook(ports: Ports, onChange: () => void): Partial<Ports> {
  const { stateFiles, localState } = ports;
  const after = async <T>(change: Promise<T>): Promise<T> => {
    const result = await change;
    onChange();
    return result;
  };
  return {
    stateFiles: {
      update: (path, plan, options) => after(stateFiles.update(path, plan, options)),
      move: (from, to) => after(stateFiles.move(from, to)),
      remove: (path) => after(stateFiles.remove(path)),
      assertWritable: (path) => stateFiles.assertWritable(path),
    },
    localState: {
      worktreeKey: localState.worktreeKey,
      read: (key) => localState.read(key),
      list: (prefix) => localState.list(prefix),
      locate: (key) => localState.locate(key),
      keyPart: (text) => localState.keyPart(text),
      write: (key, value) => after(localState.write(key, value)),
      create: (key, value) => after(localState.create(key, value)),
      update: (key, change) => after(localState.update(key, change)),
      moveFolder: (from, to) => after(localState.moveFolder(from, to)),
      remove: (key) => after(localState.remove(key)),
    },
    git: async (folder) => {
      const git = await ports.git(folder);
      return git && hookGit(git, after);
    },
  };
}

function hookGit(git: Git, after: <T>(change: Promise<T>) => Promise<T>): Git {
  const changing = new Set(['commit', 'revert', 'restore', 'merge']);
  return new Proxy(git, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== 'function') return value;
      const bound = value.bind(target) as (...args: unknown[]) => Promise<unknown>;
      return changing.has(String(property)) ? (...args: unknown[]) => after(bound(...args)) : bound;
    },
  });
}
