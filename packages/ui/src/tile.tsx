import { useId, type CSSProperties, type ReactElement, type ReactNode } from 'react';
import type { TileSpan } from '@devpulse/contract/widget';
import { joinClasses } from './class-names.ts';
import { Skeleton } from './skeleton.tsx';
import { VisuallyHidden } from './visually-hidden.tsx';
import { StateChip } from './state-chip.tsx';
import type { ShownState } from './shown-state.ts';

export interface TileProps {
  title: string;
  /** Quiet words after the title: `12 weeks`, `your open pull requests`. */
  parameter?: ReactNode;
  span: TileSpan;
  /** A total: one leading figure; stands in pairs on a phone. */
  kind?: 'total' | 'chart' | undefined;
  state?: ShownState | undefined;
  /** Word in place of the state's usual one: `until 14:52`. */
  stateWord?: ReactNode;
  /** When the figures are from, in words; shown while the state has no chip. */
  asOf?: ReactNode;
  /** What is wrong and since when, in a sentence. */
  reason?: ReactNode;
  /** What the reader can do about it. */
  action?: ReactNode;
  /** A Menu; takes the place of the time on hover and focus. */
  menu?: ReactNode;
  /** Its receipt is open. */
  open?: boolean | undefined;
  /** No answer yet, and nothing known from before. */
  loading?: boolean | undefined;
  /** After four seconds: `Still reading`. */
  slow?: ReactNode;
  /** The last good body. Kept through stale, throttled and failed; left out when there is none. */
  children?: ReactNode;
}

const quiet: readonly ShownState[] = ['ok', 'empty'];

/** One tile of the ruled sheet: its height is set before any data arrives, and its state is always said. */
export function Tile(props: TileProps): ReactElement {
  const { title, parameter, span, kind = 'chart', state = 'ok', asOf, menu, open, loading, children } = props;
  const id = useId();
  const style = { '--wide': span.wide, '--middle': span.middle, '--rows': span.rows } as CSSProperties;
  const hasBody = children !== undefined && children !== null;
  return (
    <article
      className={joinClasses('tile', `tile-${kind}`, open && 'tile-open')}
      style={style}
      aria-labelledby={id}
      aria-busy={loading || undefined}
      data-state={loading ? 'loading' : state}
    >
      <header className="tile-head">
        <h2 id={id}>{title}</h2>
        {parameter && <span className="tile-parameter">{parameter}</span>}
        {!loading &&
          (quiet.includes(state) ? (
            <span className="tile-asof">{asOf}</span>
          ) : (
            <StateChip state={state}>{props.stateWord}</StateChip>
          ))}
        {menu && <span className="tile-menu">{menu}</span>}
      </header>
      <div className="tile-body">
        {loading && !hasBody ? <TileSkeleton kind={kind} slow={props.slow} /> : children}
        {!loading && <TileReason {...props} hasBody={hasBody} />}
      </div>
    </article>
  );
}

function TileReason({ reason, action, hasBody }: TileProps & { hasBody: boolean }): ReactElement | null {
  if (!reason && !action) return null;
  return (
    <div className={hasBody ? 'tile-why' : 'tile-note'}>
      {reason && <p>{reason}</p>} {action}
    </div>
  );
}

function TileSkeleton({ kind, slow }: Pick<TileProps, 'kind' | 'slow'>): ReactElement {
  return (
    <div className="tile-skeleton">
      <VisuallyHidden>Loading</VisuallyHidden>
      <Skeleton width="4.5rem" height={kind === 'total' ? '2rem' : '1.5rem'} />
      {kind === 'total' ? <Skeleton width="6rem" height="0.75rem" /> : <Skeleton height="100%" shape="block" />}
      {slow && (
        <p className="tile-slow" role="status">
          {slow}
        </p>
      )}
    </div>
  );
}
