import type { ReactElement, ReactNode } from 'react';

/** The line that leads a tile: its first figure, and what stands beside it. */
export function Lead({ figure, children }: { figure: ReactNode; children?: ReactNode }): ReactElement {
  return (
    <div className="mb-2 flex flex-wrap items-baseline gap-x-2.5 gap-y-1">
      {figure}
      {children && <span className="text-small text-ink-2">{children}</span>}
    </div>
  );
}
