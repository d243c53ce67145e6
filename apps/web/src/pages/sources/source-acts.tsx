import { useState, type ReactElement } from 'react';
import type { SourceView } from '@devpulse/contract/wire/sources';
import { Button } from '@devpulse/ui/button.tsx';
import { Menu, type MenuItem } from '@devpulse/ui/menu.tsx';
import { RemoveSource } from './remove-source.tsx';
import { useSourceActs } from './use-source-acts.ts';

/** What can be done with a source. `onGone` is called once it is removed. */
export function SourceActs({ source, onGone }: { source: SourceView; onGone?: () => void }): ReactElement {
  const [removing, setRemoving] = useState(false);
  const acts = useSourceActs(source);
  const paused = source.state === 'paused';
  const isReading = source.state === 'reading';
  const items: MenuItem[] = [
    paused
      ? { id: 'resume', label: 'Resume', icon: 'play', onSelect: acts.resume }
      : { id: 'pause', label: 'Pause', icon: 'pause', onSelect: acts.pause },
    { id: 'remove', label: 'Remove', icon: 'bin', tone: 'danger', parted: true, onSelect: () => setRemoving(true) },
  ];
  return (
    <div className="source-acts">
      {paused ? (
        <Button onClick={acts.resume} aria-label={`Resume ${source.name}`}>
          Resume
        </Button>
      ) : (
        <Button
          busy={acts.isPending}
          // Being looked at it is already; whoever stands on the button stays there.
          aria-disabled={isReading || undefined}
          onClick={isReading ? undefined : acts.check}
          aria-label={`Check now: ${source.name}`}
        >
          Check now
        </Button>
      )}
      <Menu label={`${source.name}: menu`} items={items} />
      <RemoveSource
        source={source}
        open={removing}
        onClose={() => setRemoving(false)}
        {...(onGone === undefined ? {} : { onGone })}
      />
    </div>
  );
}
