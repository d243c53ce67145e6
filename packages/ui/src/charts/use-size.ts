import { useLayoutEffect, useRef, useState, type RefObject } from 'react';

/** The size of an element in whole pixels, measured before it is painted; the initial one where there is no window. */
export function useSize<Of extends Element>(
  initialWidth: number,
  initialHeight: number,
): [RefObject<Of | null>, { width: number; height: number }] {
  const target = useRef<Of>(null);
  const [size, setSize] = useState({ width: initialWidth, height: initialHeight });
  useLayoutEffect(() => {
    const element = target.current;
    if (!element) return;
    const measure = (): void => {
      const box = element.getBoundingClientRect();
      const next = { width: Math.floor(box.width), height: Math.floor(box.height) };
      // Not drawn, as in a closed panel: keep what was.
      if (next.width === 0) return;
      setSize((known) => (known.width === next.width && known.height === next.height ? known : next));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [target, size];
}
