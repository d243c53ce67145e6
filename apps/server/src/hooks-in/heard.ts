import type { Unheard } from './list-unheard.ts';
import type { SightChange } from './read-sight-change.ts';

/** A delivery, and what it is about. */
export interface Heard extends Omit<Unheard, 'body'> {
  action: string | null;
  repository: { number: string; name: string | null } | null;
  /** Set where it changes who may see what. */
  sight: SightChange | null;
}
