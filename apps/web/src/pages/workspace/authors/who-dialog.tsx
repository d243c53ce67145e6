import { useState, type ReactElement } from 'react';
import type { ListedIdentity } from '@devpulse/contract/wire/people';
import { Button } from '@devpulse/ui/button.tsx';
import { Dialog } from '@devpulse/ui/dialog.tsx';
import { type Choice, PersonChoice } from '../../../people/person-choice.tsx';
import { authorActs, placesQuery } from './author-queries.ts';
import { describeTrace, nameAuthor } from './describe-author.ts';
import { useAuthorAct } from './use-author-act.ts';

/** Says whom an author is: a member, or another author who may be one later. */
export function WhoDialog({ identity, onClose }: { identity: ListedIdentity; onClose: () => void }): ReactElement {
  const [person, setPerson] = useState<Choice | null>(null);
  const act = useAuthorAct();
  const name = nameAuthor(identity);
  return (
    <Dialog
      open
      title={`Who is ${name}?`}
      onClose={onClose}
      actions={
        <Button
          tone="primary"
          busy={act.isPending}
          disabled={person === null || person.id === identity.person.id}
          onClick={() => {
            if (person === null) return;
            act.mutate(
              {
                run: () => authorActs.link(person.id, [identity.id], 'said so on the page of authors'),
                said: `${name} is ${person.name} now.`,
              },
              { onSuccess: onClose },
            );
          }}
        >
          {person === null ? 'This is them' : `This is ${person.name}`}
        </Button>
      }
    >
      <p className="quiet">
        {name}, {describeTrace(identity)}. What it did counts for whom you choose, from its first day on.
      </p>
      <PersonChoice query={placesQuery} chosen={person?.id} onChoose={setPerson} nobody="There is nobody here yet." />
    </Dialog>
  );
}
