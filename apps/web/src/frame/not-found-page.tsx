import { useEffect, type ReactElement } from 'react';
import { Mark } from '@devpulse/ui/mark.tsx';
import { paths } from '../paths.ts';
import { Link } from '../router/link.tsx';

/** An address that leads nowhere; drawn like the door, which says the same to whoever is signed out. */
export function NotFoundPage(): ReactElement {
  useEffect(() => {
    document.title = 'There is no page at this address · DevPulse';
  }, []);
  return (
    <main className="door" id="content" tabIndex={-1}>
      <div className="door-brand">
        <Mark size={24} />
        DevPulse
      </div>
      <h1 className="door-title">There is no page at this address</h1>
      <p className="door-text">It may have been mistyped, or belong to a version of DevPulse that is not this one.</p>
      <Link to={paths.home} className="btn btn-primary">
        Go home
      </Link>
    </main>
  );
}
