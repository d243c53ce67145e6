import type { ReactElement, ReactNode } from 'react';
import { Button } from '@devpulse/ui/button.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { Skeleton } from '@devpulse/ui/skeleton.tsx';
import { describeError } from '../../../api-error.ts';

interface Props<Data> {
  /** What is shown: `The sessions`. */
  what: string;
  query: { data: Data | undefined; error: Error | null; refetch: () => Promise<unknown> };
  children: (data: Data) => ReactNode;
}

/** What was asked for, or that it is still awaited, or why it did not come. */
export function AskedList<Data>({ what, query, children }: Props<Data>): ReactElement {
  const { data, error, refetch } = query;
  if (data !== undefined) return <>{children(data)}</>;
  if (error === null) return <Skeleton height="4rem" shape="block" />;
  return (
    <ErrorNote title={`${what} could not be shown`} action={<Button onClick={() => void refetch()}>Try again</Button>}>
      {describeError(error)}
    </ErrorNote>
  );
}
