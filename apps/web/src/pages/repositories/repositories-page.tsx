import { useInfiniteQuery } from '@tanstack/react-query';
import { useDeferredValue, useState, type ReactElement } from 'react';
import { Button } from '@devpulse/ui/button.tsx';
import { DataTable, type Column } from '@devpulse/ui/data-table.tsx';
import { EmptyState } from '@devpulse/ui/empty-state.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { Field } from '@devpulse/ui/field.tsx';
import { Skeleton } from '@devpulse/ui/skeleton.tsx';
import { TextInput } from '@devpulse/ui/text-input.tsx';
import { describeError } from '../../api-error.ts';
import type { Repositories } from '../../api.ts';
import { PageHead } from '../../frame/page-head.tsx';
import { paths } from '../../paths.ts';
import { repositoriesQuery } from '../../repositories-query.ts';
import { Link } from '../../router/link.tsx';
import { useNavigate, useSearch } from '../../router/use-router.ts';

type Repository = Repositories['repositories'][number];

const states = { active: '', archived: 'archived', gone: 'gone' } as const;

const columns: readonly Column<Repository>[] = [
  {
    key: 'name',
    head: 'Repository',
    rowHead: true,
    grow: true,
    cell: (row) => (
      <Link
        to={paths.home}
        search={{ resource: row.id }}
        className="link"
        title={`Show the board for ${row.name} alone`}
      >
        {row.name}
      </Link>
    ),
  },
  {
    key: 'branch',
    head: 'Branch',
    wideOnly: true,
    cell: (row) => <span className="mono">{row.defaultBranch ?? '—'}</span>,
  },
  { key: 'state', head: 'State', wideOnly: true, cell: (row) => states[row.state] },
  {
    key: 'host',
    head: 'At its host',
    align: 'end',
    cell: (row) =>
      // A clone of a folder has a path for an address, which is nothing that a browser could open.
      row.url === null || !/^https?:/.test(row.url) ? (
        <span className="quiet">no address known</span>
      ) : (
        <a
          className="link"
          href={row.url}
          target="_blank"
          rel="noreferrer noopener"
          aria-label={`${row.name} at its host, opens beside`}
        >
          Open
        </a>
      ),
  },
];

function readWanted(search: Record<string, unknown>): string {
  return typeof search['search'] === 'string' ? search['search'].slice(0, 200) : '';
}

/** Every repository that was found; each leads to the board of it alone. */
export function RepositoriesPage(): ReactElement {
  const wanted = useSearch(readWanted);
  const navigate = useNavigate();
  const [text, setText] = useState(wanted);
  const search = useDeferredValue(text.trim());
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    repositoriesQuery(search),
  );
  const rows = data?.pages.flatMap((page) => page.repositories) ?? [];
  const find = (value: string): void => {
    setText(value);
    void navigate({
      to: paths.repositories,
      search: value.trim() === '' ? {} : { search: value.trim() },
      replace: true,
    });
  };
  return (
    <>
      <PageHead title="Repositories" />
      <div className="page-body">
        <div className="page-find">
          <Field label="Find">
            {(ids) => (
              <TextInput {...ids} type="search" value={text} onChange={(event) => find(event.currentTarget.value)} />
            )}
          </Field>
        </div>
        {isPending && <Skeleton height="8rem" shape="block" />}
        {data === undefined && error !== null && (
          <ErrorNote
            title="The repositories could not be listed"
            action={<Button onClick={() => void refetch()}>Try again</Button>}
          >
            {describeError(error)}
          </ErrorNote>
        )}
        {data !== undefined && rows.length === 0 && search === '' && (
          <EmptyState
            title="No repository is known yet."
            action={
              <Link to={paths.sources} className="btn btn-primary">
                Add a source
              </Link>
            }
          >
            They appear as soon as a source is read.
          </EmptyState>
        )}
        {rows.length === 0 && search !== '' && data !== undefined && <p>No repository has “{search}” in its name.</p>}
        {rows.length > 0 && <DataTable caption="Repositories" columns={columns} rows={rows} rowKey={(row) => row.id} />}
        {hasNextPage && (
          <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show more
          </Button>
        )}
      </div>
    </>
  );
}
