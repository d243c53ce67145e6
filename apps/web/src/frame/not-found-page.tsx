import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { paths } from '../paths.ts';

/** An address that leads nowhere. */
export function NotFoundPage(): ReactElement {
  return (
    <main className="lone" id="content">
      <h1 className="lone-title">There is no page at this address</h1>
      <p>It may have been mistyped, or belong to a version of DevPulse that is not this one.</p>
      <Link to={paths.home} className="btn btn-primary">
        Go home
      </Link>
    </main>
  );
}
