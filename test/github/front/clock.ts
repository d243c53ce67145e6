/** GitHub's own clock: it runs with ours, or is as far off as a test wants. */
export interface Clock {
  now(): Date;
  /** Seconds since 1970, as limits are told. */
  seconds(): number;
  /** Moves it, forward or back; what it shows then runs on. */
  shift(milliseconds: number): void;
  set(at: Date | string): void;
}

export function openClock(): Clock {
  let ahead = 0;
  const now = () => new Date(Date.now() + ahead);
  return {
    now,
    seconds: () => Math.floor(now().getTime() / 1000),
    shift: (milliseconds) => {
      ahead += milliseconds;
    },
    set: (at) => {
      ahead = new Date(at).getTime() - Date.now();
    },
  };
}
