import { useInfiniteQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import type { LinkDecision } from '@devpulse/contract/wire/people';
import { Button } from '@devpulse/ui/button.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { formatDay } from '@devpulse/ui/format/format-day';
import { splitInstant } from '@devpulse/ui/format/format-instant';
import { describeError } from '../../../api-error.ts';
import { useMay } from '../../../frame/use-may.ts';
import { useViewer } from '../../../frame/use-viewer.ts';
import { authorActs, decisionsQuery } from './author-queries.ts';
import { useAuthorAct } from './use-author-act.ts';

const movesAtFirst = 3;

/** What was decided about who is who, by whom and why; each act can be undone as a whole. */
export function DecisionLog(): ReactElement | null {
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(decisionsQuery);
  const decisions = data?.pages.flatMap((page) => page.decisions) ?? [];
  if (error !== null) return <ErrorNote title="The decisions could not be listed">{describeError(error)}</ErrorNote>;
  if (decisions.length === 0) return null;
  return (
    <section aria-labelledby="decisions">
      <h2 id="decisions">Decisions</h2>
      <ul className="author-decisions">
        {decisions.map((decision) => (
          <li key={decision.batchId}>
            <Decision decision={decision} />
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <p>
          <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show earlier ones
          </Button>
        </p>
      )}
    </section>
  );
}

function Decision({ decision }: { decision: LinkDecision }): ReactElement {
  const { me } = useViewer();
  const mayDecide = useMay('people.identify');
  const [all, setAll] = useState(false);
  const act = useAuthorAct();
  const { day, time } = splitInstant(decision.decidedAt, me.effectiveZone);
  const moves = all ? decision.moves : decision.moves.slice(0, movesAtFirst);
  const hidden = decision.moves.length - moves.length;
  return (
    <div className={`author-decision${decision.undoneAt === null ? '' : ' author-undone'}`}>
      <div>
        {moves.map((move) => (
          <p key={move.identityId}>
            <b>{move.identity}</b> {describeMove(move)}
          </p>
        ))}
        {hidden > 0 && (
          <p>
            <Button tone="quiet" onClick={() => setAll(true)}>
              And {hidden} more
            </Button>
          </p>
        )}
        <p className="quiet">
          {describeDecider(decision, me.id)}, {formatDay(day)} {time}: {decision.reason}
          {decision.undoneAt !== null &&
            `. Taken back on ${formatDay(splitInstant(decision.undoneAt, me.effectiveZone).day)}`}
        </p>
      </div>
      {mayDecide && decision.undoneAt === null && (
        <Button
          disabled={act.isPending}
          onClick={() =>
            act.mutate({ run: async () => void (await authorActs.undo(decision.batchId)), said: 'Taken back.' })
          }
        >
          Undo
        </Button>
      )}
    </div>
  );
}

function describeMove({ identityId, toPersonId, fromPersonId, from, to }: LinkDecision['moves'][number]): string {
  if (toPersonId === identityId) return `stands for itself, no longer for ${from}`;
  if (toPersonId === fromPersonId) return `is ${to}, as it was`;
  return fromPersonId === identityId ? `is ${to}` : `is ${to}, no longer ${from}`;
}

function describeDecider({ provenBy, decidedBy, deciderName }: LinkDecision, meId: string): string {
  if (provenBy !== null) return 'Proved by signing in';
  if (decidedBy === meId) return 'You';
  return deciderName ?? 'Somebody who is not here any more';
}
