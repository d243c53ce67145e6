import type { ReactElement } from 'react';
import { Checkbox } from '@devpulse/ui/checkbox.tsx';
import { Field } from '@devpulse/ui/field.tsx';
import { type LocaleName, locales } from '@devpulse/ui/format/locale';
import { Segmented } from '@devpulse/ui/segmented.tsx';
import { Select } from '@devpulse/ui/select.tsx';
import { usePreferences } from '../../../frame/use-preferences.ts';
import { setPreference } from '../../../preferences.ts';

/** Colours, numbers, dates and keys. */
export function LooksForm(): ReactElement {
  const { theme, palette, keys, locale } = usePreferences();
  return (
    <div className="settings-device">
      <p className="page-note">These follow you to every browser that you sign in with.</p>
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
      <Field label="Numbers and dates">
        {(ids) => (
          <Select
            {...ids}
            value={locale}
            options={Object.entries(locales).map(([value, label]) => ({ value, label }))}
            onChange={(event) => setPreference('locale', event.currentTarget.value as LocaleName)}
          />
        )}
      </Field>
      <Checkbox
        label="Use single keys"
        help="Such as g h for home; press ? for the list."
        checked={keys === 'on'}
        onChange={(event) => setPreference('keys', event.currentTarget.checked ? 'on' : 'off')}
      />
    </div>
  );
}
