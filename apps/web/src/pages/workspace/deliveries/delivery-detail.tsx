import { useQuery } from '@tanstack/react-query';
import type { ReactElement, ReactNode } from 'react';
import { Button } from '@devpulse/ui/button.tsx';
import { CopyButton } from '@devpulse/ui/copy-button.tsx';
import { formatFullDay } from '@devpulse/ui/format/format-day';
import { splitInstant } from '@devpulse/ui/format/format-instant';
import { formatCount } from '@devpulse/ui/format/format-number';
import { SidePanel } from '@devpulse/ui/side-panel.tsx';
import { StateChip } from '@devpulse/ui/state-chip.tsx';
import { AskedList } from '../../settings/security/asked-list.tsx';
import { deliveryQuery } from './deliveries-api.ts';
import { describeOutcome, layOutBody, nameEvent } from './describe-delivery.ts';

interface Props {
  id: string;
  zone: string;
  isReplaying: boolean;
  onReplay: () => void;
  onOpen: (id: string) => void;
  onClose: () => void;
}

type Detail = NonNullable<Awaited<ReturnType<NonNullable<ReturnType<typeof deliveryQuery>['queryFn']>>>>;

/** One delivery: what became of it, and its body as GitHub sent it. */
export function DeliveryDetail({ id, zone, isReplaying, onReplay, onOpen, onClose }: Props): ReactElement {
  const query = useQuery(deliveryQuery(id));
  return (
    <div className="delivery-drawer">
      <SidePanel key={id} id="delivery" title="Delivery" icon="download" onClose={onClose}>
        <AskedList what="The delivery" query={query}>
          {(delivery) => (
            <>
              <p className="delivery-title">{nameEvent(delivery)}</p>
              <Facts delivery={delivery} zone={zone} onOpen={onOpen} />
              <div className="delivery-act">
                <Button busy={isReplaying} disabled={delivery.body === null} onClick={onReplay}>
                  Read it again
                </Button>
                <p className="field-help">
                  {delivery.body === null
                    ? 'Its body was removed when its time was over, so it cannot be read again.'
                    : 'Harmless: what it says counts once, however often it is read.'}
                </p>
              </div>
              <Body body={delivery.body} />
            </>
          )}
        </AskedList>
      </SidePanel>
    </div>
  );
}

function Facts(props: { delivery: Detail; zone: string; onOpen: (id: string) => void }): ReactElement {
  const { delivery, zone, onOpen } = props;
  const { day, time } = splitInstant(delivery.receivedAt, zone);
  const { state, words } = describeOutcome(delivery);
  const { repeats, repository } = delivery;
  return (
    <dl className="delivery-facts">
      <Fact name="Became">
        {state === null ? words : <StateChip state={state}>{words}</StateChip>}
        {delivery.reasonText !== null && <p>{delivery.reasonText}</p>}
        {delivery.detail !== null && <p className="mono">{delivery.detail}</p>}
      </Fact>
      <Fact name="Came">
        {formatFullDay(day)}, {time} ({zone})
      </Fact>
      <Fact name="About">
        {repository === null ? 'no repository' : (repository.name ?? `repository ${repository.number}`)}
      </Fact>
      <Fact name="Through">
        {delivery.hook === 'app' ? 'the GitHub App' : (delivery.hookName ?? 'a hook that is gone')}
      </Fact>
      <Fact name="Named">
        <code className="mono">{delivery.delivery}</code> <CopyButton text={delivery.delivery} />
      </Fact>
      {repeats !== null && (
        <Fact name="Repeats">
          the same body came before under another name.{' '}
          <button type="button" className="text-button" onClick={() => onOpen(repeats)}>
            Show that one
          </button>
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }): ReactElement {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Body({ body }: { body: Detail['body'] }): ReactElement | null {
  if (body === null) return null;
  const { bytes, encoding, content } = body;
  return (
    <section className="delivery-body" aria-label="Body">
      <p>
        Body, {formatCount(bytes)} bytes {content !== null && <CopyButton text={content} />}
      </p>
      {content === null ? (
        <p className="page-note">It is too large to be shown here.</p>
      ) : (
        // It scrolls by itself, so that it must be reached with the keyboard.
        <pre className="mono" tabIndex={0} aria-label="Body as GitHub sent it">
          {encoding === 'utf8' ? layOutBody(content) : content}
        </pre>
      )}
    </section>
  );
}
