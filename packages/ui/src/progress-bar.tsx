import type { ReactElement, ReactNode } from 'react';

export interface ProgressBarProps {
  /** What is being done: `Reading, newest first`. */
  label: string;
  done: number;
  /** Null while it is not known how many there are. */
  total: number | null;
  /** What is counted: `repositories`. */
  unit: string;
  /** `About 40 seconds to go`; only once it is steady. */
  timeLeft?: ReactNode;
  /** Draws only the bar; the name stays for those who listen. */
  bare?: boolean | undefined;
  tone?: 'accent' | 'throttled' | undefined;
}

/** Long work as a count of a count, never a bare spinner. */
export function ProgressBar(props: ProgressBarProps): ReactElement {
  const { label, done, total, unit, timeLeft, bare, tone = 'accent' } = props;
  const words = total === null ? `${done} ${unit} so far` : `${done} of ${total} ${unit}`;
  const share = total === null || total === 0 ? 0 : Math.min(1, done / total);
  return (
    <div className="progress">
      {!bare && (
        <div className="progress-head">
          <b>{label}</b>
          <span>{words}</span>
        </div>
      )}
      <div
        className="progress-track"
        role="progressbar"
        aria-label={label}
        aria-valuetext={words}
        {...(total === null ? {} : { 'aria-valuenow': done, 'aria-valuemin': 0, 'aria-valuemax': total })}
      >
        <i className={`progress-fill progress-${tone}`} style={{ transform: `scaleX(${share})` }} />
      </div>
      {timeLeft && <p className="progress-note">{timeLeft}</p>}
    </div>
  );
}
