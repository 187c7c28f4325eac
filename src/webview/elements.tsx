import { type ComponentChildren, h, type JSX } from 'preact';

/** A button of VS Code. `main.tsx` defines the elements, so that the report can render without a DOM. */
export function Button(props: {
  readonly children: ComponentChildren;
  readonly secondary?: boolean;
  readonly disabled?: boolean;
  /** Where the words on it are not enough out of their place. */
  readonly label?: string;
  /** Why it is disabled, or what it does. */
  readonly title?: string;
  readonly expanded?: boolean;
  readonly popup?: 'menu' | 'dialog';
  readonly onClick: (event: MouseEvent) => void;
}): JSX.Element {
  const { children, secondary, disabled, label, title, expanded, popup, onClick } = props;
  return h(
    'vscode-button',
    {
      secondary: secondary === true,
      disabled: disabled === true,
      ...(disabled === true ? { 'aria-disabled': 'true' } : {}),
      ...(label === undefined ? {} : { 'aria-label': label }),
      ...(title === undefined ? {} : { title }),
      ...(expanded === undefined ? {} : { 'aria-expanded': expanded ? 'true' : 'false' }),
      ...(popup === undefined ? {} : { 'aria-haspopup': popup }),
      onClick: disabled === true ? undefined : onClick,
    },
    children,
  );
}

/** A field for a line of text. */
export function TextField(props: {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
}): JSX.Element {
  const { label, placeholder, value, onInput } = props;
  return h('vscode-textfield', {
    ...{ label, placeholder },
    type: 'text',
    value,
    onInput: (event: Event) => onInput(textOf(event.currentTarget)),
  });
}

/** A small number beside a name. */
export function Badge({ children }: { readonly children: ComponentChildren }): JSX.Element {
  return h('vscode-badge', { variant: 'counter' }, children);
}

function textOf(target: EventTarget | null): string {
  return target !== null && 'value' in target && typeof target.value === 'string' ? target.value : '';
}
