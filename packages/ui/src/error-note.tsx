import type { ReactElement, ReactNode } from 'react';
import { Icon } from './icon.tsx';

export interface ErrorNoteProps {
  /** What failed, in one sentence. */
  title: ReactNode;
  /** What happens next, or what the reader can do. */
  children?: ReactNode;
  action?: ReactNode;
  /** Reference id, to name when asking for help. */
  reference?: string | undefined;
}

/** An error at the place where it happened. */
export function ErrorNote({ title, children, action, reference }: ErrorNoteProps): ReactElement {
  return (
    <div className="error-note" role="alert">
      <Icon name="failed" />
      <div>
        <p className="error-note-title">{title}</p>
        {children && <p>{children}</p>}
        {reference && (
          <p className="error-note-ref">
            Reference <code className="mono">{reference}</code>
          </p>
        )}
        {action && <div className="error-note-act">{action}</div>}
      </div>
    </div>
  );
}
