import type { ReactElement } from 'react';
import { Checkbox } from '@devpulse/ui/checkbox.tsx';
import { Dialog } from '@devpulse/ui/dialog.tsx';
import { Kbd } from '@devpulse/ui/kbd.tsx';
import { setPreference } from '../preferences.ts';
import { keyList } from './key-list.ts';
import { usePreferences } from './use-preferences.ts';

/** Every key with what it does, and the switch that turns them all off. */
export function KeysDialog({ open, onClose }: { open: boolean; onClose: () => void }): ReactElement {
  const { keys } = usePreferences();
  return (
    <Dialog open={open} title="Keys" onClose={onClose}>
      <dl className="keys">
        {keyList.map(({ keys: strokes, does }) => (
          <div key={does}>
            <dt>
              {strokes.map((stroke) => (
                <Kbd key={stroke}>{stroke}</Kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <Checkbox
        label="Use single keys"
        help="Turn this off if they clash with what you use to read or steer the screen."
        checked={keys === 'on'}
        onChange={(event) => setPreference('keys', event.currentTarget.checked ? 'on' : 'off')}
      />
    </Dialog>
  );
}
