import { Argument, type Command } from 'commander';
import type { ActionContext } from '../../core/actions/context.ts';
import type { Cli } from '../cli.ts';
import { type IdKind, idKinds } from '../completion/model.ts';
import { plainText } from '../text.ts';

interface NamedId {
  readonly id: string;
  readonly title: string;
}

/** `baton __complete KIND`: what the completion scripts ask for. Not shown in the help. */
export function declareCompleteIds(program: Command, cli: Cli): void {
  program
    .command('__complete', { hidden: true })
    .description('List IDs for a completion script, each with its title behind a tab.')
    .addArgument(new Argument('<kind>', 'of what').choices([...idKinds]))
    .argument('[within]', 'the list, for tasks')
    .action((kind: IdKind, within: string | undefined, _options: object, command: Command) =>
      cli.run(command, async ({ context }) => {
        const ids = await readers[kind](context, within ?? '');
        return {
          data: { ids },
          print: (out) => {
            for (const { id, title } of ids) out.line(`${plainText(id)}\t${plainText(title)}`);
          },
        };
      }),
    );
}

const readers: Readonly<Record<IdKind, (context: ActionContext, within: string) => Promise<readonly NamedId[]>>> = {
  async sessions(context) {
    const { listSessions } = await import('../../core/actions/listSessions.ts');
    const { sessions } = await listSessions(context);
    return sessions.map(({ id, title, status }) => ({ id, title: `${title} (${status})` }));
  },
  async projects(context) {
    const { projects } = await context.store.load();
    return projects.map(({ name, sessions }) => ({ id: name, title: `${sessions.length} sessions` }));
  },
  async lists(context) {
    const { listTaskLists } = await import('../../core/actions/tasks/listTaskLists.ts');
    const { lists } = await listTaskLists(context);
    return lists.map(({ list, counts }) => ({
      id: list.id,
      title: `${list.title} (${counts.complete}/${counts.total})`,
    }));
  },
  async tasks(context, within) {
    if (within === '') return [];
    const { showTaskList } = await import('../../core/actions/tasks/showTaskList.ts');
    const { list } = await showTaskList(context, { list: within });
    return list.tasks.map(({ id, title, status }) => ({ id, title: `${title} (${status})` }));
  },
  async inbox(context) {
    const { listInbox } = await import('../../core/actions/inbox/listInbox.ts');
    const { items } = await listInbox(context);
    return items.map(({ id, question }) => ({ id, title: question }));
  },
  async waves(context) {
    const { readWaveRuns } = await import('../../core/actions/waves/records.ts');
    const runs = await readWaveRuns(context.ports.localState);
    return runs.map(({ id, plan, status }) => ({ id, title: `${plan.title} (${status})` }));
  },
  async 'wave-agents'(context) {
    const { readWaveRuns } = await import('../../core/actions/waves/records.ts');
    const run = (await readWaveRuns(context.ports.localState)).at(-1);
    return (run?.agents ?? []).map(({ key, task, status }) => ({
      id: key,
      title: `${task.split('\n', 1)[0]} (${status})`,
    }));
  },
};
