import { useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import type { MergeSuggestionView } from '@devpulse/contract/wire/people';
import { Button } from '@devpulse/ui/button.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { describeError } from '../../../api-error.ts';
import { authorActs, suggestionsQuery } from './author-queries.ts';
import { describeTrace, nameAuthor } from './describe-author.ts';
import { useAuthorAct } from './use-author-act.ts';

const shownAtFirst = 3;

/** Who may be the same person, and why it looks so. Nothing is joined before somebody says yes. */
export function Suggestions(): ReactElement | null {
  const { data, error } = useQuery(suggestionsQuery);
  const [all, setAll] = useState(false);
  if (error !== null)
    return <ErrorNote title="It could not be looked for authors who are the same">{describeError(error)}</ErrorNote>;
  if (data === undefined || data.total === 0) return null;
  const shown = all ? data.suggestions : data.suggestions.slice(0, shownAtFirst);
  return (
    <section aria-labelledby="suggestions">
      <h2 id="suggestions">The same person?</h2>
      <ul className="author-pairs">
        {shown.map((one) => (
          <li key={one.identities.map(({ id }) => id).join(' ')}>
            <Pair suggestion={one} />
          </li>
        ))}
      </ul>
      {!all && data.suggestions.length > shown.length && (
        <p>
          <Button tone="quiet" onClick={() => setAll(true)}>
            Show {data.suggestions.length - shown.length} more
          </Button>
        </p>
      )}
      {all && data.total > data.suggestions.length && (
        <p className="page-note">
          The likeliest {data.suggestions.length} of {data.total}; others follow as these are answered.
        </p>
      )}
    </section>
  );
}

function Pair({ suggestion }: { suggestion: MergeSuggestionView }): ReactElement {
  const { identities, people, reasons } = suggestion;
  const ids = identities.map(({ id }) => id);
  const names = people.map(({ name }) => name).join(' and ');
  const act = useAuthorAct();
  return (
    <div className="author-pair" role="group" aria-label={`${names}: the same person?`}>
      <div>
        {identities.map((identity, index) => (
          <p key={identity.id}>
            <b>{nameAuthor(identity)}</b> <span className="quiet">{describeTrace(identity)}</span>
            {people[index] !== undefined && people[index].name !== nameAuthor(identity) && (
              <span className="quiet">, known as {people[index].name}</span>
            )}
          </p>
        ))}
        <p className="quiet">They have {reasons.map(({ words }) => words).join('; ')}.</p>
      </div>
      <div className="author-acts">
        <Button
          busy={act.isPending}
          onClick={() => act.mutate({ run: () => authorActs.confirm(ids), said: `${names} are one person now.` })}
        >
          Same person
        </Button>
        <Button
          tone="quiet"
          disabled={act.isPending}
          onClick={() => act.mutate({ run: () => authorActs.decline(ids), said: 'They will not be suggested again.' })}
        >
          Not the same
        </Button>
      </div>
    </div>
  );
}
