import type { ReactElement } from 'react';
import { iconPaths, type IconName } from './icon-paths.ts';

export interface IconProps {
  name: IconName;
  /** 16 px, or 13 px inside chips and lines of small text. */
  size?: 'base' | 'small' | undefined;
  className?: string | undefined;
}

/** A mark of the set; says nothing by itself, so the text beside it must. */
export function Icon({ name, size, className }: IconProps): ReactElement {
  return (
    <svg
      className={`icon${size === 'small' ? ' icon-small' : ''}${className ? ` ${className}` : ''}`}
      viewBox="0 0 16 16"
      aria-hidden="true"
    >
      <path d={iconPaths[name]} />
    </svg>
  );
}
