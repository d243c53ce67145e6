import { lazy, Suspense, useSyncExternalStore, type ReactElement } from 'react';
import { Strip } from '@devpulse/ui/strip.tsx';
import { readReach, subscribeReach } from '../reachability.ts';
import { useViewer } from './use-viewer.ts';

const DemoStrip = lazy(async () => ({ default: (await import('./demo-strip.tsx')).DemoStrip }));

/** Nobody answers: said for as long as it lasts. */
export function ReachStrip(): ReactElement | null {
  const reach = useSyncExternalStore(subscribeReach, readReach);
  if (reach === 'online') return null;
  return (
    <Strip tone="offline">
      {reach === 'offline'
        ? 'You are offline. Figures that are still here are the last ones received.'
        : 'DevPulse does not answer. Figures that are still here are the last ones received; we keep asking.'}
    </Strip>
  );
}

/** The data are made up: said on every page of the demo. */
export function DemoStripHere(): ReactElement | null {
  const { session } = useViewer();
  if (session.workspace?.kind !== 'demo') return null;
  return (
    // Its room is kept, so that nothing moves when it arrives.
    <Suspense fallback={<Strip tone="demo">You are looking at made-up data.</Strip>}>
      <DemoStrip />
    </Suspense>
  );
}
