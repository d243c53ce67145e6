import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { AuditChain } from '@devpulse/contract/wire/audit';
import { Button } from '@devpulse/ui/button.tsx';
import { CopyButton } from '@devpulse/ui/copy-button.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { formatInstant } from '@devpulse/ui/format/format-instant';
import { formatCount } from '@devpulse/ui/format/format-number';
import { Icon } from '@devpulse/ui/icon.tsx';
import { describeError } from '../../../api-error.ts';
import { useViewer } from '../../../frame/use-viewer.ts';
import { auditChainQuery } from './audit-queries.ts';

/** Whether the log is as it was written: every hash is computed again when the page is opened. */
export function ChainNote(): ReactElement | null {
  const { data, error, isFetching, refetch } = useQuery(auditChainQuery);
  if (data === undefined && error === null) return <p className="page-note">Checking that nothing was changed …</p>;
  if (data === undefined)
    return (
      <ErrorNote
        title="It could not be checked whether the log is whole"
        action={<Button onClick={() => void refetch()}>Try again</Button>}
      >
        {describeError(error)}
      </ErrorNote>
    );
  if (data.fault !== null)
    return (
      <ErrorNote
        title={`The log is not whole: entry ${formatCount(data.fault.seq)}`}
        action={
          <Button busy={isFetching} onClick={() => void refetch()}>
            Check again
          </Button>
        }
      >
        {data.fault.says} Only somebody with the store in hand can do that. Compare with a backup, and see who can reach
        it.
      </ErrorNote>
    );
  return <Whole chain={data} busy={isFetching} onCheck={() => void refetch()} />;
}

function Whole({ chain, busy, onCheck }: { chain: AuditChain; busy: boolean; onCheck: () => void }): ReactElement {
  const { me } = useViewer();
  return (
    <section className="audit-chain" aria-label="Whether the log is whole">
      <p role="status">
        <Icon name="check" size="small" />
        {chain.lastAt === null
          ? 'The log is empty, and nothing was taken away.'
          : `The log is whole up to entry ${formatCount(chain.lastSeq)}, ${formatInstant(chain.lastAt, me.effectiveZone)}.`}
      </p>
      <p className="page-note">
        Nobody can change an entry from here, and each follows from the one before.
        {chain.removed > 0 && ` ${formatCount(chain.removed)} older ones are gone, as their time was over.`}
        {chain.lastAt !== null && (
          <>
            {' '}
            Last hash <code className="mono">{chain.lastHash.slice(0, 12)}…</code> <CopyButton text={chain.lastHash} />
          </>
        )}
      </p>
      <Button tone="quiet" busy={busy} onClick={onCheck}>
        Check again
      </Button>
    </section>
  );
}
