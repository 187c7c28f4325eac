import type { ShownState } from '../core/model/shownState.ts';
import type { Translate } from './texts.ts';

/** The word for a state. */
export function stateText(t: Translate, state: ShownState): string {
  switch (state) {
    case 'active':
      return t('Active');
    case 'ready':
      return t('Ready');
    case 'waiting':
      return t('Waiting');
    case 'paused':
      return t('Paused');
    case 'blocked':
      return t('Blocked');
    case 'failed':
      return t('Failed');
    case 'retry':
      return t('Retry');
    case 'done':
      return t('Done');
    case 'unknown':
      return t('Unknown state');
  }
}
