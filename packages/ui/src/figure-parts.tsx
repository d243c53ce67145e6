import type { ReactElement } from 'react';
import { type FigurePart, noBreak } from './format/format-number.ts';

/** The numbers of a figure, each with its unit smaller beside it: `26 h 40 min`. */
export function FigureParts({ parts }: { parts: readonly FigurePart[] }): ReactElement[] {
  return parts.map((part, index) => (
    <span key={part.unit || index}>
      {index > 0 && noBreak}
      {part.number}
      {part.unit !== '' && (
        <span className="unit">
          {noBreak}
          {part.unit}
        </span>
      )}
    </span>
  ));
}
