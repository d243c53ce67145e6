/** Room kept between a popover and the edge of the window. */
const margin = 8;

/** Puts an open popover under its button, turned to whichever side has room. */
export function placePopover(popover: HTMLElement, anchor: HTMLElement): void {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = popover;
  const place = findPlace({ at, width, height, windowWidth: innerWidth, windowHeight: innerHeight });
  popover.style.left = `${place.left}px`;
  popover.style.top = `${place.top}px`;
}

interface Room {
  at: { left: number; right: number; top: number; bottom: number };
  width: number;
  height: number;
  windowWidth: number;
  windowHeight: number;
}

/** Where a box of this size goes: below and flush left, else flush right; above when there is no room below. */
export function findPlace({ at, width, height, windowWidth, windowHeight }: Room): { left: number; top: number } {
  const fitsLeft = at.left + width <= windowWidth - margin;
  const left = fitsLeft ? at.left : at.right - width;
  const below = at.bottom + 4;
  const top = below + height <= windowHeight - margin ? below : Math.max(margin, at.top - height - 4);
  return { left: Math.max(margin, left), top };
}
