import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { Button } from '@devpulse/ui/button.tsx';
import { DataTable } from '@devpulse/ui/data-table.tsx';
import { EmptyState } from '@devpulse/ui/empty-state.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { Skeleton } from '@devpulse/ui/skeleton.tsx';
import { describeError } from '../../../api-error.ts';
import { paths } from '../../../paths.ts';
import { Link } from '../../../router/link.tsx';
import { authorActs, ownIdentitiesQuery } from './author-queries.ts';
import { describeTrace, nameAuthor } from './describe-author.ts';
import { useAuthorAct } from './use-author-act.ts';

/** For those who do not say who is who: what stands for them, and how to prove more. */
export function OwnIdentities(): ReactElement {
  const { data, error, refetch } = useQuery(ownIdentitiesQuery);
  const act = useAuthorAct();
  return (
    <section aria-labelledby="own-authors">
      <h2 id="own-authors">Authors that are you</h2>
      {error !== null && (
        <ErrorNote title="They could not be listed" action={<Button onClick={() => void refetch()}>Try again</Button>}>
          {describeError(error)}
        </ErrorNote>
      )}
      {data === undefined && error === null && <Skeleton height="6rem" shape="block" />}
      {data?.identities.length === 0 && <EmptyState title="No author is known to be you." />}
      {data !== undefined && data.identities.length > 0 && (
        <DataTable
          caption="Authors that are you"
          rows={data.identities}
          rowKey={({ id }) => id}
          columns={[
            {
              key: 'who',
              head: 'Author',
              rowHead: true,
              wrap: true,
              cell: (one) => (
                <>
                  {nameAuthor(one)}
                  <small>{describeTrace(one)}</small>
                  {one.proof !== null && <small>You {one.proof.words}</small>}
                </>
              ),
            },
            {
              key: 'acts',
              head: <span className="vh">Acts</span>,
              align: 'end',
              cell: (one) =>
                one.proof !== null && (
                  <Button
                    disabled={act.isPending}
                    onClick={() =>
                      act.mutate({
                        run: () => authorActs.disown(one.id),
                        said: `${nameAuthor(one)} is not you any more.`,
                      })
                    }
                  >
                    Not me
                  </Button>
                ),
            },
          ]}
        />
      )}
      <p className="page-note">
        An account at GitHub proves itself: <Link to={paths.security}>connect it</Link> and what it did is yours. For
        everything else ask a manager, an admin or an owner of this workspace.
      </p>
    </section>
  );
}
