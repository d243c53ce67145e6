import type { CSSProperties, ReactElement } from 'react';

export interface SkeletonProps {
  width?: string | undefined;
  height?: string | undefined;
  /** Rounded like a line of text, or square like a chart. */
  shape?: 'text' | 'block' | undefined;
}

/** A flat block in the exact geometry of what will come; appears only after 150 ms and does not move. */
export function Skeleton({ width = '100%', height = '1rem', shape = 'text' }: SkeletonProps): ReactElement {
  const style: CSSProperties = { width, height };
  return <span className={`skeleton skeleton-${shape}`} style={style} aria-hidden="true" />;
}
