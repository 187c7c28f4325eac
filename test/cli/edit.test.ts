import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliProject } from './support/cliProject.ts';
import { progressPath, shopFiles } from './support/shop.ts';

describe('baton edit', () => {
  let project: CliProject;
  const row = () =>
    project
      .read(progressPath)
      .split('\n')
      .find((line) => line.startsWith('| BE-02 |')) ?? '';

  beforeAll(() => {
    project = new CliProject(shopFiles);
  });
  afterAll(() => project.dispose());

  it('writes a note', async () => {
    const { code, stdout } = await project.run(['edit', 'BE-02', '--column', 'notes', 'a | b', 'c']);
    expect([code, stdout]).toEqual([0, `Edited Notes of BE-02 in ${progressPath}\n`]);
    expect(row()).toContain('| a \\| b c |');
    expect(await project.json(['edit', 'BE-02', '--column', 'Notes', '', '--was', 'a | b c'])).toMatchObject({
      ok: true,
      data: { session: 'BE-02', path: progressPath, column: 'Notes' },
    });
    expect(row()).toMatch(/\| — \|$/);
  });

  it('refuses what it was not told, and says what is there', async () => {
    const before = project.read(progressPath);
    const answer = await project.json(['edit', 'BE-02', '--column', 'Notes', 'x', '--was', 'y']);
    expect(answer).toMatchObject({ ok: false, error: { code: 'conflict', data: { current: '' } } });
    expect((await project.run(['edit', 'BE-02', '--column', 'Commit', 'x'])).code).toBe(2);
    expect((await project.run(['edit', 'BE-02', 'x'])).code).toBe(2);
    expect(project.read(progressPath)).toBe(before);
  });

  it('corrects a status', async () => {
    expect((await project.run(['edit', 'BE-02', '--column', 'Status', 'retry'])).code).toBe(0);
    expect(row()).toContain('| 🔁 Retry |');
    expect(project.git('log', '--oneline').trim().split('\n')).toHaveLength(1);
  });
});
