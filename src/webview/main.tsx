import '@vscode-elements/elements/dist/vscode-badge/index.js';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import './style.css';
import './table/table.css';
import './charts/charts.css';
import './waves/waves.css';
import { type JSX, render } from 'preact';
import { Emitter } from '../core/base/emitter.ts';
import { changeText } from './changeTexts.ts';
import { type Announcement, Dashboard } from './dashboard.tsx';
import type { DashboardHost } from './host.ts';
import type { DashboardState, HostMessage } from './protocol.ts';
import { readHostMessage } from './readHostMessage.ts';
import { applyChange, type DashboardModel, takeSnapshot } from './store.ts';
import { createTranslate, english, type Translate } from './texts.ts';
import { readState } from './viewState.ts';

declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
};

/** What is known so far; the model comes with the first snapshot. */
interface Known {
  readonly model: DashboardModel;
  readonly initial: DashboardState;
  readonly t: Translate;
  /** What `t` was made from. */
  readonly texts: Readonly<Record<string, string>>;
  readonly locale: string;
  readonly trusted: boolean;
  readonly announcement: Announcement;
}

const minuteMs = 60_000;
const api = acquireVsCodeApi();
const host: DashboardHost = {
  post: (message) => api.postMessage(message),
  getState: () => api.getState(),
  setState: (state) => api.setState(state),
};
const results = new Emitter<Extract<HostMessage, { readonly kind: 'cellResult' }>>();
const shows = new Emitter<Extract<HostMessage, { readonly kind: 'show' }>>();
const place = document.getElementById('root') ?? document.body;
let known: Known | undefined;
/** Asked for before there was anything to show. */
let waitingShow: Extract<HostMessage, { readonly kind: 'show' }> | undefined;

function draw(): void {
  if (known === undefined) return;
  const { texts: _, ...shown } = known;
  render(<Dashboard {...shown} host={host} nowMs={Date.now()} results={results.event} shows={shows.event} />, place);
}

function receive(message: HostMessage): void {
  switch (message.kind) {
    case 'snapshot':
      if (known === undefined) {
        known = withSnapshot(known, message);
        // At once, because the folder in it says whose dashboard this is after a reload of the window.
        host.setState(known.initial);
      } else known = withSnapshot(known, message);
      break;
    case 'change': {
      if (known === undefined) return;
      const model = applyChange(known.model, message);
      known = { ...known, model, announcement: announce(known, model) };
      break;
    }
    case 'trusted':
      if (known !== undefined) known = { ...known, trusted: true };
      break;
    case 'cellResult':
      results.fire(message);
      return;
    case 'show':
      if (shows.hasListeners) shows.fire(message);
      else waitingShow = message;
      return;
  }
  draw();
}

function withSnapshot(before: Known | undefined, message: Extract<HostMessage, { readonly kind: 'snapshot' }>): Known {
  const { snapshot, texts, locale, trusted } = message;
  const model = takeSnapshot(snapshot, before?.model);
  const isSameTexts = before !== undefined && JSON.stringify(before.texts) === JSON.stringify(texts);
  const folder = place.dataset['folder'] ?? snapshot.name;
  return {
    model,
    initial: before?.initial ?? readState(host.getState(), folder),
    t: isSameTexts ? before.t : createTranslate(texts),
    texts: isSameTexts ? before.texts : texts,
    locale,
    trusted,
    announcement: before === undefined ? { text: '', count: 0 } : announce(before, model),
  };
}

function announce({ t, model: before, announcement }: Known, after: DashboardModel): Announcement {
  const text = changeText(t, before, after);
  return text === undefined ? announcement : { text, count: announcement.count + 1 };
}

/** For an extension of another version, which was updated under an open window. */
function Misunderstood({ t }: { readonly t: Translate }): JSX.Element {
  return (
    <p class="note" role="alert">
      {t('The dashboard does not understand what Baton sent. Reload the window.')}
    </p>
  );
}

window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  const message = readHostMessage(data);
  if (message === undefined) {
    if (known === undefined && typeof data === 'object' && data !== null && 'kind' in data && data.kind === 'snapshot')
      render(<Misunderstood t={english} />, place);
    return;
  }
  receive(message);
  if (waitingShow === undefined || known === undefined) return;
  const show = waitingShow;
  // Effects of the first drawing listen only after it was painted.
  requestAnimationFrame(() =>
    setTimeout(() => {
      if (waitingShow !== show) return;
      waitingShow = undefined;
      shows.fire(show);
    }),
  );
});
setInterval(draw, minuteMs);
host.post({ v: 1, kind: 'ready' });
