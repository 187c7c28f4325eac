import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CliProject } from './support/cliProject.ts';
import { shopFiles } from './support/shop.ts';

const projects: CliProject[] = [];

function createProject(files: Readonly<Record<string, string>>, options?: { readonly git?: boolean }): CliProject {
  const project = new CliProject(files, options);
  projects.push(project);
  return project;
}

/** What is printed with and without the quick way; an option that it does not know takes the long one. */
async function bothWays(project: CliProject, args: readonly string[], cwd = '.'): Promise<string> {
  const [quick, full] = await Promise.all([project.run(args, { cwd }), project.run([...args, '--verbose'], { cwd })]);
  expect(quick.stdout).toBe(full.stdout);
  expect(quick.code).toBe(full.code);
  expect(full.stderr).toContain(quick.stderr);
  return quick.stdout;
}

afterAll(() => {
  for (const project of projects) project.dispose();
});

describe('a quick read of sessions', () => {
  it('prints what the whole command line prints', async () => {
    const project = createProject(shopFiles);
    expect((await project.json(['start', 'BE-02'])).ok).toBe(true);
    const all = JSON.parse(await bothWays(project, ['--json', 'sessions']));
    expect(all.data.sessions).toContainEqual(expect.objectContaining({ id: 'BE-02', activeHere: true }));
    await bothWays(project, ['sessions']);
    await bothWays(project, ['sessions', '--ready']);
    await bothWays(project, ['sessions', '--ready', '--json'], 'docs');
    await bothWays(project, ['--cwd', 'docs', 'sessions', '--json']);
  }, 60_000);

  it('follows the configuration, and links, and reads hostile files', async () => {
    const project = createProject({
      '.baton.yaml': 'progress: [state/*.md]\n',
      'state/a.md':
        '\uFEFF# A\r\n\r\n**Plan**: [p](../plan.md)\r\n\r\n| Session | Status |\r\n|---|---|\r\n| A-1 | done |\r\n| A-2 | ? |\r\n',
      'plan.md': '# A\n\n## Session A-3: Third `x|y`\n\n### Prompt\n\nDo it.\n',
      'docs/sessions/SESSION.md': '---\nsession: [\n---\n',
    });
    const { data } = JSON.parse(await bothWays(project, ['sessions', '--json']));
    expect(data.sessions.map(({ id }: { id: string }) => id)).toEqual(['A-1', 'A-2', 'A-3']);
    writeFileSync(join(project.root, 'state/b.md'), Buffer.from([0x7c, 0xff, 0xfe, 0x0a]));
    await bothWays(project, ['sessions']);
  }, 60_000);

  it('leaves refusals and help to the command line', async () => {
    const project = createProject({}, { git: false });
    expect(await bothWays(project, ['sessions'])).toContain('There are no sessions yet');
    await bothWays(project, ['sessions', '--ready']);
    const nowhere = await project.json(['sessions', '--cwd', 'nowhere']);
    expect(nowhere).toMatchObject({ code: 2, error: { code: 'invalid-argument' } });
    expect((await project.json(['sessions', 'x'])).error.code).toBe('invalid-argument');
    expect((await project.run(['sessions', '--help'])).stdout).toContain('Usage: baton sessions');
  }, 60_000);
});
