import type { ReactElement } from 'react';

/** The mark of DevPulse: a pulse on a receipt. Takes the colour of the text around it. */
export function Mark({ size = 22, ground = 'var(--color-canvas)' }: { size?: number; ground?: string }): ReactElement {
  return (
    <svg width={size} height={size} viewBox="0 0 22 22" aria-hidden="true" className="mark">
      <path d="M4 1.5h14v19l-2.33-1.9-2.34 1.9L11 18.6l-2.33 1.9-2.34-1.9L4 20.5z" fill="currentColor" />
      <path
        d="M6.5 10.5h2.3l1.5-4 2.4 7 1.3-3h1.5"
        fill="none"
        stroke={ground}
        strokeWidth="1.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
