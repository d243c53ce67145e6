import type { ReactElement } from 'react';
import { Button } from '@devpulse/ui/button.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { describeError } from '../../api-error.ts';

interface Props {
  changed: boolean;
  pending: boolean;
  saved: boolean;
  error: Error | null;
}

/** The button that keeps a form, and what became of it. */
export function SaveRow({ changed, pending, saved, error }: Props): ReactElement {
  return (
    <>
      {error !== null && (
        <ErrorNote title="That was not kept">{describeError(error)} What you typed is still here.</ErrorNote>
      )}
      <div className="settings-save">
        <Button tone="primary" type="submit" busy={pending} disabled={!changed}>
          Save
        </Button>
        <span role="status" className="quiet">
          {saved && !changed ? 'Saved.' : ''}
        </span>
      </div>
    </>
  );
}
