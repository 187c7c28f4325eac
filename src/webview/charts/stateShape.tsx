import type { JSX } from 'preact';
import type { ShownState } from '../../core/model/shownState.ts';
import { StateIcon } from '../stateIcon.tsx';

/** The states with how many sessions of each are drawn: what colours, patterns and pictures mean. */
export interface LegendProps {
  readonly items: readonly { readonly state: ShownState; readonly text: string }[];
}

/** The legend of a chart. */
export function Legend({ items }: LegendProps): JSX.Element {
  return (
    <ul class="chart-legend">
      {items.map(({ state, text }) => (
        <li key={state} class={`chart-state-${state}`}>
          <StateIcon state={state} />
          {text}
        </li>
      ))}
    </ul>
  );
}

/** How a bar of a state is filled beside its colour, so that it is told apart without it. */
export function patternOf(state: ShownState): 'hatch' | 'dots' | 'cross' | undefined {
  if (state === 'paused') return 'hatch';
  if (state === 'failed') return 'cross';
  if (state === 'blocked') return 'dots';
  return undefined;
}

/** The patterns that `patternOf` names; `prefix` makes their names unique in the page. */
export function Patterns({ prefix }: { readonly prefix: string }): JSX.Element {
  return (
    <defs>
      <pattern id={`${prefix}-hatch`} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <line class="chart-pattern" x1="0" y1="0" x2="0" y2="6" />
      </pattern>
      <pattern id={`${prefix}-dots`} width="5" height="5" patternUnits="userSpaceOnUse">
        <circle class="chart-pattern-dot" cx="2" cy="2" r="1" />
      </pattern>
      <pattern id={`${prefix}-cross`} width="7" height="7" patternUnits="userSpaceOnUse">
        <path class="chart-pattern" d="M0 0L7 7M7 0L0 7" />
      </pattern>
      <marker
        id={`${prefix}-arrow`}
        viewBox="0 0 8 8"
        refX="7"
        refY="4"
        markerWidth="7"
        markerHeight="7"
        orient="auto-start-reverse"
      >
        <path class="chart-arrow" d="M0 0.5L8 4L0 7.5z" />
      </marker>
    </defs>
  );
}
