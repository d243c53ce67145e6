import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import type { PairingView } from '@devpulse/contract/wire/devices';
import { Button } from '@devpulse/ui/button.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { Field } from '@devpulse/ui/field.tsx';
import { formatInstant } from '@devpulse/ui/format/format-instant';
import { StateChip } from '@devpulse/ui/state-chip.tsx';
import { TextInput } from '@devpulse/ui/text-input.tsx';
import { describeError } from '../../api-error.ts';
import { useViewer } from '../../frame/use-viewer.ts';
import { paths } from '../../paths.ts';
import { Link } from '../../router/link.tsx';
import { pairApi, pairingQuery } from './pair-api.ts';

interface Props {
  code: string;
  pairing: PairingView;
  onOther: () => void;
}

/** Shows which device waits, and asks whether it shall be let in. */
export function PairAnswer({ code, pairing, onOther }: Props): ReactElement {
  const { session, me } = useViewer();
  const client = useQueryClient();
  const [name, setName] = useState(pairing.name);
  const answer = useMutation({
    mutationFn: (approve: boolean) => (approve ? pairApi.approve(code, name.trim()) : pairApi.deny(code)),
    onSettled: () => client.invalidateQueries({ queryKey: pairingQuery(code).queryKey }),
  });
  if (pairing.state !== 'waiting') return <Answered pairing={pairing} name={name} onOther={onOther} />;
  const isEmpty = name.trim() === '';
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!isEmpty && !answer.isPending) answer.mutate(true);
      }}
    >
      <p className="page-note">
        Does the device show this very code, and did you start this yourself? If somebody sent you the code, deny it:
        they would act in your name.
      </p>
      <p className="pair-code mono">{code}</p>
      <dl className="pair-facts">
        <dt>Calls itself</dt>
        <dd>{pairing.name}</dd>
        <dt>System</dt>
        <dd>{pairing.system === '' ? 'not said' : pairing.system}</dd>
        <dt>Program</dt>
        <dd>{pairing.program === '' ? 'not said' : pairing.program}</dd>
        <dt>Asked from</dt>
        <dd>
          <span className="mono">{pairing.address}</span>, {formatInstant(pairing.askedAt, me.effectiveZone)}
        </dd>
        <dt>Will act in</dt>
        <dd>
          {session.workspace?.name}
          {session.workspaces.length > 1 && ', the workspace that is open now'}
        </dd>
      </dl>
      <Field
        label="Name it"
        help="So that you know it in the list."
        error={isEmpty ? 'A device has a name.' : undefined}
      >
        {(ids) => (
          <TextInput {...ids} maxLength={100} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        )}
      </Field>
      {answer.error !== null && <ErrorNote title="That was not kept">{describeError(answer.error)}</ErrorNote>}
      <div className="pair-acts">
        <Button tone="primary" type="submit" busy={answer.isPending} disabled={isEmpty}>
          Approve
        </Button>
        <Button tone="danger" disabled={answer.isPending} onClick={() => answer.mutate(false)}>
          Deny
        </Button>
      </div>
    </form>
  );
}

function Answered({
  pairing,
  name,
  onOther,
}: {
  pairing: PairingView;
  name: string;
  onOther: () => void;
}): ReactElement {
  const approved = pairing.state === 'approved';
  return (
    <div role="status" className="signed-in">
      <p>
        <StateChip state={approved ? 'ok' : 'denied'}>{approved ? 'Approved' : 'Denied'}</StateChip>
      </p>
      <p>
        {approved
          ? `${name} goes on by itself within some seconds. You can end it at any time under Security.`
          : `${name} gets nothing. If it was yours, start pairing there again.`}
      </p>
      <div className="pair-acts">
        <Link to={paths.security} className="btn">
          See your devices
        </Link>
        <Button tone="quiet" onClick={onOther}>
          Pair another
        </Button>
      </div>
    </div>
  );
}
