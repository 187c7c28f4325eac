import type { Command } from 'commander';
import type { ActiveStatus, ProjectCounts, StatusResult } from '../../core/actions/status.ts';
import type { Workspace } from '../../core/model/workspace.ts';
import type { Cli } from '../cli.ts';
import { declareVerb } from '../declareVerb.ts';
import { explainNone } from '../explainNone.ts';
import type { Output } from '../output.ts';
import { completeCommand, printNextStep, quoteArgument } from '../sessionTable.ts';
import { countOf, formatMinutes, plainText } from '../text.ts';
import { toSessionView } from '../views.ts';

/** `baton status` */
export function declareStatus(program: Command, cli: Cli): void {
  declareVerb(program, {
    name: 'status',
    summary: 'Show the active session, what is ready and what comes next',
    details:
      '--json: projects[{project, progress, total, done, active, paused, blocked, failed, retry, pending, ready}], active (or null) ' +
      '{id, title, session, path, status, startedAt, elapsedMinutes, checklist {done, total, items[{number, text, checked}]}, ' +
      'checkpoints, receipt (none, passed, failed or stale), passed {passed, total}, dirtyFiles}, ready[], paused[], ' +
      'blockers[{text, session, path}], interrupted (or null) {verb, session, step, done, total, startedAt, alive, pid}, problems.',
    examples: [['baton status', 'the next command is in the last line']],
  }).action((_options: object, command: Command) =>
    cli.run(command, async ({ context }) => {
      const { status } = await import('../../core/actions/status.ts');
      const result = await status(context);
      return { data: toData(result), print: (out) => printStatus(out, result, context.store.workspace) };
    }),
  );
}

function toData({ projects, active, ready, paused, blockers, interrupted, problems }: StatusResult) {
  return {
    projects: projects.map(({ progressPath, ...counts }) => ({ ...counts, progress: progressPath ?? null })),
    active: active === undefined ? null : toActiveView(active),
    ready,
    paused,
    blockers: blockers.map(({ text, session, path }) => ({ text, session: session ?? null, path })),
    interrupted: interrupted === undefined ? null : { ...interrupted, session: interrupted.session ?? null },
    problems,
  };
}

function toActiveView({
  id,
  entry,
  sessionFile,
  elapsedMinutes,
  checklist,
  checkpoints,
  receipt,
  passed,
  dirtyCount,
}: ActiveStatus) {
  return {
    id,
    title: entry?.title ?? sessionFile.title ?? null,
    session: entry === undefined ? null : toSessionView(entry),
    path: sessionFile.path,
    status: sessionFile.status ?? null,
    startedAt: sessionFile.startedAt ?? null,
    elapsedMinutes: elapsedMinutes ?? null,
    checklist: {
      ...checklist,
      items: sessionFile.checklist.map(({ text, checked }, index) => ({ number: index + 1, text, checked })),
    },
    checkpoints,
    receipt,
    passed: passed ?? null,
    dirtyFiles: dirtyCount ?? null,
  };
}

function printStatus(out: Output, result: StatusResult, workspace: Workspace | undefined): void {
  const { projects, active, ready, paused, blockers, interrupted, problems } = result;
  for (const project of projects)
    out.line(`${out.paint('title', plainText(project.project))}  ${describeCounts(project)}`);
  if (active !== undefined) printActive(out, active);
  else if (workspace?.sessionFile?.kind === 'foreign') {
    out.wrapped(`${plainText(workspace.sessionFile.path)} names no session; Baton leaves it alone.`, {
      label: 'Note     ',
    });
  }
  if (ready.length > 0) out.wrapped(ready.map(plainText).join(', '), { label: 'Ready    ' });
  if (paused.length > 0) out.wrapped(paused.map(plainText).join(', '), { label: 'Paused   ' });
  for (const { text } of blockers) out.wrapped(plainText(text), { label: 'Blocker  ', tone: 'warn' });
  if (problems > 0)
    out.line(`Problems ${out.paint('warn', countOf(problems, 'problem'))} in the state files: baton check`);
  if (interrupted !== undefined) {
    const { verb, session, step, done, total, alive, pid } = interrupted;
    const whom = session === undefined ? '' : ` of ${plainText(session)}`;
    const who = alive ? `process ${pid} is still at it` : 'the process that began it is dead';
    out.wrapped(`${verb}${whom}: ${done} of ${total} steps are done, next is ${plainText(step)}; ${who}`, {
      label: 'Half done ',
      tone: 'bad',
    });
  }
  printNextOf(out, result, workspace);
}

function describeCounts({ total, done, active, paused, blocked, failed, retry, ready }: ProjectCounts): string {
  const others: readonly (readonly [number, string])[] = [
    [active, 'active'],
    [paused, 'paused'],
    [blocked, 'blocked'],
    [failed, 'failed'],
    [retry, 'to retry'],
    [ready, 'ready'],
  ];
  const parts = others.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return [`${done}/${total} sessions done`, ...parts].join(' · ');
}

function printActive(out: Output, { id, entry, sessionFile, elapsedMinutes, ...facts }: ActiveStatus): void {
  const title = plainText(entry?.title ?? sessionFile.title ?? '');
  const elapsed = elapsedMinutes === undefined ? '' : `  ${formatMinutes(elapsedMinutes)}`;
  out.line(
    `Active   ${out.paint('busy', `${plainText(id)}${title === '' ? '' : `: ${title}`}`)}${out.paint('quiet', elapsed)}`,
  );
  out.line(`         ${sessionFile.path}`);
  out.line(`         ${describeFacts(facts)}`);
  sessionFile.checklist.forEach(({ text, checked }, index) => {
    const box = checked ? out.paint('good', '[x]') : '[ ]';
    out.wrapped(plainText(text), {
      label: `         ${String(index + 1).padStart(2)} ${box} `,
      ...(checked ? { tone: 'quiet' as const } : {}),
    });
  });
}

function describeFacts({
  checklist,
  checkpoints,
  receipt,
  passed,
  dirtyCount,
}: Omit<ActiveStatus, 'id' | 'entry' | 'sessionFile' | 'elapsedMinutes'>): string {
  const counted = passed === undefined ? '' : ` ${passed.passed}/${passed.total}`;
  const verification = {
    none: 'not verified',
    passed: `verified${counted}`,
    failed: `verification failed${counted}`,
    stale: 'changed since it was verified',
  }[receipt];
  return [
    checklist.total === 0 ? undefined : `checklist ${checklist.done}/${checklist.total}`,
    countOf(checkpoints, 'checkpoint'),
    verification,
    dirtyCount === undefined ? undefined : `${countOf(dirtyCount, 'file')} changed`,
  ]
    .filter((part) => part !== undefined)
    .join(' · ');
}

/** The one command that most likely comes next. */
function printNextOf(
  out: Output,
  { projects, active, ready, paused, interrupted }: StatusResult,
  workspace: Workspace | undefined,
): void {
  const [first] = ready;
  const [waiting] = paused;
  if (interrupted !== undefined && !interrupted.alive) printNextStep(out, 'baton recover');
  else if (active !== undefined) printNextOfActive(out, active);
  else if (first !== undefined) printNextStep(out, `baton start ${quoteArgument(first)}`);
  else if (waiting !== undefined) printNextStep(out, `baton resume ${quoteArgument(waiting)}`);
  else if (projects.every(({ total }) => total === 0)) explainNone(out, workspace);
  else if (projects.every(({ done, total }) => done === total)) out.line('All sessions are done.');
  else printNextStep(out, 'baton sessions', 'none is ready');
}

function printNextOfActive(out: Output, { entry, receipt, sessionFile }: ActiveStatus): void {
  if (sessionFile.commands.length === 0 || receipt === 'passed') {
    printNextStep(out, completeCommand(entry));
  } else if (receipt === 'failed') printNextStep(out, 'baton verify', 'once what failed is mended');
  else printNextStep(out, 'baton verify', 'or: baton checkpoint -m "what is done"');
}
