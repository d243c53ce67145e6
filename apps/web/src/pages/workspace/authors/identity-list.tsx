import { type InfiniteData, useInfiniteQuery, type UseInfiniteQueryResult } from '@tanstack/react-query';
import { useDeferredValue, useState, type ReactElement } from 'react';
import type { IdentityGroup, IdentityList as Listed } from '@devpulse/contract/wire/people';
import { Button } from '@devpulse/ui/button.tsx';
import { EmptyState } from '@devpulse/ui/empty-state.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { Field } from '@devpulse/ui/field.tsx';
import { formatCount } from '@devpulse/ui/format/format-number';
import { Segmented } from '@devpulse/ui/segmented.tsx';
import { Skeleton } from '@devpulse/ui/skeleton.tsx';
import { TextInput } from '@devpulse/ui/text-input.tsx';
import { describeError } from '../../../api-error.ts';
import { useNavigate, useSearch } from '../../../router/use-router.ts';
import { type AuthorSearch, groupTitles, identitiesQuery, readAuthorSearch } from './author-queries.ts';
import { AuthorTable } from './author-table.tsx';

/** Everybody the sources name, by who they are; first those of whom nobody has said it. */
export function IdentityList(): ReactElement {
  const asked = useSearch(readAuthorSearch);
  const navigate = useNavigate();
  const [text, setText] = useState(asked.search ?? '');
  const [of, setOf] = useState(asked.of ?? 'nobody');
  const search = useDeferredValue(text.trim());
  const query = useInfiniteQuery(identitiesQuery(of, search));
  const groups = query.data?.pages[0]?.groups;
  const narrow = (wanted: AuthorSearch): void => void navigate({ to: '.', search: { ...wanted }, replace: true });
  return (
    <section aria-labelledby="authors">
      <h2 id="authors">Authors</h2>
      <div className="author-filters">
        <Segmented
          label="Whose"
          value={of}
          options={(Object.keys(groupTitles) as IdentityGroup[]).map((value) => ({
            value,
            label: titleOf(value, groups),
          }))}
          onChange={(value) => {
            setOf(value);
            narrow({ of: value, ...(text === '' ? {} : { search: text }) });
          }}
        />
        <Field label="Find">
          {(ids) => (
            <TextInput
              {...ids}
              type="search"
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
              onBlur={() => narrow({ of, ...(text === '' ? {} : { search: text }) })}
            />
          )}
        </Field>
      </div>
      <Found query={query} of={of} search={search} />
    </section>
  );
}

interface FoundProps {
  query: UseInfiniteQueryResult<InfiniteData<Listed>>;
  of: IdentityGroup;
  search: string;
}

function Found({ query, of, search }: FoundProps): ReactElement {
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  if (data === undefined && error !== null)
    return (
      <ErrorNote
        title="The authors could not be listed"
        action={<Button onClick={() => void refetch()}>Try again</Button>}
      >
        {describeError(error)}
      </ErrorNote>
    );
  if (data === undefined) return <Skeleton height="12rem" shape="block" />;
  const rows = data.pages.flatMap((page) => page.identities);
  if (rows.length === 0) return <Nobody of={of} search={search} />;
  return (
    <>
      <AuthorTable rows={rows} />
      {hasNextPage && (
        <p>
          <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show more
          </Button>
        </p>
      )}
    </>
  );
}

function Nobody({ of, search }: { of: IdentityGroup; search: string }): ReactElement {
  if (search !== '') return <EmptyState title={`No author here has “${search}” in the name, login or address.`} />;
  if (of === 'nobody')
    return <EmptyState title="Everybody is somebody.">No author is left of whom nobody has said who it is.</EmptyState>;
  return of === 'members' ? (
    <EmptyState title="No author is a member yet.">
      Choose one under “{groupTitles.nobody}” and say who it is.
    </EmptyState>
  ) : (
    <EmptyState title="No machines were seen.">Bots and agents appear here once a source names one.</EmptyState>
  );
}

function titleOf(group: IdentityGroup, groups: Listed['groups'] | undefined): string {
  return groups === undefined ? groupTitles[group] : `${groupTitles[group]} ${formatCount(groups[group])}`;
}
