import type { ReactElement } from 'react';
import { formatShare, formatValue, nameUnit } from '../format/format-number.ts';
import { useReceipts, type ReceiptQuestion } from '../receipts-context.ts';
import { useTileView } from '../tile-view-context.ts';
import { ChartFrame, type ChartBasics, type ChartPoint, type ChartSize } from './chart-frame.tsx';
import { keepLargest } from './keep-largest.ts';

export interface SharePart {
  key: string;
  label: string;
  value: number;
}

export interface ShareBarProps extends ChartBasics {
  parts: readonly SharePart[];
  unit: string;
  /** Parts beyond this are summed as "n other". */
  most?: number | undefined;
  /** The receipt of one part; "other" has none. */
  ask?: ((key: string) => ReceiptQuestion) | undefined;
}

interface ColouredPart extends SharePart {
  share: number;
  colour: string;
}

const height = 12;
/** No part of a metric is called so. */
const otherKey = '\u0000other';

/** A whole and its parts: one bar, at most five hues, then "other"; each part labelled with its share. */
export function ShareBar(props: ShareBarProps): ReactElement {
  const tileView = useTileView();
  const { label, parts, unit, view = tileView, most = 5, ask } = props;
  const receipts = useReceipts();
  const coloured = colourParts(parts, most);
  const total = parts.reduce((sum, part) => sum + part.value, 0);
  const points = ({ width }: ChartSize): ChartPoint[] => {
    let from = 0;
    return coloured.map((part) => {
      const x = (from + part.share / 2) * width;
      from += part.share;
      const value = `${formatValue(part.value, unit)} ${nameUnit(part.value, unit)}`;
      return { x, y: 0, value, label: part.label, note: sayShare(part.share, total) };
    });
  };
  return (
    <div className="share">
      <ChartFrame
        {...props}
        height={height}
        points={points}
        onEnter={
          ask && receipts
            ? (index) => {
                const part = coloured[index];
                if (part && part.key !== otherKey) receipts.open(ask(part.key), document.activeElement as HTMLElement);
              }
            : undefined
        }
        table={{
          caption: label,
          head: ['What', unit, 'Share'],
          rows: parts.map((part) => ({
            key: part.key,
            cells: [part.label, formatValue(part.value, unit), sayShare(total === 0 ? 0 : part.value / total, total)],
          })),
        }}
      >
        {() => (
          <span className="share-track" aria-hidden="true">
            {coloured.map((part) => (
              <i key={part.key} style={{ flexGrow: part.share, background: part.colour }} />
            ))}
          </span>
        )}
      </ChartFrame>
      {view === 'chart' && (
        <ul className="legend">
          {coloured.map((part) => (
            <li key={part.key}>
              <i style={{ background: part.colour }} />
              {part.label}
              <span>{sayShare(part.share, total)}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Gives the largest parts their hues in the fixed order; what is left is ink, never a ninth hue. */
function colourParts(parts: readonly SharePart[], most: number): ColouredPart[] {
  const total = parts.reduce((sum, part) => sum + part.value, 0);
  if (total === 0) return [];
  const { kept, other, otherCount } = keepLargest(parts, most);
  const shown = kept
    .filter((part) => part.value > 0)
    .map((part, index) => ({ ...part, share: part.value / total, colour: `var(--color-c${(index % 8) + 1})` }));
  if (other === null || other === 0) return shown;
  const rest = { key: otherKey, label: `${otherCount} other`, value: other };
  return [...shown, { ...rest, share: other / total, colour: 'var(--color-ink-3)' }];
}

function sayShare(share: number, of: number): string {
  const { number, unit } = formatShare(share * 100, of);
  return `${number}\u00a0${unit}`;
}
