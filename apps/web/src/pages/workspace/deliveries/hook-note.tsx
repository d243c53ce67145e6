import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { paths } from '../../../paths.ts';
import { Link } from '../../../router/link.tsx';
import { hooksQuery } from '../../hooks/hooks-api.ts';

/** Whether webhooks can reach this instance at all, before anybody looks for what they brought. */
export function HookNote(): ReactElement | null {
  const { data } = useQuery(hooksQuery);
  if (data === undefined) return null;
  const hasDelivered =
    data.app?.lastDeliveryAt != null || data.hooks.some(({ lastDeliveryAt }) => lastDeliveryAt !== null);
  // What came says more than what the address looks like.
  if (!data.isReachable && !hasDelivered)
    return (
      <p className="page-note">
        {data.advice ?? 'Webhooks cannot reach this address, so GitHub is asked every few minutes instead.'} The address
        is <span className="mono">{data.address}</span>.
      </p>
    );
  if (data.app === null && data.hooks.length === 0)
    return (
      <p className="page-note">
        There is no webhook yet. The GitHub App brings its own; a hook for one repository is made on the page of its
        source.{' '}
        <Link to={paths.connections} className="link">
          Connections
        </Link>
      </p>
    );
  return (
    <p className="page-note">
      Deliveries come to <span className="mono">{data.address}</span>.
    </p>
  );
}
