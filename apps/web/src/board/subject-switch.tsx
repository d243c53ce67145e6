import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState, type ReactElement } from 'react';
import { Chip } from '@devpulse/ui/chip.tsx';
import { Segmented } from '@devpulse/ui/segmented.tsx';
import { useViewer } from '../frame/use-viewer.ts';
import { viewablePeopleQuery, viewablePersonQuery } from '../people/people-queries.ts';
import { someoneElseQuery } from '../queries.ts';
import { type BoardSubject, personOf } from './board-search.ts';

// Nobody sees it before it is asked for.
const PersonDialog = lazy(async () => ({ default: (await import('./person-dialog.tsx')).PersonDialog }));

interface Props {
  subject: BoardSubject | undefined;
  onChoose: (subject: BoardSubject | undefined) => void;
}

/** Whose numbers: only where somebody else is here, since alone both would show the same; and only what one may ask for. */
export function SubjectSwitch({ subject, onChoose }: Props): ReactElement | null {
  const { data } = useQuery(someoneElseQuery);
  if (subject === undefined && (data === undefined || data.people.length < 2)) return null;
  return (
    <>
      <Segmented
        label="Whose numbers"
        value={subject === undefined ? 'me' : subject === 'workspace' ? 'workspace' : null}
        options={[
          { value: 'me', label: 'Me' },
          { value: 'workspace', label: 'Everyone' },
        ]}
        onChange={(value) => onChoose(value === 'workspace' ? 'workspace' : undefined)}
      />
      <PersonFilter chosen={personOf(subject)} onChoose={(id) => onChoose(`person:${id}`)} />
    </>
  );
}

/** One of the others, for whoever may look at some of them. */
function PersonFilter(props: { chosen: string | undefined; onChoose: (id: string) => void }): ReactElement | null {
  const { chosen, onChoose } = props;
  const { session } = useViewer();
  const [open, setOpen] = useState(false);
  const role = session.workspace?.role ?? 'member';
  // Owners and admins may look at everybody, and there is somebody else; only managers have to ask whether there is anyone.
  const { data } = useQuery({ ...viewablePeopleQuery(), enabled: role === 'manager' });
  const mayLook = role === 'owner' || role === 'admin' || (data !== undefined && data.people.length > 0);
  const { data: person } = useQuery({
    ...viewablePersonQuery(chosen ?? ''),
    enabled: chosen !== undefined,
    retry: false,
  });
  if (chosen === undefined && !mayLook) return null;
  const name = chosen === undefined ? 'Somebody' : (person?.name ?? 'One person');
  return (
    <>
      <Chip
        open={chosen === undefined}
        onClick={() => setOpen(true)}
        aria-haspopup="dialog"
        aria-label={chosen === undefined ? 'Numbers of one person: choose' : `Numbers of ${name}: change`}
      >
        <span className="bar-name">{name}</span>
      </Chip>
      {open && (
        <Suspense fallback={null}>
          <PersonDialog
            chosen={chosen}
            onClose={() => setOpen(false)}
            onChoose={(id) => {
              setOpen(false);
              onChoose(id);
            }}
          />
        </Suspense>
      )}
    </>
  );
}
