import type { ReactElement, ReactNode } from 'react';

/** A slip of paper with torn edges; what is printed on it stands in SlipParts. */
export function SlipPaper({ children, label }: { children: ReactNode; label?: string | undefined }): ReactElement {
  return (
    <div className="slip-wrap">
      <div className="slip" {...(label ? { role: 'group', 'aria-label': label } : {})}>
        {children}
      </div>
    </div>
  );
}

export interface SlipPartProps {
  title?: ReactNode;
  /** Quiet words or an act at the right of the title. */
  aside?: ReactNode;
  children: ReactNode;
}

/** A part of a slip, parted from the one before by dashes. */
export function SlipPart({ title, aside, children }: SlipPartProps): ReactElement {
  return (
    <section className="slip-part">
      {(title || aside) && (
        <div className="slip-title">
          <h3>{title}</h3>
          {aside && <span>{aside}</span>}
        </div>
      )}
      {children}
    </section>
  );
}
