import type { ComponentType, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { SectionContext } from './context.ts';

let loaded: ComponentType<SectionContext> | undefined;

/** Wave runs; what draws them is loaded when they are first looked at, since most projects have none. */
export function LateWaves(context: SectionContext): JSX.Element | null {
  const [Waves, setWaves] = useState(() => loaded);
  useEffect(() => {
    if (Waves !== undefined) return;
    void import('./waves.tsx').then((part) => {
      loaded = part.Waves;
      setWaves(() => part.Waves);
    });
  }, [Waves]);
  return Waves === undefined ? null : <Waves {...context} />;
}
