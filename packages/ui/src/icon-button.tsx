import type { ButtonHTMLAttributes, ReactElement, Ref } from 'react';
import { joinClasses } from './class-names.ts';
import { Icon } from './icon.tsx';
import type { IconName } from './icon-paths.ts';

export interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'aria-label' | 'children'> {
  icon: IconName;
  /** What it does, as a verb; read aloud and shown on hover. */
  label: string;
  ref?: Ref<HTMLButtonElement> | undefined;
}

/** A button that is only an icon; its label is its name. */
export function IconButton({ icon, label, className, ...rest }: IconButtonProps): ReactElement {
  return (
    <button
      type="button"
      title={label}
      {...rest}
      aria-label={label}
      className={joinClasses('btn btn-quiet btn-icon', className)}
    >
      <Icon name={icon} />
    </button>
  );
}
