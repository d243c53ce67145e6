import type { ReactElement, ReactNode } from 'react';

/** Small words beneath a drawing; one sentence, two at most. */
export function Remark({ children }: { children: ReactNode }): ReactElement {
  return <p className="mt-2 text-small text-ink-2">{children}</p>;
}
