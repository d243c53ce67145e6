import { useEffect, useState, type ComponentType } from 'react';
import { addToast } from '../frame/toasts.ts';
import type { ReceiptPanelProps } from './receipt-panel.tsx';

/** The panel, fetched when the first receipt is asked for. If it does not arrive, nothing opens and the next press tries again. */
export function useReceiptPanel(wanted: boolean, giveUp: () => void): ComponentType<ReceiptPanelProps> | null {
  const [panel, setPanel] = useState<ComponentType<ReceiptPanelProps> | null>(null);
  const missing = wanted && panel === null;
  useEffect(() => {
    if (!missing) return;
    import('./receipt-panel.tsx').then(
      (module) => setPanel(() => module.ReceiptPanel),
      () => {
        addToast({ text: 'The receipt cannot be opened now: DevPulse does not answer.' });
        giveUp();
      },
    );
    // `giveUp` is a new function on every drawing; the one of the moment of asking is as good.
  }, [missing]);
  return panel;
}
