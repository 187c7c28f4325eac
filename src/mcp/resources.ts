import type { McpServer, ReadResourceResult } from '@modelcontextprotocol/server';
import { readWorkspace } from '../core/actions/beginVerb.ts';
import { isProject, type Locate } from './locate.ts';

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
}

function only(uri: URL, text: string): ReadResourceResult {
  return { contents: [{ uri: uri.href, mimeType: markdown, text }] };
}
