import type { ReactElement, ReactNode } from 'react';

/** Words that stand on one line: names and times in a table. */
export function NoWrap({ children }: { children: ReactNode }): ReactElement {
  return <span className="whitespace-nowrap">{children}</span>;
}
