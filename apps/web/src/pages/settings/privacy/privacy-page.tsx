import '../settings.css';
import '../data/data.css';
import { queryOptions, useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { PrivacyView } from '@devpulse/contract/wire/data';
import { paths } from '../../../paths.ts';
import { Link } from '../../../router/link.tsx';
import { send } from '../../../send-request.ts';
import { AskedList } from '../security/asked-list.tsx';

const privacyQuery = queryOptions({
  queryKey: ['privacy'],
  queryFn: () => send<PrivacyView>('GET', '/api/v1/privacy'),
  staleTime: Number.POSITIVE_INFINITY,
});

/** What is collected, feature by feature; the server draws it from a list that a test holds against its tables. */
export function PrivacyPage(): ReactElement {
  const query = useQuery(privacyQuery);
  return (
    <div className="page-body settings">
      <p className="page-note privacy-lead">
        Everything that DevPulse keeps, where it comes from, who sees it and for how long. To take it along or delete
        it, see <Link to={paths.data}>Your data</Link>.
      </p>
      <AskedList what="What is collected" query={query}>
        {({ features, never }) => (
          <>
            {features.map((feature) => (
              <Feature key={feature.id} feature={feature} />
            ))}
            <section aria-labelledby="privacy-never">
              <h2 id="privacy-never">Never</h2>
              <div className="privacy-facts">
                <ul>
                  {never.map((what) => (
                    <li key={what}>{what}</li>
                  ))}
                </ul>
              </div>
            </section>
          </>
        )}
      </AskedList>
    </div>
  );
}

function Feature({ feature }: { feature: PrivacyView['features'][number] }): ReactElement {
  const heading = `privacy-${feature.id}`;
  const facts = [
    ['From', feature.from],
    ['Seen by', feature.seenBy],
    ['Kept', feature.kept],
    ['Sent to', feature.sentTo],
  ] as const;
  return (
    <section aria-labelledby={heading}>
      <h2 id={heading}>{feature.title}</h2>
      <div className="privacy-facts">
        <ul>
          {feature.collects.map((what) => (
            <li key={what}>{what}</li>
          ))}
        </ul>
        <dl>
          {facts.map(([term, text]) => (
            <div key={term}>
              <dt>{term}</dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
      </div>
    </section>
  );
}
