import type { ReactElement } from 'react';
import { Skeleton } from './skeleton.tsx';
import { SlipPaper, SlipPart } from './slip-paper.tsx';

const lines = ['92%', '80%', '86%', '74%'];

/** The slip before it is printed: what is known of it at once, the rest as flat blocks. */
export function SlipLoading({ title }: { title?: string | undefined }): ReactElement {
  return (
    <div aria-busy="true">
      <SlipPaper>
        <span className="vh" role="status">
          Reading the receipt
        </span>
        <div className="slip-title">{title ? <h3>{title}</h3> : <Skeleton width="7rem" />}</div>
        <Skeleton width="6rem" height="2.625rem" shape="block" />
        <Skeleton width="92%" />
        <SlipPart>
          {lines.map((width) => (
            <Skeleton key={width} width={width} />
          ))}
        </SlipPart>
        <SlipPart>
          {lines.map((width) => (
            <Skeleton key={width} width={width} />
          ))}
        </SlipPart>
      </SlipPaper>
    </div>
  );
}
