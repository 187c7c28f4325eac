import { relative, sep } from 'node:path';
import * as vscode from 'vscode';
import { readComments } from '../../core/actions/isolated/comments.ts';
import { listIsolated } from '../../core/actions/isolated/listIsolated.ts';
import type { IsolatedSession } from '../../core/model/isolated.ts';
import { isQueued, type ReviewComment } from '../../core/model/reviewComment.ts';
import type { Services } from '../commands/services.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';

/** A session whose changes a person looks at. */
export interface Reviewed {
  readonly host: ProjectHost;
  readonly session: IsolatedSession;
}

/** A comment as VS Code shows it; also the argument of commands in its menu. */
export interface ShownComment extends vscode.Comment {
  readonly folder: string;
  /** ID of the isolated session. */
  readonly id: string;
  readonly comment: string;
}

/**
 * Comments of a person on lines of isolated sessions' worktrees, beside the lines: in the files themselves, and so on the right side of the
 * editor for several diffs. What was said is kept with the session's records. Nothing is made before a session is reviewed.
 */
export class ReviewComments implements vscode.Disposable {
  readonly #services: Services;
  /** By the folder of the worktree. */
  readonly #reviewed = new Map<string, Reviewed>();
  readonly #threads = new Map<string, readonly vscode.CommentThread[]>();
  #controller: vscode.CommentController | undefined;

  constructor(services: Services) {
    this.#services = services;
  }

  /** The threads of a session as they are shown, for tests. */
  threadsOf(session: Pick<IsolatedSession, 'worktree'>): readonly vscode.CommentThread[] {
    return this.#threads.get(session.worktree) ?? [];
  }

  /** Shows what was said before the window was reloaded, and was not sent yet. */
  async restore(): Promise<void> {
    await this.#services.projects.load();
    for (const host of this.#services.projects.all.filter(({ isLocal }) => isLocal)) {
      // Outside of git there are no records.
      const entries = await listIsolated({ ports: host.ports }).catch(() => []);
      for (const { session } of entries) {
        const comments = await readComments({ ports: host.ports }, session.id);
        if (comments.some(({ sentAt }) => sentAt === undefined)) await this.show({ host, session });
      }
    }
  }

  /** Lets lines of a session's worktree be commented on, and shows what was said about them. */
  async show(reviewed: Reviewed): Promise<void> {
    const { host, session } = reviewed;
    this.#controller ??= this.#createController();
    const controller = this.#controller;
    this.#reviewed.set(session.worktree, reviewed);
    const lines = new Map<string, ReviewComment[]>();
    for (const comment of await readComments({ ports: host.ports }, session.id)) {
      const key = `${comment.path}:${comment.line}`;
      lines.set(key, [...(lines.get(key) ?? []), comment]);
    }
    for (const thread of this.threadsOf(session)) thread.dispose();
    const threads = [...lines.values()].map((comments) => createThread(controller, reviewed, comments));
    this.#threads.set(session.worktree, threads);
  }

  /** Looks again at comments of a folder's sessions that waited to be told. */
  async follow(folder: string): Promise<void> {
    for (const [worktree, reviewed] of this.#reviewed) {
      const isWaiting = this.#threads.get(worktree)?.some(({ contextValue }) => contextValue === 'queued') === true;
      if (reviewed.host.id === folder && isWaiting) await this.show(reviewed);
    }
  }

  /** The reviewed session in whose worktree a file lies, and its path there. */
  find(uri: vscode.Uri): (Reviewed & { readonly path: string }) | undefined {
    if (uri.scheme !== 'file') return undefined;
    for (const [worktree, reviewed] of this.#reviewed) {
      const path = relative(worktree, uri.fsPath).split(sep).join('/');
      if (path !== '' && !path.startsWith('..') && !path.startsWith('.baton/')) return { ...reviewed, path };
    }
    return undefined;
  }

  dispose(): void {
    this.#controller?.dispose();
    this.#threads.clear();
    this.#reviewed.clear();
  }

  #createController(): vscode.CommentController {
    const controller = vscode.comments.createCommentController('baton', vscode.l10n.t('Baton: Comments for Agents'));
    controller.options = {
      prompt: vscode.l10n.t('Comment for the agent'),
      placeHolder: vscode.l10n.t('What is to be changed?'),
    };
    controller.commentingRangeProvider = {
      provideCommentingRanges: (document) =>
        this.find(document.uri) === undefined ? [] : [new vscode.Range(0, 0, Math.max(0, document.lineCount - 1), 0)],
    };
    return controller;
  }
}

function createThread(
  controller: vscode.CommentController,
  { host, session }: Reviewed,
  comments: readonly ReviewComment[],
): vscode.CommentThread {
  const [{ path, line }] = comments as readonly [ReviewComment, ...ReviewComment[]];
  const uri = vscode.Uri.joinPath(vscode.Uri.file(session.worktree), path);
  const range = new vscode.Range(line - 1, 0, line - 1, 0);
  const isSent = comments.every(({ sentAt }) => sentAt !== undefined);
  const shown = comments.map(
    (comment): ShownComment => ({
      folder: host.id,
      id: session.id,
      comment: comment.id,
      author: { name: vscode.l10n.t('You') },
      body: comment.text,
      mode: vscode.CommentMode.Preview,
      contextValue: comment.sentAt === undefined ? 'unsent' : 'sent',
      timestamp: new Date(comment.at),
      ...(comment.sentAt !== undefined && { label: vscode.l10n.t('sent') }),
      ...(isQueued(comment) && { label: vscode.l10n.t('waits for its next turn') }),
    }),
  );
  const thread = controller.createCommentThread(uri, range, shown);
  thread.label = session.item.id;
  const isWaiting = comments.every((comment) => comment.sentAt !== undefined || isQueued(comment));
  thread.contextValue = isSent ? 'sent' : isWaiting ? 'queued' : 'unsent';
  thread.state = isSent ? vscode.CommentThreadState.Resolved : vscode.CommentThreadState.Unresolved;
  thread.collapsibleState = isSent
    ? vscode.CommentThreadCollapsibleState.Collapsed
    : vscode.CommentThreadCollapsibleState.Expanded;
  return thread;
}

const made = new WeakMap<Services, ReviewComments>();

/** The comments of this window: one for the commands and for what is there when the first scan has ended. */
export function reviewCommentsOf(services: Services): ReviewComments {
  const known = made.get(services) ?? new ReviewComments(services);
  made.set(services, known);
  return known;
}
