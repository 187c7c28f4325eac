import type { JSX, TargetedKeyboardEvent } from 'preact';
import { useState } from 'preact/hooks';
import { StateIcon } from '../stateIcon.tsx';
import { stateText } from '../stateTexts.ts';
import type { Translate } from '../texts.ts';
import { type DateTexts, endText, minutesText, nameOf, startText } from './formatTexts.ts';
import { patternOf } from './stateShape.tsx';
import { barHeight, labelWidth, type TimelineBar, type TimelineLink } from './timelineLayout.ts';

/** A share of the width as SVG writes it. */
export function percent(share: number): string {
  return `${Math.round(share * 1e5) / 1e3}%`;
}

export interface BarsProps {
  readonly bars: readonly TimelineBar[];
  /** Of the names of patterns. */
  readonly prefix: string;
  readonly t: Translate;
  readonly dates: DateTexts;
  readonly onShow?: (key: string) => void;
}

/** The bars; with `onShow` one of them can be reached with Tab, the others from there with the arrow keys. */
export function Bars({ bars, prefix, t, dates, onShow }: BarsProps): JSX.Element {
  const [reached, setReached] = useState<string | undefined>(undefined);
  const current = bars.some(({ session }) => session.key === reached) ? reached : bars[0]?.session.key;
  return (
    <g>
      {bars.map((bar) => {
        const { session } = bar;
        const text = describeBar(bar, t, dates);
        const drawing = <Bar bar={bar} prefix={prefix} />;
        const classes = `chart-bar chart-state-${session.state}${bar.planned ? ' chart-planned' : ''}${session.critical ? ' chart-critical' : ''}`;
        if (onShow === undefined)
          return (
            <g key={session.key} class={classes}>
              <title>{text}</title>
              {drawing}
            </g>
          );
        return (
          // biome-ignore lint/a11y/useSemanticElements: SVG has no button.
          <g
            key={session.key}
            class={classes}
            role="button"
            tabindex={session.key === current ? 0 : -1}
            aria-label={text}
            data-bar=""
            onFocus={() => setReached(session.key)}
            onClick={() => onShow(session.key)}
            onKeyDown={(event) => answerKey(event, () => onShow(session.key))}
          >
            <title>{text}</title>
            {drawing}
          </g>
        );
      })}
    </g>
  );
}

function answerKey(event: TargetedKeyboardEvent<SVGGElement>, show: () => void): void {
  if (event.key === 'Enter' || event.key === ' ') show();
  else if (!moveFocus(event.currentTarget, event.key)) return;
  event.preventDefault();
}

function moveFocus(from: SVGGElement, key: string): boolean {
  const bars = [...(from.parentElement?.querySelectorAll<SVGGElement>('[data-bar]') ?? [])];
  const at = bars.indexOf(from);
  const targets: Readonly<Record<string, number>> = {
    ArrowRight: at + 1,
    ArrowDown: at + 1,
    ArrowLeft: at - 1,
    ArrowUp: at - 1,
    Home: 0,
    End: bars.length - 1,
  };
  const target = targets[key];
  if (target === undefined) return false;
  bars[target]?.focus();
  return true;
}

function Bar({ bar, prefix }: { readonly bar: TimelineBar; readonly prefix: string }): JSX.Element {
  const { session, left, right, top, label, labelInside, span } = bar;
  const place = { x: percent(left), y: top, width: percent(right - left), height: barHeight, rx: 3 };
  const pattern = patternOf(session.state);
  return (
    <>
      <rect class="chart-bar-fill" {...place} />
      {pattern && <rect {...place} fill={`url(#${prefix}-${pattern})`} />}
      <rect class="chart-bar-edge" {...place} />
      {span?.open && (
        <line class="chart-bar-open" x1={percent(right)} x2={percent(right)} y1={top - 3} y2={top + barHeight + 3} />
      )}
      {label !== '' && (
        <svg class="chart-bar-label" aria-hidden="true" x={percent(labelInside ? left : right)} y={top}>
          {!labelInside && (
            <rect class="chart-plate" x="2" y="2" width={labelWidth(label)} height={barHeight - 4} rx="3" />
          )}
          <g transform="translate(3.5 2.5) scale(0.8)">
            <StateIcon state={session.state} />
          </g>
          <text x={19} y={barHeight - 5}>
            {label}
          </text>
        </svg>
      )}
    </>
  );
}

/** What a bar says, in one sentence. */
export function describeBar({ session, span, planned }: TimelineBar, t: Translate, dates: DateTexts): string {
  const parts = [t('{0}: {1}', nameOf(session), stateText(t, session.state))];
  if (planned) {
    const length = minutesText(t, planned.toMinutes - planned.fromMinutes);
    parts.push(
      planned.fromMinutes === 0
        ? t('can begin now')
        : t('can begin after {0} of work', minutesText(t, planned.fromMinutes)),
      planned.assumed ? t('no estimate, taken as {0}', length) : t('estimate {0}', length),
    );
  } else if (span) {
    if (span.note !== 'noStart') parts.push(t('started {0}', startText(dates, session)));
    if (span.open) parts.push(t('not ended'));
    else if (span.note !== 'noEnd') parts.push(t('ended {0}', endText(dates, session)));
    if (span.note === 'endBeforeStart') parts.push(t('its end lies before its start'));
    if (session.durationMinutes !== undefined) parts.push(t('{0} of work', minutesText(t, session.durationMinutes)));
    if (session.estimateMinutes !== undefined) parts.push(t('estimate {0}', minutesText(t, session.estimateMinutes)));
  }
  if (session.critical) parts.push(t('on the critical path'));
  return parts.join(', ');
}

/** Lines from what a session depends on to it: along the lane of the first, then up or down to the second. */
export function Links({
  links,
  prefix,
}: {
  readonly links: readonly TimelineLink[];
  readonly prefix: string;
}): JSX.Element {
  return (
    <g class="chart-links">
      {links.map(({ from, to }) => {
        const key = `${from.session.key}\n${to.session.key}`;
        const [start, end] = [percent(from.right), percent(to.left)];
        const middle = from.top + barHeight / 2;
        const arrow = `url(#${prefix}-arrow)`;
        const classes = from.session.critical && to.session.critical ? 'chart-link-critical' : undefined;
        if (from.top === to.top)
          return <line key={key} class={classes} x1={start} y1={middle} x2={end} y2={middle} marker-end={arrow} />;
        // Moved a little into the bar that it leads to, and not beyond the corner of the one that it comes from.
        return (
          <g key={key} class={classes} transform="translate(3 0)">
            <line
              x1={percent(Math.min(from.right, to.left))}
              y1={middle}
              x2={percent(Math.max(from.right, to.left))}
              y2={middle}
            />
            <line
              x1={end}
              y1={middle}
              x2={end}
              y2={to.top > from.top ? to.top : to.top + barHeight}
              marker-end={arrow}
            />
          </g>
        );
      })}
    </g>
  );
}
