import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { HookView } from '@devpulse/contract/wire/hooks';
import { formatInstant } from '@devpulse/ui/format/format-instant';
import { Menu } from '@devpulse/ui/menu.tsx';
import { describeError } from '../../../api-error.ts';
import { addToast } from '../../../frame/toasts.ts';
import { useMay } from '../../../frame/use-may.ts';
import { useViewer } from '../../../frame/use-viewer.ts';
import { hooksApi, hooksQuery } from '../../hooks/hooks-api.ts';
import { hookWords } from '../../hooks/hook-words.tsx';

/** The webhooks that DevPulse made, also those whose repository is no longer watched. */
export function HookList(): ReactElement | null {
  const mayManage = useMay('sources.manage');
  const hooks = useQuery({ ...hooksQuery, enabled: mayManage }).data?.hooks ?? [];
  if (hooks.length === 0) return null;
  return (
    <section aria-labelledby="hooks">
      <h2 id="hooks">Webhooks that DevPulse made</h2>
      <ul className="hook-list">
        {hooks.map((hook) => (
          <Hook key={hook.id} hook={hook} />
        ))}
      </ul>
    </section>
  );
}

function Hook({ hook }: { hook: HookView }): ReactElement {
  const { me } = useViewer();
  const act = useHookActs(hook);
  const { name, reach, lastDeliveryAt, reason } = hook;
  const last =
    lastDeliveryAt === null
      ? 'has not delivered yet'
      : `last delivery ${formatInstant(lastDeliveryAt, me.effectiveZone)}`;
  return (
    <li>
      <p>
        <b>{name}</b> {hookWords[hook.state]}
        <small>
          {reach === 'organization' ? 'the whole organisation' : 'one repository'} · {last}
          {reason !== null && ` · ${reason}`}
        </small>
      </p>
      <Menu
        label={`Webhook of ${name}: menu`}
        items={[
          ...(hook.state === 'removed'
            ? []
            : [
                {
                  id: 'rotate',
                  label: 'Give it another secret',
                  icon: 'denied' as const,
                  onSelect: () => act.mutate('rotate'),
                },
              ]),
          {
            id: 'remove',
            label: 'Remove the webhook',
            icon: 'bin',
            tone: 'danger',
            parted: true,
            onSelect: () => act.mutate('remove'),
          },
        ]}
      />
    </li>
  );
}

function useHookActs({ id, name }: HookView) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (what: 'rotate' | 'remove') => {
      if (what === 'remove') return hooksApi.removeOne(id);
      await hooksApi.rotate(id);
      return { left: 'What is signed with the old one counts for seven days more.' };
    },
    onSuccess: ({ left }, what) =>
      addToast({
        text: [
          what === 'remove' ? `The webhook of ${name} is removed.` : `The webhook of ${name} has another secret.`,
          left ?? '',
        ]
          .join(' ')
          .trim(),
      }),
    onError: (error) => addToast({ text: `The webhook of ${name}: ${describeError(error)}` }),
    onSettled: () => client.invalidateQueries({ queryKey: hooksQuery.queryKey }),
  });
}
