import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import type { ConnectionList, GithubAppView } from '@devpulse/contract/wire/connections';
import { Button } from '@devpulse/ui/button.tsx';
import { Dialog } from '@devpulse/ui/dialog.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { formatInstant } from '@devpulse/ui/format/format-instant';
import { describeError } from '../../api-error.ts';
import { addToast } from '../../frame/toasts.ts';
import { useViewer } from '../../frame/use-viewer.ts';
import { AskedList } from '../settings/security/asked-list.tsx';
import { connectionsApi, connectionsKey, githubAppQuery } from './connections-api.ts';
import { MakeApp } from './make-app.tsx';
import { PasteApp } from './paste-app.tsx';

/** The App of the instance, for those who look after it. */
export function AppOfInstance({ ways }: { ways: ConnectionList['ways'] }): ReactElement | null {
  const { session } = useViewer();
  if (!session.runsInstance || ways.app === null) return null;
  return (
    <section className="app-set-up" aria-labelledby="github-app-title">
      <h3 id="github-app-title">The GitHub App of this instance</h3>
      <AppHere host={ways.host} />
    </section>
  );
}

/** Makes or pastes the App, where there is none yet. */
export function SetUpApp({ ways }: { ways: ConnectionList['ways'] }): ReactElement {
  const [asking, setAsking] = useState<'make' | 'paste' | null>(null);
  return (
    <>
      <Button onClick={() => setAsking('make')}>Set up the App</Button>
      <Dialog
        open={asking === 'make'}
        size="wide"
        title="Set up the GitHub App"
        // Also told when it makes way for the other, which is to stay.
        onClose={() => setAsking((now) => (now === 'make' ? null : now))}
      >
        <div className="grant-form">
          <MakeApp />
          <AppHere host={ways.host} />
          <p>
            <button type="button" className="text-button" onClick={() => setAsking('paste')}>
              Paste an App that is there already
            </button>
          </p>
        </div>
      </Dialog>
      {asking === 'paste' && <PasteApp onClose={() => setAsking(null)} />}
    </>
  );
}

function AppHere({ host }: { host: string }): ReactElement {
  const query = useQuery(githubAppQuery);
  return (
    <AskedList what="The App" query={query}>
      {({ app, webhookUrl }) => (
        <>
          {app !== null && <AppFacts app={app} />}
          <p className="page-note">{describeDelivery(host, webhookUrl, app?.hasWebhookSecret === true)}</p>
        </>
      )}
    </AskedList>
  );
}

function AppFacts({ app }: { app: NonNullable<GithubAppView['app']> }): ReactElement {
  const { me } = useViewer();
  const [asking, setAsking] = useState<'paste' | 'forget' | null>(null);
  return (
    <>
      <p>
        <a className="link" href={app.url} target="_blank" rel="noreferrer noopener">
          {app.name}
        </a>
        , App {app.number} of {app.owner}, here since {formatInstant(app.createdAt, me.effectiveZone)}.{' '}
        {app.hasWebhookSecret ? '' : 'It has no webhook secret, so its deliveries cannot be believed; paste one. '}
        {app.hasClient ? '' : 'It has no client secret, so people cannot connect their accounts through it. '}
        {app.missing.length > 0 &&
          `It lacks ${app.missing.join(', ')}: grant that on its page, then agree where it is installed.`}
      </p>
      <div className="connection-acts">
        <Button onClick={() => setAsking('paste')}>Change its keys</Button>
        <Button tone="danger" onClick={() => setAsking('forget')}>
          Remove the App
        </Button>
      </div>
      {asking === 'paste' && <PasteApp number={app.number} onClose={() => setAsking(null)} />}
      {asking === 'forget' && <ForgetApp app={app} onClose={() => setAsking(null)} />}
    </>
  );
}

function ForgetApp({ app, onClose }: { app: NonNullable<GithubAppView['app']>; onClose: () => void }): ReactElement {
  const client = useQueryClient();
  const forget = useMutation({
    mutationFn: () => connectionsApi.forgetApp(),
    onSuccess: async () => {
      onClose();
      addToast({ text: `${app.name} is forgotten here. It stays at GitHub until somebody deletes it there.` });
      await client.invalidateQueries({ queryKey: connectionsKey });
    },
  });
  return (
    <Dialog
      open
      title={`Remove ${app.name}?`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button tone="danger" busy={forget.isPending} onClick={() => forget.mutate()}>
            Remove {app.name}
          </Button>
        </>
      }
    >
      <p>
        Its keys are forgotten, and every workspace stops reading through its installations. What was read stays. The
        App itself stays at GitHub until somebody deletes it there.
      </p>
      {forget.error !== null && <ErrorNote title="It was not removed">{describeError(forget.error)}</ErrorNote>}
    </Dialog>
  );
}

function describeDelivery(host: string, webhookUrl: string | null, hasWebhook: boolean): string {
  if (webhookUrl !== null) return `Events are delivered to ${webhookUrl}.`;
  // Whoever pasted a secret has a webhook of their own doing; what it brought stands in the log.
  return hasWebhook
    ? 'It has a webhook secret. Whether its deliveries arrive shows the page Deliveries of the workspace.'
    : `${host} cannot reach this address, so the App has no webhook: changes are found by asking every few minutes. Open DevPulse at a public address to have them at once.`;
}
