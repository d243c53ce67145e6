const PAUSE_MS_MAX = 1000;

/** How long to wait before the nth attempt to reach Redis again: soon at first, then every second. */
export function reconnectPause(times: number): number {
  return Math.min(times * 100, PAUSE_MS_MAX);
}
