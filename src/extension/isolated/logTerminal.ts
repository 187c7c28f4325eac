import { join } from 'node:path';
import * as vscode from 'vscode';
import { recordsOf, showIsolated } from '../../core/actions/isolated/listIsolated.ts';
import type { IsolatedSession } from '../../core/model/isolated.ts';
import { openAgentLog } from '../../platform/agents/agentLog.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';

/** Nothing is added to the log of a session in these. */
const quiet: readonly string[] = ['approved', 'rejected', 'merged', 'failed', 'stopped'];

/** Whether it goes on is asked no more often than this. */
const askMs = 1_000;

/** What a terminal would take for a command, tabs aside: an agent's words are only shown. */
const controls = /(?!\t)\p{Cc}/gu;

/** A log that a terminal follows. */
export interface FollowedLog {
  /** What it is the log of, in short. */
  readonly of: string;
  /** Said before its first line. */
  readonly head: string;
  /** Name of the agent, by which its lines are understood. */
  readonly agent: string;
  /** Absolute path of the log. */
  readonly path: () => Promise<string>;
  /** Nothing more will come. */
  readonly isOver: () => Promise<boolean>;
}

/**
 * Shows what a session says and does in a terminal that follows.
 *
 * @returns the terminal's name
 */
export function followLog(host: ProjectHost, session: IsolatedSession): string {
  const show = () => showIsolated({ ports: host.ports }, session.id).catch(() => undefined);
  return followAgent({
    of: session.item.id,
    head: vscode.l10n.t('{0} on {1}, by {2}', session.item.id, session.branch, session.agent),
    agent: session.agent,
    path: async () => {
      const { archived } = (await show()) ?? {};
      return join(host.ports.localState.locate(recordsOf(session, archived)), 'output.log');
    },
    isOver: async () => {
      const entry = await show();
      return entry === undefined || quiet.includes(entry.session.status);
    },
  });
}

/**
 * Shows an agent's log in a terminal that follows. No process runs in it, and closing it stops nothing.
 *
 * @returns the terminal's name
 */
export function followAgent({ of, head, agent, path, isOver }: FollowedLog): string {
  const name = vscode.l10n.t('Log: {0}', of);
  for (const terminal of vscode.window.terminals) if (terminal.name === name) terminal.dispose();
  const written = new vscode.EventEmitter<string>();
  let isClosed = false;
  let askedAt = 0;
  const write = (lines: readonly string[]): void => {
    written.fire(lines.map((line) => `${line.replace(controls, '')}\r\n`).join(''));
  };
  const follow = async (): Promise<void> => {
    const log = openAgentLog(await path(), { agent, raw: false });
    write([head, '']);
    await log.follow({
      onLines: write,
      isCancelled: () => isClosed,
      isOver: async () => {
        if (Date.now() < askedAt + askMs) return false;
        askedAt = Date.now();
        return await isOver();
      },
    });
    if (!isClosed) write(['', vscode.l10n.t('The log ends here for now.')]);
  };
  const terminal = vscode.window.createTerminal({
    name,
    iconPath: new vscode.ThemeIcon('output'),
    isTransient: true,
    pty: {
      onDidWrite: written.event,
      open: () => void follow().catch((error: unknown) => write([String(error)])),
      close: () => {
        isClosed = true;
        written.dispose();
      },
    },
  });
  terminal.show(true);
  return name;
}
