import { useEffect, useState } from 'react';

const patienceMs = 4_000;

/** True once something has taken longer than one waits in silence. */
export function useSlowly(waiting: boolean): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    if (!waiting) return;
    const timer = setTimeout(() => setSlow(true), patienceMs);
    return () => {
      clearTimeout(timer);
      setSlow(false);
    };
  }, [waiting]);
  return waiting && slow;
}
