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

/**
 * Shows what a session says and does in a terminal that follows. No process runs in it, and closing it stops nothing.
 *
 * @returns the terminal's name
 */
export function followLog(host: ProjectHost, session: IsolatedSession): string {
  const name = vscode.l10n.t('Log: {0}', session.item.id);
  for (const terminal of vscode.window.terminals) if (terminal.name === name) terminal.dispose();
  const written = new vscode.EventEmitter<string>();
  let isClosed = false;
  let askedAt = 0;
  const write = (lines: readonly string[]): void => {
    written.fire(lines.map((line) => `${line.replace(controls, '')}\r\n`).join(''));
  };
  const follow = async (): Promise<void> => {
    const { localState } = host.ports;
    const { archived } = (await showIsolated({ ports: host.ports }, session.id).catch(() => undefined)) ?? {};
    const path = join(localState.locate(recordsOf(session, archived)), 'output.log');
    const log = openAgentLog(path, { agent: session.agent, raw: false });
    write([vscode.l10n.t('{0} on {1}, by {2}', session.item.id, session.branch, session.agent), '']);
    await log.follow({
      onLines: write,
      isCancelled: () => isClosed,
      isOver: async () => {
        if (Date.now() < askedAt + askMs) return false;
        askedAt = Date.now();
        const entry = await showIsolated({ ports: host.ports }, session.id).catch(() => undefined);
        return entry === undefined || quiet.includes(entry.session.status);
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
