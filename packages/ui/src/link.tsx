import type { AnchorHTMLAttributes, ReactElement } from 'react';
import { joinClasses } from './class-names.ts';
import { Icon } from './icon.tsx';
import type { IconName } from './icon-paths.ts';

export interface LinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  /** Drawn as a button, where the act is to go somewhere. */
  button?: 'plain' | 'primary' | 'quiet' | undefined;
  icon?: IconName | undefined;
  /** Leads out of DevPulse: opens beside, tells no referrer. */
  external?: boolean | undefined;
}

/** A plain link; the router of the page may hand its own props through. */
export function Link({ button, icon, external, className, children, ...rest }: LinkProps): ReactElement {
  const away = external ? { target: '_blank', rel: 'noreferrer noopener' } : {};
  return (
    <a
      {...away}
      {...rest}
      className={joinClasses(button ? 'btn' : 'link', button && button !== 'plain' && `btn-${button}`, className)}
    >
      {icon && <Icon name={icon} size="small" />}
      {children}
    </a>
  );
}
