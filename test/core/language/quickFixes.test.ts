import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../src/core/base/textEdit.ts';
import { checkWorkspace } from '../../../src/core/checks/checkWorkspace.ts';
import { quickFixes } from '../../../src/core/language/quickFixes.ts';
import type { DiagnosticCode } from '../../../src/core/model/diagnostic.ts';
import { workspaceOf } from '../../support/workspaceOf.ts';

const progressPath = 'docs/progress/P_PROGRESS.md';
const head = '# P Progress\n\n| Session | Status | After |\n|---|---|---|\n';

/** The fixes of the first problem with this code, and the text after each. */
async function fixesOf(files: Readonly<Record<string, string>>, path: string, code: DiagnosticCode) {
  const workspace = await workspaceOf(files);
  const found = checkWorkspace(workspace, { unknownCommits: [], liveIsolated: [] });
  const problem = found.find((file) => file.path === path)?.diagnostics.find((one) => one.code === code);
  if (problem === undefined) throw new Error(`no ${code} in ${JSON.stringify(found)}`);
  return quickFixes(workspace, path, problem).map((fix) =>
    fix.kind === 'goTo'
      ? `go to ${fix.path}:${files[fix.path]?.slice(fix.range.start, fix.range.end)}`
      : applyEdits(files[path] ?? '', fix.edits),
  );
}

describe('quick fixes', () => {
  it('offer every state for one that is not understood, with one space to each side', async () => {
    const text = `${head}| A-1 |  Sealed  | |\n`;
    const fixed = await fixesOf({ [progressPath]: text }, progressPath, 'unknown-status');
    expect(fixed).toHaveLength(7);
    expect(fixed[4]).toBe(`${head}| A-1 |  ✅ Done  | |\n`);
  });

  it('offer the states of tasks in a task list, and of runs and missions in STATE.md', async () => {
    const list = '# R\n\n| Task | Status |\n|---|---|\n| a | ODD |\n';
    const listPath = 'docs/tasks/r.md';
    expect(await fixesOf({ [listPath]: list }, listPath, 'unknown-status')).toEqual(
      ['PENDING', 'IN_PROGRESS', 'COMPLETE'].map((status) => list.replace('ODD', status)),
    );
    const state = '---\nstatus: odd\ncurrent-wave: 0\ntotal-waves: 1\n---\n';
    const statePath = '.claude/STATE.md';
    expect(await fixesOf({ [statePath]: state }, statePath, 'unknown-status')).toEqual(
      ['active', 'paused', 'completed', 'idle'].map((status) => state.replace('odd', status)),
    );
    const mission = `${state.replace('odd', 'idle')}\n## Mission Status\n\n- a-1: odd\n`;
    expect(await fixesOf({ [statePath]: mission }, statePath, 'unknown-status')).toHaveLength(5);
  });

  it('offer each of the nearest IDs once', async () => {
    const text = `${head}| BE-01 | Done | |\n| BE-02 | Done | |\n| BE-09 | | BE-0X |\n`;
    expect(await fixesOf({ [progressPath]: text }, progressPath, 'unknown-dependency')).toEqual(
      ['BE-01', 'BE-02', 'BE-09'].map((id) => text.replace('BE-0X', id)),
    );
    const one = `${head}| BE-01 | Done | |\n| FRONT-09 | | BE-0X |\n`;
    expect(await fixesOf({ [progressPath]: one }, progressPath, 'unknown-dependency')).toEqual([
      one.replace('BE-0X', 'BE-01'),
    ]);
  });

  it('offer the nearest tasks for a name that the list lacks', async () => {
    const list =
      '# R\n\n| Task | Status | After |\n|---|---|---|\n| models | PENDING | — |\n| b | PENDING | modles, c |\n';
    const path = 'docs/tasks/r.md';
    expect(await fixesOf({ [path]: list }, path, 'unknown-dependency')).toEqual([list.replace('modles', 'models')]);
  });

  it('go to the other session with the ID, in whichever file', async () => {
    const text = `${head}| A-1 | Done | |\n| A-1 | Done | |\n`;
    expect(await fixesOf({ [progressPath]: text }, progressPath, 'duplicate-id')).toEqual([
      `go to ${progressPath}:A-1`,
    ]);
    const plans = { 'docs/A_PROMPTS.md': '## Session A-1: A\n\n## Session A-1: B\n' };
    expect(await fixesOf(plans, 'docs/A_PROMPTS.md', 'duplicate-id')).toEqual(['go to docs/A_PROMPTS.md:A-1']);
  });

  it('never write over more than a status cell', async () => {
    const text = `# P Progress\n\n| Status | Session |\n|---|---|\n| Done | A-1 |\n| ODD \\| b | A-2 |\n`;
    const [fixed] = await fixesOf({ [progressPath]: text }, progressPath, 'unknown-status');
    expect(fixed).toBe(text.replace('ODD \\| b', '⬜ Pending'));
  });
});
