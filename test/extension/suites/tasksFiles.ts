/** The task lists that the suites work on. */
import { mkdir } from 'node:fs/promises';
import * as vscode from 'vscode';
import { pathOf, writeText } from './window.ts';

export const releaseFile = 'docs/tasks/release.md';
export const laterFile = 'docs/tasks/later.md';

export const releaseText = `---
baton: tasks/1
id: release
title: "Release"
created_at: 2026-01-02T09:00:00+01:00
session: 1
---

# Release

| Task | Status | Title | After | Session | Updated |
|------|--------|-------|-------|---------|---------|
| schema | COMPLETE | Write the schema | — | 1 | 2026-01-02T09:10+01:00 |
| models | IN_PROGRESS | Write the models | schema | 1 | 2026-01-02T09:20+01:00 |
| routes | PENDING | Write the routes | models | — | — |
| docs | PENDING | Write **the docs** [x](command:baton.showLog) | schema | — | — |
| left | PENDING | One of a cycle | right | — | — |
| right | PENDING | The other of it | left | — | — |

## Sessions

| Session | Started | Ended | Who | Completed |
|---------|---------|-------|-----|-----------|
| 1 | 2026-01-02T09:00+01:00 | — | Robin | — |
`;

export const laterText = `---
baton: tasks/1
id: later
title: "Later"
session: 0
---

# Later

| Task | Status | Title | After | Session | Updated |
|------|--------|-------|-------|---------|---------|
| polish | PENDING | Polish | — | — | — |
`;

/** Writes both lists, as another program would. */
export async function writeLists(): Promise<void> {
  await mkdir(pathOf('docs/tasks'), { recursive: true });
  await writeText(releaseFile, releaseText);
  await writeText(laterFile, laterText);
}

/** The row of a task in a text. */
export function rowOf(text: string, task: string): string {
  return text.split(/\r?\n/).find((line) => line.startsWith(`| ${task} |`)) ?? '';
}

/** IDs of the tasks in a text, in its order. */
export function idsIn(text: string): string[] {
  return text
    .split(/\r?\n/)
    .flatMap((line) => /^\| (\S+) \| (?:PENDING|IN_PROGRESS|COMPLETE) \|/.exec(line)?.[1] ?? []);
}

/** A token that is never cancelled. */
export function anyToken(): vscode.CancellationToken {
  return new vscode.CancellationTokenSource().token;
}
