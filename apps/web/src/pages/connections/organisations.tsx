import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { ConnectionView, OrganisationView } from '@devpulse/contract/wire/connections';
import { Checkbox } from '@devpulse/ui/checkbox.tsx';
import { formatCount, nameUnit } from '@devpulse/ui/format/format-number';
import { describeError } from '../../api-error.ts';
import { addToast } from '../../frame/toasts.ts';
import { AskedList } from '../settings/security/asked-list.tsx';
import { connectionsApi, organisationsQuery } from './connections-api.ts';

/** Organisations that the connection reaches, each on or off for this workspace. */
export function Organisations({ connection }: { connection: ConnectionView }): ReactElement | null {
  const query = useQuery(organisationsQuery(connection.id));
  // An installation is on one account, and many people are in none: then there is nothing to choose.
  if (query.data?.organisations.length === 0) return null;
  return (
    <section aria-labelledby="organisations">
      <h2 id="organisations">Organisations</h2>
      <AskedList what="The organisations" query={query}>
        {({ organisations }) => (
          <ul className="organisations">
            {organisations.map((one) => (
              <li key={one.number}>
                <Organisation connectionId={connection.id} organisation={one} />
              </li>
            ))}
          </ul>
        )}
      </AskedList>
    </section>
  );
}

function Organisation(props: { connectionId: string; organisation: OrganisationView }): ReactElement {
  const { connectionId, organisation } = props;
  const { login, number, included, ssoUrl, repositories, watched } = organisation;
  const client = useQueryClient();
  const include = useMutation({
    mutationFn: (wanted: boolean) => connectionsApi.include(connectionId, number, wanted),
    onSuccess: (list, wanted) => {
      client.setQueryData(organisationsQuery(connectionId).queryKey, list);
      if (!wanted)
        addToast({
          text: `${login} is off: none of its repositories is read. What was read stays.`,
          onUndo: () => include.mutate(true),
        });
    },
    onError: (error) => addToast({ text: `${login} could not be changed. ${describeError(error)}` }),
    onSettled: () => client.invalidateQueries({ queryKey: ['sources'] }),
  });
  const reach = `${formatCount(repositories)} ${nameUnit(repositories, 'repositories')} reached, ${formatCount(watched)} watched`;
  return (
    <>
      <Checkbox
        label={login}
        help={included ? reach : `Off: none of it is read here. ${reach}.`}
        checked={include.isPending ? include.variables : included}
        onChange={(event) => include.mutate(event.currentTarget.checked)}
      />
      {ssoUrl !== null && (
        <p className="organisation-sso">
          It wants the grant authorised for single sign-on.{' '}
          <a className="link" href={ssoUrl} target="_blank" rel="noreferrer noopener">
            Authorise it at GitHub
          </a>
          , then check again.
        </p>
      )}
    </>
  );
}
