import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import type { SignInMeans } from '@devpulse/contract/wire/sign-in';
import { Button } from '@devpulse/ui/button.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { formatInstant } from '@devpulse/ui/format/format-instant';
import { Menu, type MenuItem } from '@devpulse/ui/menu.tsx';
import { describeError } from '../../../api-error.ts';
import { addToast } from '../../../frame/toasts.ts';
import { useViewer } from '../../../frame/use-viewer.ts';
import { findPasskeyObstacle, makePasskey } from '../../../passkeys.ts';
import { AskedList } from './asked-list.tsx';
import { RenameDialog } from './rename-dialog.tsx';
import { signInApi, signInMeansQuery } from './sign-in-api.ts';

type Passkey = SignInMeans['passkeys'][number];

/** Keys that a device keeps and opens with a finger, a face or its own code. */
export function PasskeysSection(): ReactElement {
  const query = useQuery(signInMeansQuery);
  return (
    <div className="signed-in">
      <p className="page-note">
        A passkey signs you in without a password: the device asks for a finger, a face or its own code.
      </p>
      <AskedList what="Your passkeys" query={query}>
        {({ passkeys }) => (
          <>
            {passkeys.length > 0 && (
              <ul className="signed-list" aria-label="Passkeys">
                {passkeys.map((passkey) => (
                  <PasskeyRow key={passkey.id} passkey={passkey} />
                ))}
              </ul>
            )}
            <AddPasskey count={passkeys.length} />
          </>
        )}
      </AskedList>
    </div>
  );
}

function AddPasskey({ count }: { count: number }): ReactElement {
  const client = useQueryClient();
  const obstacle = findPasskeyObstacle();
  const add = useMutation({
    mutationFn: async () => {
      const proof = await makePasskey(await signInApi.passkeyOptions());
      return proof === null ? null : signInApi.addPasskey(count === 0 ? 'Passkey' : `Passkey ${count + 1}`, proof);
    },
    onSuccess: (now) => {
      if (now === null) return;
      client.setQueryData(signInMeansQuery.queryKey, now);
      addToast({ text: 'The passkey is added. It can be named in its menu.' });
    },
  });
  if (obstacle !== null) return <p className="page-note">{obstacle}</p>;
  return (
    <>
      <div>
        <Button busy={add.isPending} onClick={() => add.mutate()}>
          Add a passkey
        </Button>
      </div>
      {add.error !== null && <ErrorNote title="No passkey was added">{describeError(add.error)}</ErrorNote>}
    </>
  );
}

function PasskeyRow({ passkey }: { passkey: Passkey }): ReactElement {
  const { me } = useViewer();
  const client = useQueryClient();
  const [naming, setNaming] = useState(false);
  const remove = useMutation({
    mutationFn: () => signInApi.removePasskey(passkey.id),
    onSuccess: () => addToast({ text: `${passkey.name} signs nobody in any more.` }),
    onError: (error) => addToast({ text: `${passkey.name} was not removed. ${describeError(error)}` }),
    onSettled: () => client.invalidateQueries({ queryKey: signInMeansQuery.queryKey }),
  });
  const items: MenuItem[] = [
    { id: 'name', label: 'Name it', onSelect: () => setNaming(true) },
    { id: 'remove', label: 'Remove', icon: 'bin', tone: 'danger', parted: true, onSelect: () => remove.mutate() },
  ];
  return (
    <li className="signed-row">
      <div>
        <h3>{passkey.name}</h3>
        <p>
          {passkey.synced ? 'kept by a password manager' : 'kept on one device'} · added{' '}
          {formatInstant(passkey.createdAt, me.effectiveZone)}
        </p>
      </div>
      <Menu label={`${passkey.name}: menu`} items={items} />
      {naming && (
        <RenameDialog
          what="passkey"
          now={passkey.name}
          onClose={() => setNaming(false)}
          onRename={async (name) =>
            client.setQueryData(signInMeansQuery.queryKey, await signInApi.renamePasskey(passkey.id, name))
          }
        />
      )}
    </li>
  );
}
