import { describe, expect, it } from 'vitest';
import { complete } from '../../../src/core/actions/complete.ts';
import { pause } from '../../../src/core/actions/pause.ts';
import { renameSession } from '../../../src/core/actions/renameSession.ts';
import { resume } from '../../../src/core/actions/resume.ts';
import { start } from '../../../src/core/actions/start.ts';
import { createProject, planPath, progressPath, refusal, sessionPath } from './support.ts';

describe('renameSession', () => {
  it('changes every file that names it, and says what it leaves', async () => {
    const project = await createProject();
    await start(project.context, { id: 'A-01' });
    const result = await renameSession(project.context, { id: 'A-01', to: 'S-10' });
    expect(result).toMatchObject({ session: 'S-10', moved: [] });
    expect(result.files.map(({ path }) => path).sort()).toEqual([planPath, progressPath, sessionPath].sort());
    expect(result.warnings.join('\n')).toMatch(/Commits made so far still name A-01/);
    expect(project.row('S-10')).toContain('🔄 Active');
    expect(project.session()).toContain('session: S-10\n');
    expect(project.session()).toContain('# Current Session: S-10\n');
    expect(project.repository.read(planPath)).toContain('## Session S-10: Schema');
    expect(project.repository.read(planPath)).toContain('dependencies: S-10\n');
    expect(project.repository.read(planPath)).toContain('# Session A-01: Schema');
    expect(project.context.store.workspace?.active?.id).toBe('S-10');
    expect(project.context.store.workspace?.sessions.find(({ id }) => id === 'A-02')?.waitingFor).toEqual(['S-10']);
  });

  it('goes on with the session under its new ID: what was dirty before it stays out of its commit', async () => {
    const project = await createProject();
    project.repository.write('before.txt', 'not mine\n');
    await start(project.context, { id: 'A-03' });
    project.repository.write('größe.txt', 'mine\n');
    await renameSession(project.context, { id: 'A-03', to: 'A-33', mentions: true });
    const { warnings } = await complete(project.context, { message: 'feat: mine', verify: false });
    expect(warnings.join('\n')).toContain('before.txt');
    expect(project.repository.read(planPath)).not.toContain('A-03');
    expect(project.row('A-33')).toContain('✅ Done');
  });

  it('moves the file of a paused session, which can be resumed', async () => {
    const project = await createProject();
    await start(project.context, { id: 'A-01' });
    const { path } = await pause(project.context);
    const { moved } = await renameSession(project.context, { id: 'A-01', to: 'A-11' });
    expect(moved).toEqual([{ from: path, to: 'docs/sessions/paused/A-11.md' }]);
    expect((await resume(project.context, { id: 'A-11' })).session).toBe('A-11');
  });

  it('there and back leaves every byte, and a dry run does too', async () => {
    const project = await createProject();
    const before = [project.progress(), project.repository.read(planPath)];
    const { files } = await renameSession(project.context, { id: 'A-01', to: 'S-10', dryRun: true });
    expect(files.length).toBeGreaterThan(1);
    expect([project.progress(), project.repository.read(planPath)]).toEqual(before);
    await renameSession(project.context, { id: 'A-01', to: 'S-10' });
    await renameSession(project.context, { id: 'S-10', to: 'A-01' });
    expect([project.progress(), project.repository.read(planPath)]).toEqual(before);
  });

  it('refuses an ID that is taken, none, or unknown', async () => {
    const project = await createProject();
    await refusal(renameSession(project.context, { id: 'A-01', to: 'A-02' }), 'already-exists');
    await refusal(renameSession(project.context, { id: 'A-01', to: 'a b' }), 'invalid-argument');
    await refusal(renameSession(project.context, { id: 'A-99', to: 'A-98' }), 'unknown-session');
    expect(project.dirty()).toEqual([]);
  });
});
