import type { TileFigure } from '@devpulse/contract/wire/widgets';
import type { ReceiptQuestion } from '@devpulse/ui/receipts-context';
import type { TileAnswer } from '@devpulse/ui/view-props';

/** The receipt of one number of a tile: of the same subject, days, repository and part as the number itself. */
export function makeQuestion(
  figure: Pick<TileFigure, 'metric' | 'from' | 'to' | 'resource' | 'part'>,
  answer: Pick<TileAnswer, 'subject' | 'resource'>,
): ReceiptQuestion {
  const { metric, from, to, part } = figure;
  const resource = figure.resource ?? answer.resource ?? undefined;
  const subject = answer.subject.kind === 'workspace' ? 'workspace' : `person:${answer.subject.id}`;
  return {
    metric,
    subject,
    from,
    to,
    ...(resource === undefined ? {} : { resource }),
    ...(part === undefined ? {} : { part }),
  };
}
