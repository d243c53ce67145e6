import type { ReactElement, ReactNode } from 'react';

/** Read aloud, not drawn. */
export function VisuallyHidden({ children }: { children: ReactNode }): ReactElement {
  return <span className="vh">{children}</span>;
}
