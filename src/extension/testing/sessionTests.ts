import * as vscode from 'vscode';
import { type ReceiptOwner, readSessionReceipt, receiptKey, receiptOwner } from '../../core/actions/runVerification.ts';
import { tryCommands } from '../../core/actions/tryCommands.ts';
import { type VerificationListener, verify } from '../../core/actions/verify.ts';
import { BatonError } from '../../core/errors.ts';
import type { Receipt, ReceiptCommand } from '../../core/model/receipt.ts';
import type { SessionFile } from '../../core/model/sessionFile.ts';
import { runVerb } from '../commands/runVerb.ts';
import type { Services } from '../commands/services.ts';
import { report } from '../errors.ts';
import { onDidChangeSetting, readSetting } from '../registration.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import { trustGate } from '../workspace/trustGate.ts';

/** What was made of one folder's active session. */
interface ShownSession {
  readonly host: ProjectHost;
  readonly item: vscode.TestItem;
  readonly watcher: vscode.Disposable;
  /** The receipt whose results are shown, as text: two may have run within one second. */
  mirrored: string | undefined;
}

/**
 * The verification commands of active sessions as tests, in the Testing view and in the gutter of SESSION.md. All of them run together are
 * a verification with its receipt; some of them are only tried. What `verify` finds elsewhere is shown here too. The controller is there
 * only while a session with commands is.
 */
export class SessionTests implements vscode.Disposable {
  readonly #services: Services;
  readonly #owned: vscode.Disposable[];
  readonly #shown = new Map<string, ShownSession>();
  #controller: vscode.TestController | undefined;
  #updating = Promise.resolve();
  /** Results of the last run, for tests: command to how it ended. */
  readonly results = new Map<string, 'passed' | 'failed'>();

  constructor(services: Services) {
    this.#services = services;
    this.#owned = [
      services.projects.onDidChange(() => this.#updateSoon()),
      trustGate.onDidGrant(() => this.#updateSoon()),
      onDidChangeSetting(['baton.testing.shown'], () => this.#updateSoon()),
    ];
    this.#updateSoon();
  }

  /** The sessions with their commands, for tests. */
  get items(): readonly vscode.TestItem[] {
    return [...this.#shown.values()].map(({ item }) => item);
  }

  /** Runs tests as the Testing view does. */
  run(include: readonly vscode.TestItem[] | undefined, token: vscode.CancellationToken): Promise<void> {
    return this.#run(new vscode.TestRunRequest(include), token);
  }

  dispose(): void {
    for (const one of this.#owned) one.dispose();
    this.#drop([...this.#shown.keys()]);
  }

  #updateSoon(): void {
    this.#updating = this.#updating.then(() =>
      this.#update().catch((error: unknown) => this.#services.log.error('The tests could not be shown.', error)),
    );
  }

  async #update(): Promise<void> {
    const hosts = this.#services.projects.all.filter(hasCommands);
    this.#drop([...this.#shown.keys()].filter((id) => !hosts.some((host) => host.id === id)));
    for (const host of hosts) {
      const file = host.workspace?.sessionFile;
      if (file?.id === undefined) continue;
      const known = this.#shown.get(host.id);
      if (known !== undefined && known.item.id !== itemId(host, file)) this.#drop([host.id]);
      const shown = this.#shown.get(host.id) ?? this.#add(host, file);
      this.#fill(shown, file);
      await this.#mirror(shown);
    }
  }

  #add(host: ProjectHost, file: SessionFile): ShownSession {
    this.#controller ??= this.#createController();
    const item = this.#controller.createTestItem(itemId(host, file), file.id ?? '', host.uriOf(file.path));
    this.#controller.items.add(item);
    const receipt = vscode.Uri.file(
      host.ports.localState.locate(receiptKey(host.ports.localState, ownerOf(host, file.id ?? ''))),
    );
    const watcher = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(vscode.Uri.joinPath(receipt, '..'), receipt.path.split('/').at(-1) ?? ''),
    );
    const shown: ShownSession = { host, item, watcher, mirrored: undefined };
    const changed = () => this.#updateSoon();
    watcher.onDidCreate(changed);
    watcher.onDidChange(changed);
    this.#shown.set(host.id, shown);
    return shown;
  }

  /** Commands as they stand in the file now; what a command showed stays while its text does. */
  #fill({ host, item }: ShownSession, file: SessionFile): void {
    const controller = this.#controller;
    if (controller === undefined) return;
    item.label = [file.id, file.title].filter((part) => part !== undefined && part !== '').join(': ');
    const place = placesIn(file.text);
    const heading = /^#{1,6} .*verification commands.*$/im.exec(file.text);
    item.range = place(heading?.index ?? 0, heading === null ? 0 : heading.index + heading[0].length);
    const items = file.commands.map(({ command, label, range }, index) => {
      const id = `${item.id} ${index} ${command}`;
      const test =
        item.children.get(id) ?? controller.createTestItem(id, nameOf(command, label), host.uriOf(file.path));
      test.range = place(range.start, range.end);
      test.sortText = String(index).padStart(4, '0');
      test.description = label === undefined ? '' : (command.split('\n')[0] ?? '');
      return test;
    });
    item.children.replace(items);
  }

  /** Shows the receipt of a verification that ran elsewhere: by a command, an agent, or before this window was opened. */
  async #mirror(shown: ShownSession): Promise<void> {
    const { host, item } = shown;
    const file = host.workspace?.sessionFile;
    if (file?.id === undefined) return;
    const receipt = await readSessionReceipt(host.ports.localState, ownerOf(host, file.id));
    if (receipt === undefined || JSON.stringify(receipt) === shown.mirrored || !isOf(receipt, file)) return;
    shown.mirrored = JSON.stringify(receipt);
    const run = this.#controller?.createTestRun(new vscode.TestRunRequest([item]), vscode.l10n.t('Verified'), true);
    for (const [index, result] of receipt.commands.entries()) {
      const test = testOf(item, file, result.command, index);
      if (run === undefined || test === undefined) continue;
      run.appendOutput(toLines(`$ ${result.command}\n${result.tail}\n`), undefined, test);
      this.#settle(run, test, result);
    }
    run?.end();
  }

  #createController(): vscode.TestController {
    const controller = vscode.tests.createTestController('baton.verification', vscode.l10n.t('Baton: Verification'));
    controller.createRunProfile(
      vscode.l10n.t('Verify'),
      vscode.TestRunProfileKind.Run,
      (request, token) => this.#run(request, token),
      true,
    );
    return controller;
  }

  async #run(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> {
    const run = this.#controller?.createTestRun(request);
    try {
      for (const shown of [...this.#shown.values()]) {
        const chosen = chooseCommands(shown.item, request);
        if (run !== undefined && chosen.length > 0) await this.#runSession(shown, chosen, run, token);
      }
    } catch (error) {
      if (!BatonError.is(error, 'cancelled')) await report(error);
    } finally {
      run?.end();
    }
  }

  async #runSession(
    shown: ShownSession,
    chosen: readonly number[],
    run: vscode.TestRun,
    token: vscode.CancellationToken,
  ): Promise<void> {
    const { host, item } = shown;
    const tests = childrenOf(item);
    for (const index of chosen) if (tests[index] !== undefined) run.enqueued(tests[index]);
    const cancelSource = new vscode.CancellationTokenSource();
    const linked = [token, run.token].map((one) => one.onCancellationRequested(() => cancelSource.cancel()));
    const options = {
      title: vscode.l10n.t('Verifying {0}', host.workspace?.sessionFile?.id ?? ''),
      needs: vscode.l10n.t('the verification commands'),
      savesFirst: true,
      cancelSource,
    };
    const listener = this.#listen(run, tests);
    const isAll = chosen.length === tests.length;
    try {
      if (isAll) {
        const { receipt } = await runVerb(this.#services, host, options, (context) =>
          verify(context, { again: true, ...listener }),
        );
        shown.mirrored = JSON.stringify(receipt);
        return;
      }
      await runVerb(this.#services, host, options, (context) => tryCommands(context, { only: chosen, ...listener }));
    } finally {
      for (const one of linked) one.dispose();
    }
  }

  #listen(run: vscode.TestRun, tests: readonly vscode.TestItem[]): VerificationListener {
    return {
      onCommandStart: ({ command }, index) => {
        const test = tests[index];
        if (test !== undefined) run.started(test);
        run.appendOutput(toLines(`$ ${command}\n`), undefined, test);
      },
      onOutput: (chunk, index) => run.appendOutput(toLines(chunk), undefined, tests[index]),
      onCommandEnd: (result, index) => {
        const test = tests[index];
        if (test !== undefined) this.#settle(run, test, result);
      },
    };
  }

  #settle(run: vscode.TestRun, test: vscode.TestItem, result: ReceiptCommand): void {
    const { exitCode, timedOut, cancelled, durationMs, tail, command } = result;
    if (cancelled) {
      run.skipped(test);
      return;
    }
    this.results.set(command, exitCode === 0 ? 'passed' : 'failed');
    if (exitCode === 0) {
      run.passed(test, durationMs);
      return;
    }
    const end = timedOut
      ? vscode.l10n.t('It was ended at its time limit.')
      : exitCode === undefined
        ? vscode.l10n.t('It was ended by a signal.')
        : vscode.l10n.t('It ended with exit code {0}.', exitCode);
    const message = new vscode.TestMessage(`${end}\n\n${tail}`);
    if (test.uri !== undefined && test.range !== undefined)
      message.location = new vscode.Location(test.uri, test.range);
    run.failed(test, message, durationMs);
  }

  #drop(ids: readonly string[]): void {
    for (const id of ids) {
      const shown = this.#shown.get(id);
      shown?.watcher.dispose();
      if (shown !== undefined) this.#controller?.items.delete(shown.item.id);
      this.#shown.delete(id);
    }
    if (this.#shown.size > 0) return;
    this.#controller?.dispose();
    this.#controller = undefined;
  }
}

function hasCommands(host: ProjectHost): boolean {
  const file = host.workspace?.sessionFile;
  return (
    trustGate.isTrusted &&
    host.isLocal &&
    file?.kind === 'session' &&
    file.id !== undefined &&
    file.commands.length > 0 &&
    readSetting('baton.testing.shown', host.folder.uri)
  );
}

function itemId(host: ProjectHost, file: SessionFile): string {
  return `${host.id} ${file.id ?? ''} ${file.startedAt ?? ''}`;
}

function nameOf(command: string, label: string | undefined): string {
  return label ?? command.split('\n').at(-1) ?? command;
}

/** In the order of the commands. */
function childrenOf(item: vscode.TestItem): readonly vscode.TestItem[] {
  const tests: vscode.TestItem[] = [];
  item.children.forEach((test) => void tests.push(test));
  return tests.sort((a, b) => ((a.sortText ?? '') < (b.sortText ?? '') ? -1 : 1));
}

/** Positions of the commands that a request means: all without a choice, all below a session, less what it leaves out. */
function chooseCommands(item: vscode.TestItem, { include, exclude = [] }: vscode.TestRunRequest): readonly number[] {
  if (exclude.some(({ id }) => id === item.id)) return [];
  const isWhole = include === undefined || include.some(({ id }) => id === item.id);
  return childrenOf(item).flatMap((test, index) => {
    const isIn = isWhole || include.some(({ id }) => id === test.id);
    return isIn && !exclude.some(({ id }) => id === test.id) ? [index] : [];
  });
}

/** The test of a command, which may be there twice: the one at its own position first. */
function testOf(
  item: vscode.TestItem,
  { commands }: SessionFile,
  command: string,
  position: number,
): vscode.TestItem | undefined {
  const isSame = commands[position]?.command === command;
  const index = isSame ? position : commands.findIndex((one) => one.command === command);
  return index === -1 ? undefined : childrenOf(item)[index];
}

/** A receipt of other commands, or of an earlier start of the session, says nothing about these. */
function isOf(receipt: Receipt, { commands, startRef }: SessionFile): boolean {
  if (receipt.startRef !== startRef) return false;
  return receipt.commands.every(({ command }) => commands.some((one) => one.command === command));
}

/** A terminal needs both characters to begin a line. */
function toLines(text: string): string {
  return text.replace(/\r?\n/g, '\r\n');
}

/** Places in an editor of the text; a byte order mark is no part of it there. */
function placesIn(text: string): (start: number, end: number) => vscode.Range {
  const shift = text.startsWith('\uFEFF') ? 1 : 0;
  const starts = [0];
  for (const match of text.matchAll(/\r\n?|\n/g)) starts.push(match.index + match[0].length);
  const positionOf = (offset: number): vscode.Position => {
    let line = starts.length - 1;
    while (line > 0 && (starts[line] ?? 0) > offset) line--;
    return new vscode.Position(line, Math.max(0, offset - (starts[line] ?? 0) - (line === 0 ? shift : 0)));
  };
  return (start, end) => new vscode.Range(positionOf(start), positionOf(end));
}

function ownerOf({ workspace }: ProjectHost, id: string): ReceiptOwner {
  const entry = workspace?.active;
  return receiptOwner({ id, ...(entry?.id === id && { entry }) });
}
