import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { HookList, HookView } from '@devpulse/contract/wire/hooks';
import type { SourceView } from '@devpulse/contract/wire/sources';
import { Button } from '@devpulse/ui/button.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { formatInstant } from '@devpulse/ui/format/format-instant';
import { describeError } from '../../api-error.ts';
import { addToast } from '../../frame/toasts.ts';
import { useViewer } from '../../frame/use-viewer.ts';
import { paths } from '../../paths.ts';
import { Link } from '../../router/link.tsx';
import { connectionsQuery } from '../connections/connections-api.ts';
import { hooksApi, hooksQuery } from '../hooks/hooks-api.ts';
import { hookWords } from '../hooks/hook-words.tsx';
import { AskedList } from '../settings/security/asked-list.tsx';
import { describeInterval } from './describe-monitor.ts';

/** Whether GitHub tells of this repository by itself, and what there is in place of that. */
export function SourceHook({ source }: { source: SourceView }): ReactElement {
  const query = useQuery(hooksQuery);
  return (
    <section aria-labelledby="source-hook">
      <h2 id="source-hook">Webhook</h2>
      <AskedList what="The webhook" query={query}>
        {(list) => <HookHere source={source} list={list} />}
      </AskedList>
    </section>
  );
}

function HookHere({ source, list }: { source: SourceView; list: HookList }): ReactElement {
  const connection = useQuery(connectionsQuery).data?.connections.find(({ id }) => id === source.connectionId);
  const [owner] = source.name.split('/');
  const own = list.hooks.find(
    ({ reach, name, state }) => state !== 'removed' && name === (reach === 'repository' ? source.name : owner),
  );
  const polling = `DevPulse asks ${describeInterval(source.monitor.everySeconds)}; nothing is lost by that.`;
  if (own !== undefined) return <OwnHook hook={own} source={source} />;
  // What came says more than what the address looks like.
  if (connection?.kind === 'app' && list.app?.lastDeliveryAt != null)
    return <AppHook app={list.app} polling={polling} />;
  if (!list.isReachable)
    return (
      <p>
        {list.advice ?? 'Webhooks cannot reach this address.'} It is <span className="mono">{list.address}</span>.{' '}
        {polling}
      </p>
    );
  if (connection?.kind === 'app') return <AppHook app={list.app} polling={polling} />;
  return <NoHook source={source} polling={polling} />;
}

function AppHook({ app, polling }: { app: HookList['app']; polling: string }): ReactElement {
  const { me } = useViewer();
  if (app === null || app.lastDeliveryAt === null)
    return <p>The GitHub App tells of this repository by its own webhook, and has not delivered yet. {polling}</p>;
  return (
    <p>
      The GitHub App tells of this repository by its own webhook. Last delivery{' '}
      {formatInstant(app.lastDeliveryAt, me.effectiveZone)}.
      <GapNote lastGapAt={app.lastGapAt} /> <LogLink />
    </p>
  );
}

function NoHook({ source, polling }: { source: SourceView; polling: string }): ReactElement {
  const client = useQueryClient();
  const make = useMutation({
    mutationFn: (reach: HookView['reach']) => hooksApi.make(source.id, reach),
    onSuccess: ({ name }) => addToast({ text: `GitHub has the webhook of ${name}, and tries it now.` }),
    onSettled: () => client.invalidateQueries({ queryKey: hooksQuery.queryKey }),
  });
  return (
    <>
      <p>None. {polling} A webhook brings changes within moments; DevPulse makes it at GitHub if you say so.</p>
      <div className="source-plan-act">
        <Button busy={make.isPending} onClick={() => make.mutate('repository')}>
          Make a webhook
        </Button>
        <Button tone="quiet" busy={make.isPending} onClick={() => make.mutate('organization')}>
          For the whole organisation
        </Button>
      </div>
      {make.error !== null && <ErrorNote title="There is no webhook">{describeError(make.error)}</ErrorNote>}
    </>
  );
}

function OwnHook({ hook, source }: { hook: HookView; source: SourceView }): ReactElement {
  const { me } = useViewer();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => hooksApi.remove(source.id),
    onSuccess: ({ left }) => addToast({ text: `The webhook is removed.${left === null ? '' : ` ${left}`}` }),
    onError: (error) => addToast({ text: `The webhook is still there. ${describeError(error)}` }),
    onSettled: () => client.invalidateQueries({ queryKey: hooksQuery.queryKey }),
  });
  const whose = hook.reach === 'organization' ? `the organisation ${hook.name}` : 'this repository';
  const { lastDeliveryAt, alsoToldBy } = hook;
  return (
    <>
      <p>
        {hookWords[hook.state]} GitHub tells of {whose} by a webhook that DevPulse made.{' '}
        {lastDeliveryAt === null
          ? 'It has not delivered yet.'
          : `Last delivery ${formatInstant(lastDeliveryAt, me.effectiveZone)}.`}
        <GapNote lastGapAt={hook.lastGapAt} /> <LogLink />
      </p>
      {hook.reason !== null && <p className="source-told">{hook.reason}</p>}
      {alsoToldBy.length > 0 && (
        <p className="page-note">
          {alsoToldBy.join(', ')} {alsoToldBy.length === 1 ? 'tells' : 'tell'} of the same. That is harmless: each fact
          counts once, for twice the deliveries.
        </p>
      )}
      <div>
        <Button busy={remove.isPending} onClick={() => remove.mutate()}>
          Remove the webhook
        </Button>
      </div>
    </>
  );
}

function GapNote({ lastGapAt }: { lastGapAt: string | null }): ReactElement | null {
  const { me } = useViewer();
  if (lastGapAt === null) return null;
  return <> Deliveries were missing {formatInstant(lastGapAt, me.effectiveZone)}; they were asked for again.</>;
}

function LogLink(): ReactElement {
  return (
    <Link to={paths.deliveries} className="link">
      See deliveries
    </Link>
  );
}
