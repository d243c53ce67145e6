import type { ReactNode } from 'react';
import type { HookView } from '@devpulse/contract/wire/hooks';
import { StateChip } from '@devpulse/ui/state-chip.tsx';

/** How a webhook stands, by shape and word; nothing where it delivers. */
export const hookWords: Record<HookView['state'], ReactNode> = {
  active: null,
  waiting: <StateChip state="live">Not tried yet</StateChip>,
  failing: <StateChip state="failed">Deliveries fail</StateChip>,
  removed: <StateChip state="not_connected">Removed</StateChip>,
};
