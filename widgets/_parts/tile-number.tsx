import type { ReactElement } from 'react';
import type { TileFigure } from '@devpulse/contract/wire/widgets';
import { Figure, type FigureProps } from '@devpulse/ui/figure.tsx';
import type { TileAnswer } from '@devpulse/ui/view-props';
import { makeQuestion } from './make-question.ts';

export interface TileNumberProps extends Pick<FigureProps, 'size' | 'showUnit' | 'shown'> {
  figure: TileFigure;
  answer: TileAnswer;
  /** Its name, where the metric's title does not say enough. */
  label?: string;
}

/** A number of a tile, with the receipt that proves it. */
export function TileNumber({ figure, answer, label, ...more }: TileNumberProps): ReactElement {
  const { title, value, unit, reason } = figure;
  return (
    <Figure
      question={makeQuestion(figure, answer)}
      label={label ?? title}
      value={value}
      unit={unit}
      reason={reason}
      {...more}
    />
  );
}
