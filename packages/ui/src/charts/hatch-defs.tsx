import type { ReactElement } from 'react';

/** The hatches of a chart: `unknown` for what nobody knows, `unfinished` in the colour of the series. */
export function HatchDefs({ id }: { id: string }): ReactElement {
  return (
    <defs>
      <pattern id={`${id}-unknown`} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <path d="M0 0v5" stroke="var(--color-hatch)" strokeWidth="1.1" opacity=".75" />
      </pattern>
      <pattern id={`${id}-unfinished`} width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="4" height="4" fill="var(--color-c1)" opacity=".22" />
        <path d="M.8 0v4" stroke="var(--color-c1)" strokeWidth="1.6" />
      </pattern>
    </defs>
  );
}
