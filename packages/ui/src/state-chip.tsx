import type { ReactElement, ReactNode } from 'react';
import { Icon } from './icon.tsx';
import type { IconName } from './icon-paths.ts';
import { stateWords, type ShownState } from './shown-state.ts';

const shapes: Record<ShownState, IconName | 'half'> = {
  ok: 'check',
  live: 'half',
  partial: 'half',
  stale: 'stale',
  throttled: 'throttled',
  not_connected: 'not_connected',
  denied: 'denied',
  failed: 'failed',
  empty: 'empty',
  unknown: 'unknown',
};

export interface StateChipProps {
  state: ShownState;
  /** Words in place of the usual one: `Reading`, `until 14:52`. */
  children?: ReactNode;
  /** Shape and words without a ground, for lists such as the sources. */
  plain?: boolean | undefined;
}

/** A state by shape, word and colour, in that order of weight. */
export function StateChip({ state, children, plain }: StateChipProps): ReactElement {
  const shape = shapes[state];
  return (
    <span className={`state state-${state}${plain ? ' state-plain' : ''}`}>
      {shape === 'half' ? <HalfDisc /> : <Icon name={shape} size="small" />}
      {children ?? stateWords[state]}
    </span>
  );
}

function HalfDisc(): ReactElement {
  return (
    <svg className="icon icon-small" viewBox="0 0 16 16" aria-hidden="true">
      <circle cx="8" cy="8" r="5.5" />
      <path d="M8 2.5a5.5 5.5 0 0 1 0 11z" fill="currentColor" stroke="none" />
    </svg>
  );
}
