import type { ReactElement, ReactNode } from 'react';

/** The ruled sheet: twelve columns, rows of 72 px, hairlines between tiles. Spans answer to its own width. */
export function Grid({ label, children }: { label: string; children: ReactNode }): ReactElement {
  return (
    <div className="sheet-frame">
      <div className="sheet" role="region" aria-label={label}>
        {children}
      </div>
    </div>
  );
}
