import type { JSX } from 'preact';
import type { SectionContext } from './context.ts';

/** Files that cannot be understood, each with a link to it; nothing where there are none. */
export function Problems({ t, model, host }: SectionContext): JSX.Element | null {
  const { problems } = model.snapshot;
  if (problems.length === 0) return null;
  return (
    <section class="problems" aria-labelledby="problems-title">
      <h2 id="problems-title">
        {problems.length === 1 ? t('1 file needs a look') : t('{0} files need a look', problems.length)}
      </h2>
      <ul>
        {problems.map(({ path, message }, index) => (
          // A file may have the same problem twice.
          <li key={`${index} ${path}`}>
            {host === undefined ? (
              <span class="path">{path}</span>
            ) : (
              <button type="button" class="link" onClick={() => host.post({ v: 1, kind: 'openFile', path })}>
                {path}
              </button>
            )}{' '}
            {message}
          </li>
        ))}
      </ul>
    </section>
  );
}
