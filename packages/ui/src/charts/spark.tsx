import { useId, type ReactElement } from 'react';
import { formatValue } from '../format/format-number.ts';
import { HatchDefs } from './hatch-defs.tsx';
import { findGaps, layOutBars, type Bar } from './lay-out-bars.ts';

export interface SparkProps {
  /** What is drawn: `Commits by day, Monday to Sunday`. */
  label: string;
  bars: readonly Bar[];
  unit: string;
  width?: number | undefined;
  height?: number | undefined;
}

/** Small bars beside a total; ticks over them are the time before. Says its values, takes no stop of its own. */
export function Spark({ label, bars, unit, width = 78, height = 38 }: SparkProps): ReactElement {
  const id = useId();
  const highest = Math.max(1, ...bars.map((bar) => Math.max(bar.value ?? 0, bar.before ?? 0)));
  const box = { left: 0, right: width, top: 2, bottom: height - 1 };
  const step = width / Math.max(1, bars.length);
  const said = bars.map((bar) => `${bar.label} ${bar.value === null ? 'unknown' : formatValue(bar.value, unit)}`);
  return (
    <svg className="spark" width={width} height={height} role="img" aria-label={`${label}: ${said.join(', ')}`}>
      <HatchDefs id={id} />
      {findGaps(bars).map((gap) => (
        <rect
          key={gap.from}
          x={gap.from * step}
          y={box.top}
          width={(gap.to - gap.from + 1) * step}
          height={box.bottom - box.top}
          fill={`url(#${id}-unknown)`}
        />
      ))}
      {layOutBars(bars, highest, box).map((place, index) => (
        <g key={bars[index]?.key}>
          {place.height > 0 ? (
            <rect
              x={place.x}
              y={place.y}
              width={place.width}
              height={place.height}
              fill={bars[index]?.unfinished ? `url(#${id}-unfinished)` : 'var(--color-c1)'}
            />
          ) : (
            bars[index]?.value === 0 && (
              <path className="axis-line" d={`M${place.x} ${box.bottom - 0.5}h${place.width}`} />
            )
          )}
          {place.before !== null && (
            <path className="before-line" d={`M${place.x - 1} ${place.before}h${place.width + 2}`} />
          )}
        </g>
      ))}
    </svg>
  );
}
