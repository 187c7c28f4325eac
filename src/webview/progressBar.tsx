import type { JSX } from 'preact';

/** A stretch of a bar. */
export interface BarPart {
  /** Class that colours it. */
  readonly name: string;
  readonly count: number;
}

/**
 * A bar of parts, in SVG, so that widths need no style. What it shows must also stand beside it in words; `label` says it to a screen reader.
 */
export function ProgressBar(props: {
  readonly label: string;
  readonly parts: readonly BarPart[];
  readonly total: number;
}): JSX.Element {
  const { label, parts, total } = props;
  let done = 0;
  return (
    <svg class="progress-bar" role="img" aria-label={label} width="100%" height="6" preserveAspectRatio="none">
      <rect class="bar-rest" width="100%" height="6" />
      {parts.map(({ name, count }) => {
        const x = share(done, total);
        done += count;
        return <rect key={name} class={`bar-${name}`} x={x} width={share(count, total)} height="6" />;
      })}
    </svg>
  );
}

function share(count: number, total: number): string {
  return `${total === 0 ? 0 : Math.round((count / total) * 10_000) / 100}%`;
}
