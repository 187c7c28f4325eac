import type { JSX } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import type { Translate } from '../texts.ts';
import type { CellEdit } from './cellEdits.ts';

/** The field in a cell that is edited, with the refusal below it where there was one. Enter keeps, Escape leaves it as it was. */
export function CellEditor(props: {
  readonly t: Translate;
  readonly label: string;
  readonly edit: CellEdit;
  /** False for a state, which is chosen from a menu: then only the refusal is shown. */
  readonly canType: boolean;
  readonly onCommit: (text: string) => void;
  readonly onCancel: () => void;
}): JSX.Element {
  const { t, label, edit, canType, onCommit, onCancel } = props;
  const field = useRef<HTMLInputElement>(null);
  const ended = useRef(false);
  const messageId = useId();
  useLayoutEffect(() => {
    ended.current = false;
    field.current?.focus();
    if (edit.phase === 'open') field.current?.select();
  }, [edit.phase, edit.request]);
  const end = (action: () => void): void => {
    if (ended.current) return;
    ended.current = true;
    action();
  };
  /** The focus goes back to the cell. */
  const endByKey = (action: () => void): void => {
    end(() => {
      field.current?.closest<HTMLElement>('[data-cell]')?.focus();
      action();
    });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.isComposing) return;
    const text = field.current?.value ?? edit.text;
    if (event.key === 'Enter') endByKey(() => onCommit(text));
    else if (event.key === 'Escape') endByKey(onCancel);
    else return;
    event.preventDefault();
  };
  const onBlur = (): void => {
    const text = field.current?.value ?? edit.text;
    // A refused text is sent again only when it was changed: leaving the field must not ask the same twice.
    if (edit.phase === 'refused' && text === edit.text) return;
    end(() => onCommit(text));
  };
  return (
    <span class="cell-edit">
      {canType ? (
        <input
          ref={field}
          class="cell-editor"
          aria-label={label}
          aria-invalid={edit.phase === 'refused'}
          aria-describedby={edit.phase === 'refused' ? messageId : undefined}
          defaultValue={edit.text}
          onKeyDown={onKeyDown}
          onBlur={onBlur}
        />
      ) : (
        edit.text
      )}
      {edit.phase === 'refused' && (
        <span class="cell-refusal" role="alert" id={messageId}>
          {t('Not written: {0}', edit.message ?? '')}
          <button type="button" class="link" onClick={onCancel} onKeyDown={(event) => event.stopPropagation()}>
            {t('Discard')}
          </button>
        </span>
      )}
    </span>
  );
}
