import { useLayoutEffect, useRef, type ReactElement, type RefObject } from 'react';

/** What a tooltip says: the value first, then where it stands. */
export interface TipText {
  value: string;
  label: string;
  note?: string | undefined;
}

/** A tip at a place of its chart, in px from the chart's corner. */
export interface PlacedTip extends TipText {
  x: number;
  y: number;
}

export interface ChartTipProps {
  tip: PlacedTip | null;
  /** The chart it belongs to. */
  anchor: RefObject<HTMLElement | null>;
}

/** The one tooltip of a chart: follows the point at once, never takes the pointer, and is never cut by its tile. */
export function ChartTip({ tip, anchor }: ChartTipProps): ReactElement | null {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = box.current;
    const chart = anchor.current;
    if (!element || !chart || !tip) return;
    // In the top layer: a tile cuts what does not fit, and so does a calendar that scrolls.
    if (!element.matches(':popover-open')) element.showPopover();
    const at = chart.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = element;
    const place = placeTip({ x: at.left + tip.x, y: at.top + tip.y, width, height, windowWidth: innerWidth });
    element.style.left = `${place.left}px`;
    element.style.top = `${place.top}px`;
  }, [tip, anchor]);
  if (!tip) return null;
  return (
    <div ref={box} popover="manual" className="tip" aria-hidden="true">
      <b>{tip.value}</b>
      <span>{tip.label}</span>
      {tip.note && <span>{tip.note}</span>}
    </div>
  );
}

interface TipRoom {
  x: number;
  y: number;
  width: number;
  height: number;
  windowWidth: number;
}

const margin = 8;
/** Below a point at the window's upper edge, clear of the finger or the pointer. */
const clearance = 22;

/** Over the point and centred, kept inside the window; beneath where there is no room above. */
export function placeTip({ x, y, width, height, windowWidth }: TipRoom): { left: number; top: number } {
  const left = Math.max(margin, Math.min(x - width / 2, windowWidth - width - margin));
  const above = y - height - margin;
  return { left, top: above >= margin ? above : y + clearance };
}
