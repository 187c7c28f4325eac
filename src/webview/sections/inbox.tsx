import type { JSX } from 'preact';
import type { InboxItem } from '../../core/model/inbox.ts';
import { dateTexts } from '../charts/formatTexts.ts';
import { Button } from '../elements.tsx';
import type { SectionContext } from './context.ts';

/** What waits for the person. */
export function Inbox(context: SectionContext): JSX.Element {
  const { t, model } = context;
  return (
    <div class="inbox">
      <h2>{t('Needs you')}</h2>
      {model.snapshot.inbox.length === 0 && <p class="empty-text">{t('Nothing waits for you.')}</p>}
      <ul class="questions">
        {model.snapshot.inbox.map((item) => (
          <Question key={item.id} {...context} item={item} />
        ))}
      </ul>
    </div>
  );
}

function Question({ t, locale, host, item }: SectionContext & { readonly item: InboxItem }): JSX.Element {
  const asked = Date.parse(item.askedAt);
  const facts = [
    item.kind === 'approval' ? t('Commands wait for approval') : t('Question'),
    ...(item.blocking ? [t('work waits for the answer')] : []),
    ...(item.session === undefined ? [] : [item.session]),
    ...(Number.isNaN(asked) ? [] : [t('asked {0}', dateTexts(locale).moment(asked))]),
  ];
  return (
    <li class="card question">
      <h3 class="card-title">{item.question}</h3>
      <p class="card-sum">{facts.join(' · ')}</p>
      {item.context !== undefined && <p class="question-context">{item.context}</p>}
      {item.commands !== undefined && <pre class="question-commands">{item.commands.join('\n')}</pre>}
      {item.options.length > 0 && (
        <>
          <h4>{t('Proposed answers')}</h4>
          <ul class="question-options">
            {item.options.map((option) => (
              <li key={option}>{option}</li>
            ))}
          </ul>
        </>
      )}
      {host !== undefined && (
        <div class="buttons">
          <Button
            label={t('Answer: {0}', item.question)}
            onClick={() => host.post({ v: 1, kind: 'answer', item: item.id })}
          >
            {item.kind === 'approval' ? t('Review Commands…') : t('Answer…')}
          </Button>
        </div>
      )}
    </li>
  );
}
