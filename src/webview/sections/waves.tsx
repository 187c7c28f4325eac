import type { JSX } from 'preact';
import { WaveRuns } from '../charts/waveRuns.tsx';
import { Button } from '../elements.tsx';
import { WaveBoard } from '../waves/waveBoard.tsx';
import type { SectionContext } from './context.ts';

/** Wave runs: those that are something to be done as boards, those that have ended as a chart. */
export function Waves(context: SectionContext): JSX.Element {
  const { t, model, host, trusted, locale } = context;
  const { waves = [], pastWaves = [] } = model.snapshot;
  return (
    <div class="waves">
      <div class="wave-head">
        <h2>{t('Waves')}</h2>
        {host !== undefined && (
          <Button disabled={!trusted} onClick={() => host.post({ v: 1, kind: 'startWaves' })}>
            {t('Start Wave Run…')}
          </Button>
        )}
      </div>
      {waves.length === 0 && <p class="empty-text">{t('No wave run is under way.')}</p>}
      {waves.map((run) => (
        <WaveBoard key={run.id} {...context} run={run} />
      ))}
      <WaveRuns runs={pastWaves} t={t} locale={locale} interactive={host !== undefined} />
    </div>
  );
}
