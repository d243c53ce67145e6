import './authors.css';
import type { ReactElement } from 'react';
import { useMay } from '../../../frame/use-may.ts';
import { DecisionLog } from './decision-log.tsx';
import { IdentityList } from './identity-list.tsx';
import { OwnIdentities } from './own-identities.tsx';
import { Suggestions } from './suggestions.tsx';

/** Who the sources name, and who that is. Whoever may not say so sees what stands for them. */
export function AuthorsPage(): ReactElement {
  const maySee = useMay('identities.read');
  return (
    <div className="page-body workspace-page authors-page">
      <p className="page-note">
        Sources name authors: git by a name and an address, GitHub by an account. Who they are is said here. Numbers
        follow at once; who was joined can be parted again below.
      </p>
      {maySee ? (
        <>
          <Suggestions />
          <IdentityList />
          <DecisionLog />
        </>
      ) : (
        <OwnIdentities />
      )}
    </div>
  );
}
