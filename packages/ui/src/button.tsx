import type { ButtonHTMLAttributes, ReactElement, Ref } from 'react';
import { joinClasses } from './class-names.ts';
import { Icon } from './icon.tsx';
import type { IconName } from './icon-paths.ts';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `primary` once a view at most; `quiet` in bars and heads; `danger` for what cannot be undone. */
  tone?: 'plain' | 'primary' | 'quiet' | 'danger' | undefined;
  icon?: IconName | undefined;
  /** Says that the act is under way: stays focusable, cannot be pressed twice. */
  busy?: boolean | undefined;
  ref?: Ref<HTMLButtonElement> | undefined;
}

/** A verb that can be pressed. */
export function Button({ tone = 'plain', icon, busy, className, children, ...rest }: ButtonProps): ReactElement {
  const props = busy ? { ...rest, onClick: (event: { preventDefault: () => void }) => event.preventDefault() } : rest;
  return (
    <button
      type="button"
      {...props}
      aria-disabled={busy ? true : rest['aria-disabled']}
      aria-busy={busy || undefined}
      className={joinClasses('btn', tone !== 'plain' && `btn-${tone}`, className)}
    >
      {icon && <Icon name={icon} size="small" />}
      {children}
    </button>
  );
}
