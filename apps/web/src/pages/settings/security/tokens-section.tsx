import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import type { CreatedToken, TokenView } from '@devpulse/contract/wire/tokens';
import { Button } from '@devpulse/ui/button.tsx';
import { Dialog } from '@devpulse/ui/dialog.tsx';
import { EmptyState } from '@devpulse/ui/empty-state.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { formatInstant } from '@devpulse/ui/format/format-instant';
import { describeError } from '../../../api-error.ts';
import { addToast } from '../../../frame/toasts.ts';
import { useViewer } from '../../../frame/use-viewer.ts';
import { AskedList } from './asked-list.tsx';
import { CreateToken } from './create-token.tsx';
import { NewToken } from './new-token.tsx';
import { securityApi, tokensQuery } from './security-api.ts';

/** What scripts and other programs are let in with. */
export function TokensSection(): ReactElement {
  const { workspace } = useViewer();
  const query = useQuery(tokensQuery);
  const [creating, setCreating] = useState(false);
  const [made, setMade] = useState<CreatedToken | null>(null);
  return (
    <div className="signed-in">
      <p className="page-note">
        A token lets a script in, as you, in the workspace {workspace.name}. It never may more than you may at that
        moment.
      </p>
      {made !== null && <NewToken made={made} onDone={() => setMade(null)} />}
      <AskedList what="The tokens" query={query}>
        {({ tokens }) => <TokenLists tokens={tokens} onCreate={() => setCreating(true)} />}
      </AskedList>
      {creating && <CreateToken onMade={setMade} onClose={() => setCreating(false)} />}
    </div>
  );
}

function TokenLists({ tokens, onCreate }: { tokens: readonly TokenView[]; onCreate: () => void }): ReactElement {
  const active = tokens.filter(({ state }) => state === 'active');
  const ended = tokens.filter(({ state }) => state !== 'active');
  return (
    <>
      {active.length === 0 ? (
        <EmptyState title="No token is in force." action={<Button onClick={onCreate}>Make a token</Button>}>
          Make one for each script, so that you can end it alone.
        </EmptyState>
      ) : (
        <>
          <ul className="signed-list" aria-label="Tokens">
            {active.map((token) => (
              <TokenRow key={token.id} token={token} />
            ))}
          </ul>
          <div>
            <Button onClick={onCreate}>Make a token</Button>
          </div>
        </>
      )}
      {ended.length > 0 && (
        <details className="signed-ended">
          <summary>
            {ended.length} {ended.length === 1 ? 'token that has' : 'tokens that have'} ended
          </summary>
          <ul className="signed-list" aria-label="Tokens that have ended">
            {ended.map((token) => (
              <TokenRow key={token.id} token={token} />
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function TokenRow({ token }: { token: TokenView }): ReactElement {
  const { me } = useViewer();
  const [revoking, setRevoking] = useState(false);
  const when = (instant: string): string => formatInstant(instant, me.effectiveZone);
  const end =
    token.revokedAt !== null
      ? `revoked ${when(token.revokedAt)}`
      : token.expiresAt === null
        ? 'does not end by itself'
        : `${token.state === 'expired' ? 'ended' : 'ends'} ${when(token.expiresAt)}`;
  return (
    <li className="signed-row">
      <div>
        <h3>{token.name}</h3>
        <p>
          <span className="mono">{token.prefix}…</span> · {token.scopes.join(', ')} · {end} ·{' '}
          {token.lastUsedAt === null ? 'never used' : `last used ${when(token.lastUsedAt)}`}
        </p>
      </div>
      {token.state === 'active' && (
        <Button tone="quiet" onClick={() => setRevoking(true)} aria-label={`Revoke ${token.name}`}>
          Revoke
        </Button>
      )}
      {revoking && <RevokeToken token={token} onClose={() => setRevoking(false)} />}
    </li>
  );
}

function RevokeToken({ token, onClose }: { token: TokenView; onClose: () => void }): ReactElement {
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => securityApi.revokeToken(token.id),
    onSuccess: async () => {
      onClose();
      addToast({ text: `${token.name} is revoked.` });
      await client.invalidateQueries({ queryKey: tokensQuery.queryKey });
    },
  });
  return (
    <Dialog
      open
      title={`Revoke ${token.name}?`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button tone="danger" busy={revoke.isPending} onClick={() => revoke.mutate()}>
            Revoke
          </Button>
        </>
      }
    >
      <p>Whoever uses it is refused from the next request on. This cannot be undone; a new token takes its place.</p>
      {revoke.error !== null && <ErrorNote title="It was not revoked">{describeError(revoke.error)}</ErrorNote>}
    </Dialog>
  );
}
