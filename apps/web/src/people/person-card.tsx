import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, type ReactElement } from 'react';
import { Avatar } from '@devpulse/ui/avatar.tsx';
import { Dialog } from '@devpulse/ui/dialog.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { Skeleton } from '@devpulse/ui/skeleton.tsx';
import { describeError } from '../api-error.ts';
import { useViewer } from '../frame/use-viewer.ts';
import { paths } from '../paths.ts';
import { Link } from '../router/link.tsx';
import { viewablePersonQuery } from './people-queries.ts';
import type { Choice } from './person-choice.tsx';
import { profileQuery } from './profile-query.ts';

const Markdown = lazy(async () => ({ default: (await import('./markdown.tsx')).Markdown }));

/** Who somebody is, in their own words; and the way to their numbers, for whoever may look. */
export function PersonCard({ person, onClose }: { person: Choice; onClose: () => void }): ReactElement {
  const { data, error } = useQuery(profileQuery(person.id));
  return (
    <Dialog open title={person.name} onClose={onClose}>
      <div className="person-card">
        <Avatar name={person.name} src={person.avatar} size="large" />
        {error !== null && <ErrorNote title="Their profile could not be shown">{describeError(error)}</ErrorNote>}
        {data === undefined && error === null && <Skeleton height="2rem" shape="block" />}
        {data?.bio === '' && <p className="quiet">Nothing is said here yet.</p>}
        {data !== undefined && data.bio !== '' && (
          <Suspense fallback={<Skeleton height="2rem" shape="block" />}>
            <Markdown text={data.bio} />
          </Suspense>
        )}
        <ToNumbers id={person.id} />
      </div>
    </Dialog>
  );
}

function ToNumbers({ id }: { id: string }): ReactElement | null {
  const { me, session } = useViewer();
  const mayLook = session.workspace !== null && session.workspace.role !== 'member' && id !== me.id;
  // Asking who it is is no look; the server says whether there may be one.
  const { data } = useQuery({ ...viewablePersonQuery(id), enabled: mayLook, retry: false });
  if (data === undefined) return null;
  return (
    <p>
      <Link to={paths.home} search={{ subject: `person:${id}` }} className="btn">
        Look at their numbers
      </Link>
    </p>
  );
}
