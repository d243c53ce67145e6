import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import type { SignInMeans, StartedTwoFactor } from '@devpulse/contract/wire/sign-in';
import { Button } from '@devpulse/ui/button.tsx';
import { Dialog } from '@devpulse/ui/dialog.tsx';
import { StateChip } from '@devpulse/ui/state-chip.tsx';
import { addToast } from '../../../frame/toasts.ts';
import { AskedList } from './asked-list.tsx';
import { ProveDialog } from './prove-dialog.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';
import { SetUpTwoFactor } from './set-up-two-factor.tsx';
import { signInApi, signInMeansQuery } from './sign-in-api.ts';

/** The second step after a password. */
export function TwoFactorSection(): ReactElement {
  const query = useQuery(signInMeansQuery);
  return (
    <div className="signed-in">
      <p className="page-note">
        After the password a code of an app on your phone is asked for, so that a password alone opens nothing. Passkeys
        and GitHub bring their own second step.
      </p>
      <AskedList what="Two-factor sign-in" query={query}>
        {(means) => (means.hasPassword ? <Switch means={means} /> : <p className="page-note">Set a password first.</p>)}
      </AskedList>
    </div>
  );
}

type Open =
  | { kind: 'nothing' | 'start' | 'stop' | 'renew' }
  | { kind: 'set up'; started: StartedTwoFactor }
  | { kind: 'codes'; codes: readonly string[] };

function Switch({ means }: { means: SignInMeans }): ReactElement {
  const { on, recoveryCodesLeft } = means.twoFactor;
  const [open, setOpen] = useState<Open>({ kind: 'nothing' });
  const close = (): void => setOpen({ kind: 'nothing' });
  return (
    <>
      {on ? (
        <>
          <p>
            <StateChip state="ok">On</StateChip> {sayCodes(recoveryCodesLeft)}
          </p>
          <div className="signed-inline">
            <Button onClick={() => setOpen({ kind: 'renew' })}>Make new recovery codes</Button>
            <Button tone="danger" onClick={() => setOpen({ kind: 'stop' })}>
              Switch it off
            </Button>
          </div>
        </>
      ) : (
        <div>
          <Button onClick={() => setOpen({ kind: 'start' })}>Set it up</Button>
        </div>
      )}
      <OpenDialog open={open} setOpen={setOpen} close={close} />
    </>
  );
}

function OpenDialog({
  open,
  setOpen,
  close,
}: {
  open: Open;
  setOpen: (open: Open) => void;
  close: () => void;
}): ReactElement | null {
  const client = useQueryClient();
  const refresh = (): Promise<void> => client.invalidateQueries({ queryKey: signInMeansQuery.queryKey });
  switch (open.kind) {
    case 'nothing':
      return null;
    case 'start':
      return (
        <ProveDialog
          title="Set up two-factor sign-in"
          act="Go on"
          onClose={close}
          onProved={async (password) => setOpen({ kind: 'set up', started: await signInApi.startTwoFactor(password) })}
        />
      );
    case 'set up':
      return <SetUpTwoFactor started={open.started} onClose={close} />;
    case 'renew':
      return (
        <ProveDialog
          title="Make new recovery codes?"
          act="Make them"
          onClose={close}
          onProved={async (password) => {
            const { recoveryCodes } = await signInApi.makeRecoveryCodes(password);
            setOpen({ kind: 'codes', codes: recoveryCodes });
            await refresh();
          }}
        >
          <p>The earlier ones do not count any more then.</p>
        </ProveDialog>
      );
    case 'codes':
      return (
        <Dialog
          open
          title="Your new recovery codes"
          onClose={close}
          actions={
            <Button tone="primary" onClick={close}>
              I have kept them
            </Button>
          }
        >
          <RecoveryCodes codes={open.codes} />
        </Dialog>
      );
    case 'stop':
      return (
        <ProveDialog
          title="Switch two-factor sign-in off?"
          act="Switch it off"
          tone="danger"
          onClose={close}
          onProved={async (password) => {
            await signInApi.stopTwoFactor(password);
            close();
            addToast({ text: 'Two-factor sign-in is off.' });
            await refresh();
          }}
        >
          <p>The password alone signs you in then.</p>
        </ProveDialog>
      );
  }
}

function sayCodes(left: number | null): string {
  if (left === null) return '';
  if (left === 0) return 'No recovery code is left: make new ones.';
  return left === 1 ? 'One recovery code is left.' : `${left} recovery codes are left.`;
}
