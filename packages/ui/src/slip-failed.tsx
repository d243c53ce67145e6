import type { ReactElement, ReactNode } from 'react';
import { Button } from './button.tsx';
import { ErrorNote } from './error-note.tsx';
import { SlipPaper } from './slip-paper.tsx';

export interface SlipFailedProps {
  title?: string | undefined;
  /** What failed, in a sentence. */
  reason: ReactNode;
  reference?: string | undefined;
  onRetry?: (() => void) | undefined;
}

/** The slip that could not be printed; the figure on the page stands as it is. */
export function SlipFailed({ title, reason, reference, onRetry }: SlipFailedProps): ReactElement {
  return (
    <SlipPaper>
      {title && (
        <div className="slip-title">
          <h3>{title}</h3>
        </div>
      )}
      <ErrorNote
        title="This receipt could not be read."
        reference={reference}
        action={onRetry && <Button onClick={onRetry}>Try again</Button>}
      >
        {reason}
      </ErrorNote>
    </SlipPaper>
  );
}
