import { useEffect, type ReactElement } from 'react';
import { ToastRegion } from '@devpulse/ui/toast-region.tsx';
import { LiveRegion } from '../live/live-region.tsx';
import { KeysDialog } from './keys-dialog.tsx';
import { syncPreferences } from './sync-preferences.ts';
import { dropToast, useToasts } from './toasts.ts';
import { useKeys } from './use-keys.ts';
import { warmUp } from './warm-up.ts';

/** What a page needs once it is seen, and not before: the live channel, the toasts and the keys. */
export function AfterPaint(props: { keysShown: boolean; onShowKeys: (shown: boolean) => void }): ReactElement {
  const { keysShown, onShowKeys } = props;
  const toasts = useToasts();
  useEffect(warmUp, []);
  useEffect(syncPreferences, []);
  useKeys({ showList: () => onShowKeys(true) });
  return (
    <>
      <LiveRegion />
      <ToastRegion toasts={toasts} onGone={dropToast} />
      <KeysDialog open={keysShown} onClose={() => onShowKeys(false)} />
    </>
  );
}
