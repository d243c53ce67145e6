import type { ReactElement } from 'react';
import { Button } from '@devpulse/ui/button.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { ApiError, describeError } from '../api-error.ts';
import { useRouter } from '../router/use-router.ts';

/** A page that could not be drawn; what was asked is asked again on a press. */
export function PageError({ error }: { error: unknown }): ReactElement {
  const router = useRouter();
  const silent = error instanceof ApiError && error.status === 0;
  return (
    <div className="lone">
      <h1 className="lone-title">{titleOf(error)}</h1>
      <ErrorNote
        title={describeError(error)}
        reference={error instanceof ApiError ? (error.requestId ?? undefined) : undefined}
        action={
          <Button tone="primary" onClick={() => void router.reload()}>
            Try again
          </Button>
        }
      >
        {silent
          ? 'DevPulse may be starting, or it has been stopped. Nothing is lost: what it has read stays on its machine.'
          : 'Nothing is lost: what was read stays where it is.'}
      </ErrorNote>
    </div>
  );
}

/** The same where there is no frame around it. */
export function LonePageError(props: { error: unknown }): ReactElement {
  return (
    <main id="content">
      <PageError {...props} />
    </main>
  );
}

function titleOf(error: unknown): string {
  if (!(error instanceof ApiError)) return 'This page could not be drawn';
  return error.status === 0 ? 'The server does not answer' : 'This page cannot be shown now';
}
