import { useState, type ReactElement } from 'react';
import type { ListedIdentity } from '@devpulse/contract/wire/people';
import { DataTable } from '@devpulse/ui/data-table.tsx';
import { formatDay } from '@devpulse/ui/format/format-day';
import { splitInstant } from '@devpulse/ui/format/format-instant';
import { useMay } from '../../../frame/use-may.ts';
import { useViewer } from '../../../frame/use-viewer.ts';
import { describeKind, describeOwner, describeTrace, nameAuthor } from './describe-author.ts';
import { IdentityMenu } from './identity-menu.tsx';
import { KindDialog } from './kind-dialog.tsx';
import { WhoDialog } from './who-dialog.tsx';

/** Authors by name; what is asked of one stands beside the table, whose cells would lend it their form. */
export function AuthorTable({ rows }: { rows: readonly ListedIdentity[] }): ReactElement {
  const { me } = useViewer();
  const mayDecide = useMay('people.identify');
  const [asked, setAsked] = useState<{ identity: ListedIdentity; what: 'who' | 'kind' } | null>(null);
  const close = (): void => setAsked(null);
  return (
    <>
      <DataTable
        caption="Authors, by name"
        rows={rows}
        rowKey={({ id }) => id}
        columns={[
          {
            key: 'who',
            head: 'Author',
            rowHead: true,
            wrap: true,
            cell: (one) => (
              <>
                <span className="author-name">{nameAuthor(one)}</span>
                <small className="author-trace">{describeTrace(one)}</small>
                {[describeOwner(one, me.id), describeKind(one)]
                  .filter((words) => words !== null)
                  .map((words) => (
                    <small key={words} className="author-is">
                      {words}
                    </small>
                  ))}
              </>
            ),
          },
          {
            key: 'seen',
            head: 'Last seen',
            wideOnly: true,
            cell: (one) => formatDay(splitInstant(one.lastSeenAt, me.effectiveZone).day),
          },
          ...(mayDecide
            ? [
                {
                  key: 'acts',
                  head: <span className="vh">Acts</span>,
                  align: 'end' as const,
                  cell: (one: ListedIdentity) => (
                    <IdentityMenu identity={one} onAsk={(what) => setAsked({ identity: one, what })} />
                  ),
                },
              ]
            : []),
        ]}
      />
      {asked?.what === 'who' && <WhoDialog identity={asked.identity} onClose={close} />}
      {asked?.what === 'kind' && <KindDialog identity={asked.identity} onClose={close} />}
    </>
  );
}
