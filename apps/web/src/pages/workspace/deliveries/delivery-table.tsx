import type { ReactElement } from 'react';
import type { DeliveryView } from '@devpulse/contract/wire/hooks';
import { formatInstant } from '@devpulse/ui/format/format-instant';
import { StateChip } from '@devpulse/ui/state-chip.tsx';
import { describeOutcome, nameEvent } from './describe-delivery.ts';

interface Props {
  deliveries: readonly DeliveryView[];
  zone: string;
  chosen: ReadonlySet<string>;
  onChoose: (chosen: ReadonlySet<string>) => void;
  onOpen: (id: string) => void;
}

/** What was delivered, the newest first; each opens with what became of it and its body. */
export function DeliveryTable({ deliveries, zone, chosen, onChoose, onOpen }: Props): ReactElement {
  const toggle = (ids: readonly string[], wanted: boolean): void => {
    const next = new Set(chosen);
    for (const id of ids)
      if (wanted) next.add(id);
      else next.delete(id);
    onChoose(next);
  };
  return (
    <table className="table delivery-table">
      <caption className="vh">Deliveries, the newest first</caption>
      <thead>
        <tr>
          <th scope="col">
            <span className="check">
              <input
                type="checkbox"
                aria-label="Choose all that are listed"
                checked={deliveries.every(({ id }) => chosen.has(id))}
                onChange={(event) =>
                  toggle(
                    deliveries.map(({ id }) => id),
                    event.currentTarget.checked,
                  )
                }
              />
            </span>
          </th>
          <th scope="col">Event</th>
          <th scope="col">What became of it</th>
          <th scope="col" className="end">
            Came
          </th>
        </tr>
      </thead>
      <tbody>
        {deliveries.map((delivery) => (
          <Row
            key={delivery.id}
            delivery={delivery}
            zone={zone}
            isChosen={chosen.has(delivery.id)}
            onToggle={(wanted) => toggle([delivery.id], wanted)}
            onOpen={() => onOpen(delivery.id)}
          />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  delivery: DeliveryView;
  zone: string;
  isChosen: boolean;
  onToggle: (wanted: boolean) => void;
  onOpen: () => void;
}

function Row({ delivery, zone, isChosen, onToggle, onOpen }: RowProps): ReactElement {
  const { repository, repeats, receivedAt, reasonText } = delivery;
  const outcome = describeOutcome(delivery);
  const name = nameEvent(delivery);
  return (
    <tr>
      <td>
        <span className="check">
          <input
            type="checkbox"
            aria-label={`Choose ${name}, ${delivery.delivery}`}
            checked={isChosen}
            onChange={(event) => onToggle(event.currentTarget.checked)}
          />
        </span>
      </td>
      <th scope="row" className="wrap">
        <button type="button" className="text-button" aria-haspopup="true" onClick={onOpen}>
          {name}
        </button>
        {repeats !== null && <span className="delivery-mark">sent again</span>}
        <small>{repository === null ? 'no repository' : (repository.name ?? `repository ${repository.number}`)}</small>
      </th>
      <td className="wrap">
        {outcome.state === null ? outcome.words : <StateChip state={outcome.state}>{outcome.words}</StateChip>}
        {reasonText !== null && delivery.state === 'dead' && <small className="delivery-reason">{reasonText}</small>}
      </td>
      <td className="end">{formatInstant(receivedAt, zone)}</td>
    </tr>
  );
}
