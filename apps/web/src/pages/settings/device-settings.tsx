import type { ReactElement } from 'react';
import { Button } from '@devpulse/ui/button.tsx';
import { Checkbox } from '@devpulse/ui/checkbox.tsx';
import { Segmented } from '@devpulse/ui/segmented.tsx';
import { signOut } from '../../frame/sign-out.ts';
import { usePreferences } from '../../frame/use-preferences.ts';
import { setPreference } from '../../preferences.ts';

/** What is kept in this browser alone. */
export function DeviceSettings(): ReactElement {
  const { theme, palette, keys } = usePreferences();
  return (
    <div className="settings-device">
      <div>
        <p className="field-label">Theme</p>
        <Segmented
          label="Theme"
          value={theme}
          options={[
            { value: 'system', label: 'As the system' },
            { value: 'light', label: 'Light' },
            { value: 'dark', label: 'Dark' },
          ]}
          onChange={(value) => setPreference('theme', value)}
        />
      </div>
      <div>
        <p className="field-label">Calendar colours</p>
        <Segmented
          label="Calendar colours"
          value={palette}
          options={[
            { value: 'petrol', label: 'Petrol' },
            { value: 'ember', label: 'Ember' },
            { value: 'contrast', label: 'Greys' },
          ]}
          onChange={(value) => setPreference('palette', value)}
        />
        <p className="field-help">
          The steps differ by lightness alone, so each scale reads with any kind of colour vision.
        </p>
      </div>
      <Checkbox
        label="Use single keys"
        help="Such as g h for home; press ? for the list."
        checked={keys === 'on'}
        onChange={(event) => setPreference('keys', event.currentTarget.checked ? 'on' : 'off')}
      />
      <div>
        <Button icon="sign_out" onClick={() => void signOut()}>
          Sign out
        </Button>
      </div>
    </div>
  );
}
