import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSessionReceipt, receiptKey } from '../../../src/core/actions/runVerification.ts';
import { start } from '../../../src/core/actions/start.ts';
import { status } from '../../../src/core/actions/status.ts';
import { verify } from '../../../src/core/actions/verify.ts';
import type { Cancellation } from '../../../src/core/base/cancellation.ts';
import type { ApprovalAnswer } from '../../../src/core/ports/prompt.ts';
import { createProject, openProject, plan, planPath, refusal, sessionPath } from './support.ts';

/** The plan with other commands and another checklist for A-01. */
function planWith(commands: string, checklist = '- [ ] The schema is reviewed'): Readonly<Record<string, string>> {
  const text = plan
    .replace('# Schema exists\ntest -f schema.txt', () => commands)
    .replace('- [ ] `test -f schema.txt` passes\n- [ ] The schema is reviewed', () => checklist);
  return { [planPath]: text };
}

describe('verify', () => {
  test('keeps a receipt for each of two projects that have a session of one ID, and reads one of an older Baton', async () => {
    const project = await createProject({ files: planWith('true'), yes: true });
    await start(project.context, { id: 'A-01' });
    const { receipt } = await verify(project.context);
    const { localState } = project.ports;
    const [key = ''] = await localState.list('receipts');
    const own = { id: receipt.session, project: receipt.project };
    expect([key, own.project]).toEqual([receiptKey(localState, own), expect.any(String)]);
    const other = { ...receipt, project: 'Other', ok: false };
    await localState.write(receiptKey(localState, { id: 'A-01', project: 'Other' }), other);
    expect(await readSessionReceipt(localState, own)).toEqual(receipt);
    expect(await readSessionReceipt(localState, { id: 'A-01', project: 'Other' })).toEqual(other);
    expect(await readSessionReceipt(localState, { id: 'A-01', project: 'Third' })).toBeUndefined();
    const { project: _, ...older } = receipt;
    await localState.write(receiptKey(localState, { id: 'A-01' }), older);
    expect(await readSessionReceipt(localState, { id: 'A-01', project: 'Third' })).toEqual(older);
  });

  test('runs nothing that nobody approved, and says what it would run', async () => {
    const project = await createProject({ files: planWith('touch ran.txt') });
    await start(project.context, { id: 'A-01' });
    const error = await refusal(verify(project.context), 'approval-required');
    expect(error.data).toMatchObject({ commands: ['touch ran.txt'] });
    expect(error.hint).toContain('--yes');
    expect(existsSync(join(project.repository.root, 'ran.txt'))).toBe(false);
  });

  test('an approval holds for exactly these commands, a refusal runs nothing', async () => {
    const answers: ApprovalAnswer[] = ['refuse', 'approve'];
    const asked: (readonly string[])[] = [];
    const prompt = {
      approveCommands: async ({ commands }: { commands: readonly string[] }) => {
        asked.push(commands);
        return answers.shift();
      },
    };
    const project = await createProject({ files: planWith('echo one'), prompt });
    await start(project.context, { id: 'A-01' });
    await refusal(verify(project.context), 'approval-required');
    expect((await verify(project.context)).receipt.ok).toBe(true);
    // Another process: the approval is stored.
    const other = await openProject(project.repository);
    expect((await verify(other.context, { again: true })).receipt.ok).toBe(true);
    project.repository.write(sessionPath, project.session().replace('echo one', 'echo two'));
    await refusal(verify(other.context), 'approval-required');
    expect(asked).toEqual([['echo one'], ['echo one']]);
  });

  test('runs all commands one by one, streams, keeps logs, and ticks what is proven', async () => {
    const checklist = [
      '- [ ] `echo out; echo err >&2` works',
      '- [ ] Both `echo out; echo err >&2` and `exit 3` pass',
      '- [ ] Unit tests pass',
      '- [ ] Lint is clean',
      '- [ ] Unit tests are easy to read',
      '- [ ] Reviewed',
    ].join('\n');
    const commands = 'echo out; echo err >&2\nexit 3\n# Unit tests\necho ütests\n# Lint\nfalse';
    const project = await createProject({ files: planWith(commands, checklist), yes: true });
    await start(project.context, { id: 'A-01' });
    const events: string[] = [];
    const result = await verify(project.context, {
      onCommandStart: ({ command }, index, total) => void events.push(`start ${index}/${total} ${command}`),
      onOutput: (chunk, index) => void events.push(`out ${index} ${chunk.trim()}`),
      onCommandEnd: ({ exitCode }, index) => void events.push(`end ${index} ${exitCode}`),
    });
    expect(result.receipt.ok).toBe(false);
    expect(result.receipt.commands.map(({ exitCode, label }) => [exitCode, label])).toEqual([
      [0, undefined],
      [3, undefined],
      [0, 'Unit tests'],
      [1, 'Lint'],
    ]);
    expect(result.ticked).toEqual(['`echo out; echo err >&2` works', 'Unit tests pass']);
    expect(project.session()).toContain('- [x] Unit tests pass\n- [ ] Lint is clean\n- [ ] Unit tests are easy');
    expect(events[0]).toBe('start 0/4 echo out; echo err >&2');
    expect(events).toContain('end 1 3');
    expect(events.join()).toContain('out 2 ütests');
    const log = result.receipt.commands[0]?.log ?? '';
    expect(readFileSync(project.ports.localState.locate(log), 'utf8')).toMatch(/out[\s\S]*err|err[\s\S]*out/);
    expect((await status(project.context)).active).toMatchObject({
      receipt: 'failed',
      passed: { passed: 2, total: 4 },
    });
  });

  test('an unchanged tree is not verified twice, ticks do not change it, a changed file does', async () => {
    const project = await createProject({ files: planWith('echo x >> ignored/runs'), yes: true });
    project.repository.write('ignored/runs', '');
    await start(project.context, { id: 'A-01' });
    const runs = () => project.repository.read('ignored/runs').length / 2;
    expect((await verify(project.context)).reused).toBe(false);
    expect((await verify(project.context)).reused).toBe(true);
    expect(runs()).toBe(1);
    await verify(project.context, { again: true });
    expect(runs()).toBe(2);
    project.repository.write(sessionPath, project.session().replace('- [ ] The schema', '- [x] The schema'));
    expect((await verify(project.context)).reused).toBe(true);
    project.repository.write('new file.txt', 'x\n');
    expect((await status(project.context)).active?.receipt).toBe('stale');
    expect((await verify(project.context)).reused).toBe(false);
    expect(runs()).toBe(3);
  });

  test('a session without commands is refused, and so is one that is not there', async () => {
    const project = await createProject({ yes: true });
    await refusal(verify(project.context), 'no-active-session');
    await start(project.context, { id: 'A-03' });
    await refusal(verify(project.context), 'no-verification');
  });

  test('the time limit ends a command and is recorded', async () => {
    const files = { ...planWith('sleep 30\necho after'), '.baton.yaml': 'verification_timeout_minutes: 0.01\n' };
    const project = await createProject({ files, yes: true });
    await start(project.context, { id: 'A-01' });
    const { receipt } = await verify(project.context);
    expect(receipt.commands.map(({ timedOut, exitCode }) => [timedOut, exitCode])).toEqual([
      [true, undefined],
      [false, 0],
    ]);
    expect(receipt.ok).toBe(false);
  });

  test('cancelling ends the whole process tree and records nothing', async () => {
    const listeners: (() => void)[] = [];
    let isCancelled = false;
    const cancellation: Cancellation = {
      get isCancelled() {
        return isCancelled;
      },
      onCancel(listener) {
        listeners.push(listener);
        return { dispose() {} };
      },
    };
    const project = await createProject({
      files: planWith('(sleep 2; touch ignored/late) & sleep 20; wait'),
      yes: true,
    });
    project.repository.write('ignored/x', '');
    await start(project.context, { id: 'A-01' });
    const running = verify(
      { ...project.context, cancellation },
      {
        onCommandStart: () =>
          void setTimeout(() => {
            isCancelled = true;
            for (const listener of listeners) listener();
          }, 300),
      },
    );
    await refusal(running, 'cancelled');
    expect(await project.ports.localState.list('receipts/')).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 2_300));
    expect(existsSync(join(project.repository.root, 'ignored/late'))).toBe(false);
  });
});
