import type { ReactElement } from 'react';

/** A reason as the API writes it, in which a name stands between backticks. */
export function Reason({ text }: { text: string }): ReactElement {
  return (
    <>
      {text.split('`').map((part, index) =>
        index % 2 === 0 ? (
          part
        ) : (
          <span key={part} className="mono">
            {part}
          </span>
        ),
      )}
    </>
  );
}
