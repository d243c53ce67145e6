import { lazy, Suspense, useState, type ReactElement } from 'react';
import type { Choice } from './person-choice.tsx';
import { PersonName } from './person-name.tsx';

// Nobody sees it before it is asked for.
const PersonCard = lazy(async () => ({ default: (await import('./person-card.tsx')).PersonCard }));

/** A person in a list, of whom more is shown when pressed. */
export function PersonLink({ person }: { person: Choice }): ReactElement {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="person-link" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <PersonName name={person.name} avatar={person.avatar} />
      </button>
      {open && (
        <Suspense fallback={null}>
          <PersonCard person={person} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
