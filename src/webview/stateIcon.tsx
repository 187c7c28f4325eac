import type { JSX } from 'preact';
import type { ShownState } from '../core/model/shownState.ts';

/** The picture of a state, always beside its word: a shape of its own for each, coloured by the class `state-<state>`. */
export function StateIcon({ state }: { readonly state: ShownState }): JSX.Element {
  return (
    <svg class={`state-icon state-${state}`} width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      {shapes[state]}
    </svg>
  );
}

/** Three points: more can be done here. */
export function MoreIcon(): JSX.Element {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" fill="currentColor">
      <circle cx="3" cy="8" r="1.2" />
      <circle cx="8" cy="8" r="1.2" />
      <circle cx="13" cy="8" r="1.2" />
    </svg>
  );
}

const ring = <circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" stroke-width="1.3" />;
const disc = <circle cx="8" cy="8" r="6.2" fill="currentColor" />;

/** A line in the colour of the background, upon a disc. */
function mark(path: string): JSX.Element {
  return <path class="state-mark" d={path} fill="none" stroke-width="1.5" stroke-linecap="round" />;
}

const shapes: Readonly<Record<ShownState, JSX.Element>> = {
  active: (
    <g>
      {ring}
      <circle cx="8" cy="8" r="3" fill="currentColor" />
    </g>
  ),
  ready: (
    <g>
      {ring}
      <path d="M6.6 5.4v5.2L10.8 8z" fill="currentColor" />
    </g>
  ),
  waiting: (
    <g>
      {ring}
      <path d="M8 5v3.2l2 1.3" fill="none" stroke="currentColor" stroke-width="1.3" stroke-linecap="round" />
    </g>
  ),
  paused: (
    <g>
      {ring}
      <path d="M6.6 5.7v4.6M9.4 5.7v4.6" stroke="currentColor" stroke-width="1.4" stroke-linecap="round" />
    </g>
  ),
  blocked: (
    <g>
      {ring}
      <path d="M4.2 11.8l7.6-7.6" stroke="currentColor" stroke-width="1.3" />
    </g>
  ),
  failed: (
    <g>
      {disc}
      {mark('M6 6l4 4M10 6l-4 4')}
    </g>
  ),
  retry: (
    <path
      d="M12.6 5.6A5.4 5.4 0 1 0 13.4 8M13 2.8v3h-3"
      fill="none"
      stroke="currentColor"
      stroke-width="1.3"
      stroke-linecap="round"
    />
  ),
  done: (
    <g>
      {disc}
      {mark('M5.2 8.2l2 2 3.8-4.2')}
    </g>
  ),
  unknown: (
    <g>
      <circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" stroke-width="1.3" stroke-dasharray="2 1.6" />
      <path
        d="M6.6 6.6a1.4 1.4 0 1 1 2 1.3c-.4.2-.6.4-.6.9M8 10.6v.1"
        fill="none"
        stroke="currentColor"
        stroke-width="1.2"
        stroke-linecap="round"
      />
    </g>
  ),
};
