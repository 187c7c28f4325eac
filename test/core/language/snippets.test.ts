import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkWorkspace } from '../../../src/core/checks/checkWorkspace.ts';
import { workspaceOf } from '../../support/workspaceOf.ts';

const file = resolve(import.meta.dirname, '../../../resources/snippets/markdown.json');
const snippets: Record<string, { readonly prefix: string; readonly body: readonly string[] }> = JSON.parse(
  readFileSync(file, 'utf8'),
);

const variables: Readonly<Record<string, string>> = {
  CURRENT_YEAR: '2026',
  CURRENT_MONTH: '11',
  CURRENT_DATE: '20',
  CURRENT_HOUR: '15',
  CURRENT_MINUTE: '04',
  CURRENT_TIMEZONE_OFFSET: '+01:00',
};

/** What is left when a person takes every placeholder as it is proposed; the first one of several. */
function textOf(prefix: string): string {
  const snippet = Object.values(snippets).find((one) => one.prefix === prefix);
  return (snippet?.body ?? [])
    .join('\n')
    .replaceAll(/\$\{\d+:([^}]*)\}/g, '$1')
    .replaceAll(/\$\{\d+\|([^,|]*)[^}]*\|\}/g, '$1')
    .replaceAll(/\$\{([A-Z_]+)\}/g, (_, name: string) => variables[name] ?? `\${${name}}`)
    .replace('$0', '');
}

describe('the snippets, taken as they are', () => {
  it('are those of plans, sessions, progress tables and task lists, with nothing of their syntax left', () => {
    const prefixes = Object.values(snippets).map(({ prefix }) => prefix);
    expect(prefixes).toEqual(['baton-plan', 'baton-session', 'baton-progress', 'baton-tasks']);
    for (const prefix of prefixes) expect(textOf(prefix), prefix).not.toMatch(/\$/);
  });

  it('are files without a problem, which belong together', async () => {
    const workspace = await workspaceOf({
      ['docs/PROJECT_PROMPTS.md']: `${textOf('baton-plan')}\n${textOf('baton-session')}\n`,
      'docs/progress/PROJECT_PROGRESS.md': textOf('baton-progress').replace(
        '| BE-01 | ⬜ Pending | — | — | — | |',
        '$&\n| BE-02 | ⬜ Pending | — | — | — | |',
      ),
      'docs/tasks/release.md': textOf('baton-tasks'),
    });
    expect(checkWorkspace(workspace, { unknownCommits: [], liveIsolated: [] })).toEqual([]);
    expect(workspace.sessions.map(({ id, repository, ready }) => [id, repository, ready])).toEqual([
      ['BE-01', 'backend', true],
      ['BE-02', 'backend', false],
    ]);
    const [session] = workspace.plans.flatMap(({ sessions }) => sessions);
    expect(session?.commands.map(({ command }) => command)).toEqual(['npm test']);
    expect(workspace.taskLists.map(({ list }) => [list.id, list.tasks.map(({ id }) => id)])).toEqual([
      ['release', ['first-task']],
    ]);
  });
});
