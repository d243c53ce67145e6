import type { ReactElement, ReactNode } from 'react';

export interface EmptyStateProps {
  /** What was looked for. */
  title: ReactNode;
  /** Why it may be empty. */
  children?: ReactNode;
  /** One button at most. */
  action?: ReactNode;
}

/** Nothing here, said in two sentences and one act. */
export function EmptyState({ title, children, action }: EmptyStateProps): ReactElement {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children && <p>{children}</p>}
      {action}
    </div>
  );
}
