import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { BatonError } from '../../core/errors.ts';
import type { DashboardSnapshot } from '../../core/model/dashboard.ts';
import { isReportHtml, type ReportModule } from '../../core/model/report.ts';
import type { Cli } from '../cli.ts';
import { declareVerb } from '../declareVerb.ts';
import { loadBeside } from '../loadBeside.ts';
import type { Output } from '../output.ts';
import { countOf, plainText } from '../text.ts';

interface ReportOptions {
  readonly html?: string;
  readonly csv?: string;
  readonly project?: string;
  readonly force?: boolean;
}

type Format = 'html' | 'csv';

/** A report that was asked for: `-` is the standard output. */
interface Wanted {
  readonly format: Format;
  readonly file: string;
}

/** One that was written. */
interface Written {
  readonly format: Format;
  /** Absolute; null for the standard output. */
  readonly path: string | null;
  readonly bytes: number;
  /** Its text, where no file got it. */
  readonly content?: string;
}

/** `baton report` */
export function declareReport(program: Command, cli: Cli): void {
  declareVerb(program, {
    name: 'report',
    summary: 'Write the progress as a web page or as CSV',
    details:
      'The page is one file without scripts that shows the timeline, done against planned, times, what is next, and all sessions; ' +
      'it can be sent and printed. The CSV has a line per session, times in UTC. A file that is there is replaced only if it is an ' +
      'earlier report, or with --force. --json: files[{format, path, bytes}], sessions, done; for "-" path is null and content has the text.',
    examples: [
      ['baton report --html progress.html', 'a page for the team'],
      ['baton report --csv - | head', 'the sessions as CSV on stdout'],
      ['baton report --html shop.html --project Shop', 'one project alone'],
    ],
  })
    .option('--html <file>', 'write a web page; "-" is stdout')
    .option('--csv <file>', 'write CSV; "-" is stdout')
    .option('--project <name>', 'only of this project')
    .option('--force', 'replace a file that is no report')
    .action((options: ReportOptions, command: Command) =>
      cli.run(command, async ({ context, root }) => {
        const wanted = wantedOf(options);
        const { readDashboard } = await import('../../core/actions/dashboard.ts');
        const { narrowToProject } = await import('../../core/actions/narrowDashboard.ts');
        const all = await readDashboard(context, { name: basename(root) });
        const snapshot = options.project === undefined ? all : narrowToProject(all, options.project);
        if (snapshot.sessions.length === 0 && snapshot.taskLists.length === 0) throw nothingToReport(snapshot);
        const files: Written[] = [];
        for (const each of wanted) files.push(await write(each, snapshot, options.force === true));
        const done = snapshot.sessions.filter(({ state }) => state === 'done').length;
        return {
          data: { files, sessions: snapshot.sessions.length, done },
          print: (out) => printWritten(out, files, snapshot.sessions.length),
        };
      }),
    );
}

function wantedOf({ html, csv }: ReportOptions): readonly Wanted[] {
  const wanted: Wanted[] = [];
  if (html !== undefined) wanted.push({ format: 'html', file: html });
  if (csv !== undefined) wanted.push({ format: 'csv', file: csv });
  if (wanted.length === 0) {
    throw new BatonError('invalid-argument', 'What to write was not said.', {
      hint: 'Name a file: baton report --html progress.html, or --csv progress.csv.',
    });
  }
  if (wanted.some(({ file }) => file === ''))
    throw new BatonError('invalid-argument', 'The name of the file is empty.');
  if (html !== undefined && csv !== undefined && isSamePlace(html, csv)) {
    throw new BatonError(
      'invalid-argument',
      `The page and the CSV cannot both go to ${html === '-' ? 'stdout' : html}.`,
      {
        hint: 'Name two files.',
      },
    );
  }
  return wanted;
}

function isSamePlace(one: string, other: string): boolean {
  return one === other || (one !== '-' && other !== '-' && resolve(one) === resolve(other));
}

function nothingToReport({ problems }: DashboardSnapshot): BatonError {
  return new BatonError('no-project', 'There are no sessions and no task lists to report on', {
    ...(problems.length > 0 && { hint: '"baton check" tells which files cannot be understood.' }),
  });
}

async function write({ format, file }: Wanted, snapshot: DashboardSnapshot, force: boolean): Promise<Written> {
  const { text, isOurs } = await contentOf(format, snapshot);
  if (file === '-') return { format, path: null, bytes: Buffer.byteLength(text), content: text };
  const { writeCallerFile } = await import('../../platform/callerFile.ts');
  // So that spreadsheets take it for UTF-8.
  const content = format === 'csv' ? `\ufeff${text}` : text;
  const path = await writeCallerFile(file, content, { force, isOurs });
  return { format, path, bytes: Buffer.byteLength(content) };
}

async function contentOf(
  format: Format,
  snapshot: DashboardSnapshot,
): Promise<{ readonly text: string; readonly isOurs: (text: string) => boolean }> {
  if (format === 'csv') {
    const { writeSessionsCsv, sessionsCsvStart } = await import('../../core/formats/sessionsCsv.ts');
    return {
      text: writeSessionsCsv(snapshot),
      isOurs: (text) => text.replace(/^\ufeff/, '').startsWith(sessionsCsvStart),
    };
  }
  const loaded: Partial<ReportModule> = await loadBeside('report.cjs');
  if (typeof loaded.renderReport !== 'function')
    throw new BatonError('process-failed', 'report.cjs is of another version of Baton');
  const { locale } = Intl.DateTimeFormat().resolvedOptions();
  return { text: loaded.renderReport(snapshot, { locale }), isOurs: isReportHtml };
}

function printWritten(out: Output, files: readonly Written[], sessions: number): void {
  const isPiped = files.some(({ content }) => content !== undefined);
  for (const { content } of files) if (content !== undefined) out.raw(content);
  if (isPiped) return;
  for (const { path } of files)
    out.line(`${out.paint('good', 'Wrote')} ${plainText(path ?? '')} with ${countOf(sessions, 'session')}.`);
}
