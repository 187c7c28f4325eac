import { type McpServer, type ReadResourceResult, ResourceTemplate } from '@modelcontextprotocol/server';
import { readWorkspace } from '../core/actions/beginVerb.ts';
import { listTaskLists } from '../core/actions/tasks/listTaskLists.ts';
import { showTaskList } from '../core/actions/tasks/showTaskList.ts';
import { BatonError } from '../core/errors.ts';
import { isProject, type Locate } from './locate.ts';
import type { Project } from './projects.ts';

const markdown = 'text/markdown';

/** The state files that are worth reading whole. */
export function registerResources(server: McpServer, locate: Locate): void {
  server.registerResource(
    'progress',
    'baton://progress',
    { title: 'Progress tables', description: 'All progress files of this project', mimeType: markdown },
    async (uri, context) => {
      const located = await locate(context);
      if (!isProject(located)) return located;
      const { progress } = await readWorkspace(located.context);
      const found = progress.map(({ path, text }) => ({
        uri: `${uri.href}#${encodeURI(path)}`,
        mimeType: markdown,
        text,
      }));
      return found.length > 0 ? { contents: found } : only(uri, 'There is no progress file.');
    },
  );
  server.registerResource(
    'current-session',
    'baton://session/current',
    { title: 'Active session', description: 'SESSION.md of this worktree', mimeType: markdown },
    async (uri, context) => {
      const located = await locate(context);
      if (!isProject(located)) return located;
      const { sessionFile } = await readWorkspace(located.context);
      return only(uri, sessionFile?.kind === 'session' ? sessionFile.text : 'No session is active.');
    },
  );
  registerLists(server, locate);
}

function registerLists(server: McpServer, locate: Locate): void {
  // Listing and completing cannot ask the client for its roots, so they know the project that a call before has found.
  let last: Project | undefined;
  const lists = async () => (last === undefined ? [] : (await listTaskLists(last.context)).lists);
  const template = new ResourceTemplate('baton://tasks/{id}', {
    list: async (context) => {
      const located = await locate(context);
      if (!isProject(located)) return { resources: [] };
      last = located;
      const found = await lists();
      return {
        resources: found.map(({ list: { id, title } }) => ({
          uri: `baton://tasks/${encodeURIComponent(id)}`,
          name: id,
          title,
          mimeType: markdown,
        })),
      };
    },
    complete: {
      id: async (value) => (await lists()).map(({ list }) => list.id).filter((id) => id.startsWith(value)),
    },
  });
  const about = { title: 'Task list', description: 'The file of a task list, by its ID', mimeType: markdown };
  server.registerResource('task-list', template, about, async (uri, { id }, context) => {
    const located = await locate(context);
    if (!isProject(located)) return located;
    last = located;
    const [name] = typeof id === 'string' ? [id] : (id ?? []);
    if (name === undefined) throw new BatonError('unknown-list', `${uri.href} names no task list`);
    const { list } = await showTaskList(located.context, { list: decodeURIComponent(name) });
    return only(uri, list.list.text);
  });
}

function only(uri: URL, text: string): ReadResourceResult {
  return { contents: [{ uri: uri.href, mimeType: markdown, text }] };
}
