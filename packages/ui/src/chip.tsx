import type { ButtonHTMLAttributes, ReactElement, ReactNode } from 'react';
import { joinClasses } from './class-names.ts';
import { Icon } from './icon.tsx';
import type { IconName } from './icon-paths.ts';

export interface ChipProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** Quiet words before the choice: `vs`, `Repositories`. */
  lead?: ReactNode;
  /** Quiet words after the choice. */
  tail?: ReactNode;
  icon?: IconName | undefined;
  /** Dashed: nothing is chosen yet. */
  open?: boolean | undefined;
}

/** A choice that is in force, and opens to be changed: a range, a comparison, a filter. */
export function Chip({ lead, tail, icon, open, className, children, ...rest }: ChipProps): ReactElement {
  return (
    <button type="button" {...rest} className={joinClasses('chip', open && 'chip-open', className)}>
      {icon && <Icon name={icon} size="small" />}
      {lead && <span>{lead}</span>}
      <b>{children}</b>
      {tail && <span>{tail}</span>}
    </button>
  );
}
