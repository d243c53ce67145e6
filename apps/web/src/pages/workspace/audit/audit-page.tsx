import './audit.css';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import type { AuditEntry } from '@devpulse/contract/wire/audit';
import { Button } from '@devpulse/ui/button.tsx';
import { EmptyState } from '@devpulse/ui/empty-state.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { Skeleton } from '@devpulse/ui/skeleton.tsx';
import { describeError } from '../../../api-error.ts';
import { useViewer } from '../../../frame/use-viewer.ts';
import { useNavigate, useSearch } from '../../../router/use-router.ts';
import { AuditDetail } from './audit-detail.tsx';
import { AuditFilters } from './audit-filters.tsx';
import { AuditList } from './audit-list.tsx';
import { auditQuery, type AuditSearch, exportAddress, readAuditSearch } from './audit-queries.ts';
import { ChainNote } from './chain-note.tsx';
import { RetentionField } from './retention-field.tsx';

/** Who did what in the workspace, when and from where. */
export function AuditPage(): ReactElement {
  const search = useSearch(readAuditSearch);
  const navigate = useNavigate();
  const { me } = useViewer();
  const [open, setOpen] = useState<AuditEntry | null>(null);
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    auditQuery(search),
  );
  const entries = data?.pages.flatMap((page) => page.entries) ?? [];
  const narrow = (wanted: AuditSearch): void => void navigate({ to: '.', search: wanted, replace: true });
  const isNarrowed = Object.keys(search).length > 0;
  return (
    <div className="page-body workspace-page audit-page">
      <ChainNote />
      <AuditFilters search={search} onChange={narrow} />
      {isPending && <Skeleton height="16rem" shape="block" />}
      {data === undefined && error !== null && (
        <ErrorNote
          title="The audit log could not be read"
          action={<Button onClick={() => void refetch()}>Try again</Button>}
        >
          {describeError(error)}
        </ErrorNote>
      )}
      {data !== undefined && entries.length === 0 && (
        <EmptyState
          title={isNarrowed ? 'Nothing that fits was written down.' : 'Nothing has been written down yet.'}
          action={isNarrowed && <Button onClick={() => narrow({})}>Show everything</Button>}
        >
          Signing in, roles, tokens, invitations, exports and settings are written down as they happen.
        </EmptyState>
      )}
      {entries.length > 0 && <AuditList entries={entries} zone={me.effectiveZone} today={me.today} onOpen={setOpen} />}
      <div className="audit-foot">
        {hasNextPage && (
          <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show more
          </Button>
        )}
        {entries.length > 0 && (
          <span className="audit-export">
            <a className="btn" href={exportAddress(search, 'csv')} download>
              Download as CSV
            </a>
            <a className="btn" href={exportAddress(search, 'jsonl')} download>
              Download as JSON lines
            </a>
          </span>
        )}
      </div>
      <RetentionField />
      {open !== null && <AuditDetail entry={open} zone={me.effectiveZone} onClose={() => setOpen(null)} />}
    </div>
  );
}
