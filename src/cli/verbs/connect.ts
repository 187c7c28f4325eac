import { join } from 'node:path';
import process from 'node:process';
import { Argument, type Command } from 'commander';
import type { ConnectedAgent, ConnectPlan } from '../../core/actions/connect/planConnect.ts';
import { BatonError } from '../../core/errors.ts';
import type { LauncherPlan } from '../../platform/connect/launcher.ts';
import type { UserFileChange } from '../../platform/connect/userFile.ts';
import type { Cli, VerbResult, VerbRun } from '../cli.ts';
import { addYesOption, declareVerb } from '../declareVerb.ts';
import type { Output } from '../output.ts';
import { plainText } from '../text.ts';

interface ConnectOptions {
  readonly hooks?: boolean;
  readonly launcher?: boolean;
  readonly dryRun?: boolean;
  readonly remove?: boolean;
}

/** Everything that a run would change. */
interface Proposal {
  readonly project: ConnectPlan;
  /** Outside the repository, each asked for on its own. */
  readonly user: readonly UserProposal[];
  readonly warnings: readonly string[];
  readonly advice: readonly string[];
}

interface UserProposal {
  readonly what: string;
  readonly change: UserFileChange;
  /** It was asked for. */
  readonly chosen: boolean;
  /** What to say where it is not written. */
  readonly otherwise?: string;
}

/** What `--json` shows of a change. */
interface ChangeView {
  readonly path: string;
  readonly action: 'create' | 'change' | 'remove';
  readonly diff: string;
}

/** `baton connect` */
export function declareConnect(program: Command, cli: Cli): void {
  const verb = declareVerb(program, {
    name: 'connect',
    summary: 'Tell agents of Baton: MCP server, skill, hooks',
    details:
      'Shows every change and asks before anything is written. In the repository: .mcp.json, the skill for .claude/skills and ' +
      '.agents/skills, with --hooks .claude/settings.json. Of yours, only when you say so: a launcher that makes `baton` known ' +
      'on your PATH (--launcher), and the configuration of Codex (when you name codex). --remove takes away what was written; ' +
      'what was changed since stays.\n\n' +
      '--json: changes[{path, action (create, change or remove), diff}], written, advice[].',
    examples: [
      ['baton connect', 'shows what would be written, and asks'],
      ['baton connect claude --hooks --launcher', 'everything for Claude Code'],
      ['baton connect --dry-run', 'writes nothing'],
      ['baton connect --remove', 'takes it away again'],
    ],
  })
    .addArgument(new Argument('[agents...]', 'which agents, all unless told').choices(['claude', 'copilot', 'codex']))
    .option('--hooks', 'also the hooks for Claude Code')
    .option('--launcher', 'also the launcher on your PATH')
    .option('--dry-run', 'show the changes and write nothing')
    .option('--remove', 'take away what was written');
  addYesOption(verb).action((agents: readonly ConnectedAgent[], options: ConnectOptions, command: Command) =>
    cli.run(command, async (run) => {
      const proposal = await propose(run, agents, options);
      return options.dryRun === true ? showOnly(proposal) : await carryOut(run, proposal);
    }),
  );
}

async function propose(
  { context }: VerbRun,
  agents: readonly ConnectedAgent[],
  { hooks = false, launcher = false, remove = false }: ConnectOptions,
): Promise<Proposal> {
  const { planConnect } = await import('../../core/actions/connect/planConnect.ts');
  const project = await planConnect(context, { ...(agents.length > 0 && { agents }), hooks, remove });
  const { planCodexConfig } = await import('../../platform/connect/codexConfig.ts');
  const codex = await planCodexConfig({ env: process.env, remove });
  const user: UserProposal[] = [];
  const advice: string[] = [];
  const wantsCodex = agents.includes('codex') || (remove && agents.length === 0);
  if (codex.change && wantsCodex) user.push({ what: 'the configuration of Codex', change: codex.change, chosen: true });
  else if (codex.change && !remove && agents.length === 0) advice.push('For Codex: codex mcp add baton -- baton mcp');
  const found = await proposeLauncher(remove);
  if (found.change) {
    const chosen = launcher || remove;
    user.push({ what: 'the launcher', change: found.change, chosen, ...(!chosen && { otherwise: notOnPath }) });
  }
  advice.push(...found.advice);
  return { project, user, warnings: [...project.warnings, ...(wantsCodex ? codex.warnings : [])], advice };
}

async function proposeLauncher(
  remove: boolean,
): Promise<{ readonly change?: UserFileChange; readonly advice: readonly string[] }> {
  const { planLauncher, planLauncherRemoval } = await import('../../platform/connect/launcher.ts');
  const { env, execPath, versions } = process;
  if (remove) {
    const change = await planLauncherRemoval({ env });
    return { ...(change && { change }), advice: [] };
  }
  const options = { cli: join(__dirname, 'cli.cjs'), node: execPath, isElectron: versions.electron !== undefined, env };
  const plan = await planLauncher(options);
  return { ...(plan.change && { change: plan.change }), advice: adviseLauncher(plan) };
}

const notOnPath = 'Agents start `baton` by its name, and it is not on your PATH: --launcher puts it there.';

function adviseLauncher({ change, found, foreign, onPath }: LauncherPlan): readonly string[] {
  if (foreign) return [`${found} is another program called baton: agents would start that one.`];
  return change === undefined || onPath ? [] : [`${change.path} is not on your PATH yet: add its folder.`];
}

/** What was asked for outside the repository; the launcher is offered even if it was not. */
function changesOf({ project, user }: Pick<Proposal, 'project' | 'user'>, all: boolean): readonly ChangeView[] {
  const outside = user.filter(({ chosen }) => chosen || all).map(({ change }) => change);
  return [...project.changes, ...outside].map(({ path, before, after, diff }) => ({
    path,
    action: before === undefined ? 'create' : after === undefined ? 'remove' : 'change',
    diff,
  }));
}

/** What is left to say: what was not written, and what always holds. */
function adviceOf({ user, advice }: Proposal, written: readonly ChangeView[]): readonly string[] {
  const left = user.filter(({ change }) => !written.some(({ path }) => path === change.path));
  return [...advice, ...left.flatMap(({ otherwise }) => otherwise ?? [])];
}

function showOnly(proposal: Proposal): VerbResult {
  const changes = changesOf(proposal, false);
  const advice = adviceOf(proposal, []);
  return {
    data: { changes, written: false, advice },
    warnings: proposal.warnings,
    print: (out) => {
      showChanges(out, changes);
      out.line(changes.length === 0 ? 'Nothing would change.' : 'Nothing was written (--dry-run).');
      printAdvice(out, advice);
    },
  };
}

async function carryOut({ context, err }: VerbRun, proposal: Proposal): Promise<VerbResult> {
  const { prompt } = context.ports;
  const { project, user } = proposal;
  const written: ChangeView[] = [];
  const agreed = async (question: string, changes: readonly ChangeView[]): Promise<boolean> => {
    showChanges(err, changes);
    const answer = await prompt.confirm({ question, detail: [], yes: 'write' });
    if (answer !== undefined) return answer;
    throw new BatonError('approval-required', `Nothing was written: ${changes.map(({ path }) => path).join(', ')}`, {
      hint: 'Look at the changes; then run in a terminal, or again with --yes.',
      data: { changes },
    });
  };
  const inProject = changesOf({ project, user: [] }, false);
  if (inProject.length > 0 && (await agreed('Write this into the repository?', inProject))) {
    const { applyConnect } = await import('../../core/actions/connect/applyConnect.ts');
    await applyConnect(context, project);
    written.push(...inProject);
  }
  for (const { what, change, chosen } of user) {
    const views = changesOf({ project: { changes: [], warnings: [] }, user: [{ what, change, chosen }] }, true);
    const question = `Write ${what}, outside the repository?`;
    // What was not asked for is offered to a person who is there, and never taken from --yes.
    const isAgreed = chosen
      ? await agreed(question, views)
      : !context.yes && (await prompt.confirm({ question, detail: change.diff.split('\n'), yes: 'write' })) === true;
    if (!isAgreed) continue;
    const { writeUserFile } = await import('../../platform/connect/userFile.ts');
    await writeUserFile(change);
    written.push(...views);
  }
  const advice = adviceOf(proposal, written);
  return {
    data: { changes: written, written: written.length > 0, advice },
    warnings: proposal.warnings,
    print: (out) => {
      for (const { path, action } of written) out.line(`${out.paint('good', pastOf[action])} ${plainText(path)}`);
      if (written.length === 0)
        out.line(inProject.length === 0 ? 'Everything is as it should be.' : 'Nothing was written.');
      printAdvice(out, advice);
    },
  };
}

const pastOf: Readonly<Record<ChangeView['action'], string>> = {
  create: 'Created',
  change: 'Changed',
  remove: 'Removed',
};

function showChanges(out: Output, changes: readonly ChangeView[]): void {
  for (const { diff } of changes) {
    for (const line of diff.trimEnd().split('\n')) {
      const tone = line.startsWith('+') ? 'good' : line.startsWith('-') ? 'bad' : 'quiet';
      out.line(out.paint(tone, plainDiffLine(line)));
    }
    out.line();
  }
}

/** A line of a diff keeps the white space that a diff is about; everything else that a terminal obeys goes. */
function plainDiffLine(line: string): string {
  const indent = /^[-+ ]?[ \t]*/.exec(line)?.[0] ?? '';
  return indent + plainText(line.slice(indent.length));
}

function printAdvice(out: Output, advice: readonly string[]): void {
  for (const line of advice) out.wrapped(plainText(line));
}
