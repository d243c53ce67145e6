import { useState, type ReactElement } from 'react';
import { joinClasses } from './class-names.ts';
import { FigureParts } from './figure-parts.tsx';
import { nameUnit, noBreak, sayValue, splitFigure, unknownMark, type FigurePart } from './format/format-number.ts';
import { VisuallyHidden } from './visually-hidden.tsx';
import { isSameQuestion, useReceipts, type ReceiptQuestion } from './receipts-context.ts';

export interface FigureProps {
  /** The receipt behind the number; a number without one is a bug. */
  question: ReceiptQuestion;
  /** What the number is, for its name: `Commits` becomes "Commits, 38: open receipt". */
  label: string;
  /** Null is unknown: an em dash and the reason, never 0. */
  value: number | null;
  /** The metric's unit: `commits`, `hours`, `percent`. */
  unit: string;
  size?: 'figure' | 'mid' | 'base' | undefined;
  /** Writes the unit of a count after it: `12 days`. Durations and shares always carry theirs. */
  showUnit?: boolean | undefined;
  /** Why it is not known. */
  reason?: string | undefined;
  /** Drawn in place of the number, where the figure is a place on an axis: `Tue 10:00`. */
  shown?: string | undefined;
}

/** A number that can be opened: dotted beneath, a button whose receipt is in the panel. */
export function Figure(props: FigureProps): ReactElement {
  const { question } = props;
  // Another question is another figure: only a change of the same one is marked as fresh.
  return <FigureOf key={JSON.stringify(question)} {...props} />;
}

function FigureOf({ question, label, value, unit, size = 'base', showUnit, reason, shown }: FigureProps): ReactElement {
  const receipts = useReceipts();
  const [first] = useState(value);
  const spoken = shown ?? sayValue(value, unit);
  const parts = drawParts({ value, unit, showUnit, shown });
  const body = (
    <span
      key={spoken}
      className={value === first ? undefined : 'figure-fresh'}
      aria-hidden={receipts ? true : undefined}
    >
      <FigureParts parts={parts} />
    </span>
  );
  if (!receipts) {
    return (
      <span className={joinClasses('figure-text', `figure-${size}`)} title={value === null ? reason : undefined}>
        {body}
      </span>
    );
  }
  const open = isSameQuestion(receipts.current, question);
  // "Commits, 38", not "Commits, 38 commits".
  const amount = label.toLowerCase().includes(unit) && shown === undefined ? sayValue(value, plainUnit(unit)) : spoken;
  return (
    <button
      type="button"
      className={joinClasses('figure', `figure-${size}`, value === null && 'figure-unknown')}
      aria-expanded={open}
      aria-controls={open ? receipts.panelId : undefined}
      title={value === null ? reason : undefined}
      data-receipt=""
      onClick={(event) => receipts.open(question, event.currentTarget)}
    >
      {body}
      {/* As text, not as a label: what is drawn is shortened, and a label would contradict it. */}
      <VisuallyHidden>
        {label}, {amount}
        {value === null && reason ? `: ${reason}` : ''}: open receipt
      </VisuallyHidden>
    </button>
  );
}

/** Counts may drop their unit when the label names it; durations and shares are nothing without theirs. */
function plainUnit(unit: string): string {
  return ['hours', 'minutes', 'percent'].includes(unit) ? unit : '';
}

function drawParts(of: Pick<FigureProps, 'value' | 'unit' | 'showUnit' | 'shown'>): FigurePart[] {
  if (of.value === null) return [{ number: unknownMark, unit: '' }];
  if (of.shown !== undefined) return [{ number: of.shown, unit: '' }];
  const parts = splitFigure(of.value, of.unit);
  const [only] = parts;
  if (!of.showUnit || parts.length !== 1 || !only || only.unit === '%' || only.unit === 'min') return parts;
  const unit = nameUnit(of.value, of.unit);
  return [{ number: only.number, unit: only.unit === '' ? unit : `${only.unit}${noBreak}${unit}` }];
}
