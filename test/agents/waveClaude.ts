import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { type InboxItem, readInboxItem } from '../../src/core/model/inbox.ts';
import type { WaveRun } from '../../src/core/model/waves/waveRun.ts';
import { CliProject } from '../cli/support/cliProject.ts';
import { readOnlyRun } from '../supervisor/support/waveRecord.ts';
import type { ModelRequest, Step } from '../support/scriptedModel.ts';
import { ClaudeProject, limitMs, setUpClaude } from './claudeProject.ts';

/** What the model does as one agent, turn by turn; `attempt` counts its dispatches, from 1. */
export type WaveScript = (at: string, attempt: number) => readonly (Step | readonly Step[])[];

export interface WaveClaudeOptions {
  readonly files: Readonly<Record<string, string>>;
  /** By the agent's key; the fixers of a wave are `fixer-<wave>`. */
  readonly scripts: Readonly<Record<string, WaveScript>>;
  /** Beside what a person allows anyway. */
  readonly args?: readonly string[];
}

/** Every prompt of the engine begins with one of these. */
const openings = ['You are one agent of a wave run', 'You mend what a quality gate found'];

/** A repository with a wave plan that the real Claude Code carries out. */
export class WaveClaude extends ClaudeProject {
  readonly #held = new Map<string, { readonly promise: Promise<void>; readonly release: () => void }>();

  static async create({ files, scripts, args = [] }: WaveClaudeOptions): Promise<WaveClaude> {
    const project = new CliProject({ '.orchestrator/bootstrap.lock': 'version: 1\ntier: fast\n', ...files });
    let own: WaveClaude | undefined;
    const parts = await setUpClaude(project, {
      args,
      script: async (_turn, request) => {
        const { key, attempt, turn } = whereIs(request);
        if (turn === 0) await own?.untilReleased(key);
        const agent = readOnlyRun(project.root)?.agents.find((one) => one.key === key);
        const at = agent?.worktree ?? realpathSync(project.root);
        return scripts[key]?.(at, attempt)[turn] ?? { text: 'STATUS: failed — there is nothing more in the script' };
      },
    });
    own = new WaveClaude(parts);
    return own;
  }

  /** The model waits with its first answer to an agent until it is released. */
  hold(key: string): void {
    let release = () => {};
    const promise = new Promise<void>((done) => {
      release = done;
    });
    this.#held.set(key, { promise, release });
  }

  release(key: string): void {
    this.#held.get(key)?.release();
  }

  async untilReleased(key: string): Promise<void> {
    await this.#held.get(key)?.promise;
  }

  get run(): WaveRun {
    const run = readOnlyRun(this.project.root);
    if (run === undefined) throw new Error('there is no run');
    return run;
  }

  async untilRun(what: string, isSo: (run: WaveRun) => boolean): Promise<WaveRun> {
    for (const end = Date.now() + limitMs; ; ) {
      const run = readOnlyRun(this.project.root);
      if (run !== undefined && isSo(run)) return run;
      if (run?.status === 'failed' || Date.now() > end) {
        throw new Error(`not so: ${what}: ${JSON.stringify(run, null, 1)}\n${this.supervisorLog()}`);
      }
      await new Promise((done) => setTimeout(done, 50));
    }
  }

  /** Items that nobody has answered. */
  inbox(): readonly InboxItem[] {
    const folder = join(this.project.root, '.git/baton/inbox');
    const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
    return names
      .filter((name) => !existsSync(join(folder, 'answers', name)))
      .flatMap((name) => readInboxItem(this.record(`inbox/${name}`)) ?? []);
  }

  /** Waits until the agent's own record of its session has a text. */
  async untilWritten(key: string, text: string): Promise<void> {
    await this.untilSessionSays(() => this.run.agents.find((one) => one.key === key)?.agentSession, text);
  }

  /** What an agent was answered by its tools, over all its conversations. */
  told(key: string): string {
    return JSON.stringify(this.model.requests.filter((request) => whereIs(request).key === key).at(-1)?.messages ?? []);
  }

  path(name: string): string {
    return join(this.project.root, name);
  }
}

/** Which agent a conversation is of, and how far it is since it was last told what to do. */
function whereIs({ messages }: ModelRequest): {
  readonly key: string;
  readonly attempt: number;
  readonly turn: number;
} {
  const texts = messages.map(({ content }) => JSON.stringify(content));
  const at = messages.findLastIndex(
    ({ role }, index) => role === 'user' && openings.some((one) => texts[index]?.includes(one)),
  );
  const prompt = texts[at] ?? '';
  const fixed = /after wave (\d+) of the wave run/.exec(prompt)?.[1];
  return {
    key: fixed === undefined ? (/agent ([\w-]+)\. Others work/.exec(prompt)?.[1] ?? '') : `fixer-${fixed}`,
    attempt: Number(/## Attempt (\d+)/.exec(prompt)?.[1] ?? 1),
    turn: messages.slice(at + 1).filter(({ role }) => role === 'assistant').length,
  };
}
