import type { ReactElement } from 'react';
import { formatTick, formatValue } from '../format/format-number.ts';
import { ChartFrame, type ChartBasics } from './chart-frame.tsx';
import { pickLabels } from './find-ticks.ts';
import { layOutStrip, type StripRecord } from './lay-out-strip.ts';

export interface StripPlotProps extends ChartBasics {
  /** Every record is a tick. */
  records: readonly StripRecord[];
  unit: string;
  /** The value that is shown as the figure: marked in the accent. */
  mark?: number | undefined;
}

const height = 48;
const base = 30.5;

/** Every record a tick on one axis, the middle half as a band, the shown value marked. */
export function StripPlot(props: StripPlotProps): ReactElement {
  const { records, unit, mark } = props;
  const sorted = records.toSorted((a, b) => a.value - b.value);
  return (
    <ChartFrame
      {...props}
      height={height}
      initialWidth={328}
      points={({ width }) => {
        const { place } = layOutStrip(sorted, unit, width);
        return sorted.map((record) => ({
          x: place(record.value),
          y: 12,
          value: formatValue(record.value, unit),
          label: record.label,
        }));
      }}
      table={{
        caption: props.label,
        head: ['Record', unit],
        rows: sorted.map((record) => ({ key: record.key, cells: [record.label, formatValue(record.value, unit)] })),
      }}
    >
      {({ width }, active) => {
        const { place, ticks, band } = layOutStrip(sorted, unit, width);
        const labels = pickLabels(ticks.map((tick) => ({ x: place(tick), text: formatTick(tick, unit) })));
        return (
          <svg width={width} height={height} aria-hidden="true">
            <path className="axis-line" d={`M0 ${base}H${width}`} />
            {labels.map((label) => (
              <g key={label.x}>
                <path className="axis-line" d={`M${label.x} ${base}v4`} />
                <text className="axis-text" x={label.x} y="45" textAnchor="middle">
                  {label.text}
                </text>
              </g>
            ))}
            {band && <rect className="strip-band" x={band.from} y="14" width={band.to - band.from} height="16" />}
            {sorted.map((record, index) => (
              <path
                key={record.key}
                className={index === active ? 'strip-tick strip-active' : 'strip-tick'}
                d={`M${place(record.value)} 17v13`}
              />
            ))}
            {mark !== undefined && sorted.length > 0 && (
              <g className="strip-mark">
                <path d={`M${place(mark)} 8v22`} />
                <circle cx={place(mark)} cy="7" r="3" />
              </g>
            )}
          </svg>
        );
      }}
    </ChartFrame>
  );
}
