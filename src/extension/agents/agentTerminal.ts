import * as vscode from 'vscode';
import { BatonError } from '../../core/errors.ts';
import { readSetting } from '../registration.ts';
import { trustGate } from '../workspace/trustGate.ts';

/** Model names come from plans, and reach an agent as an argument. */
const modelPattern = /^[A-Za-z0-9][\w.:@/-]*$/;

/** What an agent is started with. */
export interface AgentStart {
  /** The worktree. */
  readonly cwd: vscode.Uri;
  /** The session's ID, for the terminal's name. */
  readonly session: string;
  /** Path of SESSION.md, relative to `cwd`. */
  readonly sessionFile: string;
  /** As plan or SESSION.md name it. */
  readonly model: string | undefined;
  /** Variables that it gets besides those of every terminal. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** The command line of an agent, from the machine's settings alone; only the model may come from a file, and is checked. */
export function buildAgentCommand(start: Pick<AgentStart, 'sessionFile' | 'model'>): {
  readonly command: string;
  readonly args: readonly string[];
} {
  const command = readSetting('baton.agents.command').trim();
  if (command === '') {
    throw new BatonError('invalid-config', vscode.l10n.t('The setting “baton.agents.command” is empty.'), {
      hint: vscode.l10n.t('Name the agent’s executable there, “claude” for example.'),
    });
  }
  const values: Readonly<Record<string, string | undefined>> = {
    model: chooseModel(start.model),
    prompt: vscode.l10n.t(
      'Read {0} and work on the session that it describes. Tick its checklist items as you finish them.',
      start.sessionFile,
    ),
  };
  return { command, args: fillArguments(readSetting('baton.agents.args'), values) };
}

/** The model that a family means on this machine, else the name itself; undefined where it could be something else than a name. */
export function chooseModel(named: string | undefined): string | undefined {
  if (named === undefined) return undefined;
  const models = readSetting('baton.agents.models');
  const family = ['opus', 'sonnet', 'haiku'].find((one) => named.toLowerCase().includes(one));
  const mapped = family !== undefined && Object.hasOwn(models, family) ? models[family] : undefined;
  const model = mapped ?? named.trim();
  return modelPattern.test(model) ? model : undefined;
}

/** Fills `{model}` and `{prompt}`; an argument whose value is missing is left out, with the option in front of it. */
export function fillArguments(
  templates: readonly string[],
  values: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const filled: string[] = [];
  for (const template of templates) {
    const name = /^\{(\w+)\}$/.exec(template)?.[1];
    if (name === undefined) filled.push(template);
    else if (values[name] !== undefined) filled.push(values[name]);
    else if (filled.at(-1)?.startsWith('-') === true) filled.pop();
  }
  return filled;
}

/** Starts the agent as the process of a terminal: no shell stands between, so nothing in its arguments is ever interpreted. */
export function startAgentTerminal(start: AgentStart): vscode.Terminal {
  trustGate.require(vscode.l10n.t('an agent'));
  const { command, args } = buildAgentCommand(start);
  const terminal = vscode.window.createTerminal({
    name: vscode.l10n.t('Agent: {0}', start.session),
    cwd: start.cwd,
    shellPath: command,
    shellArgs: [...args],
    ...(start.environment && { env: start.environment }),
    iconPath: new vscode.ThemeIcon('hubot'),
    isTransient: true,
  });
  terminal.show();
  return terminal;
}
