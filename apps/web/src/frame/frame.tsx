import { lazy, Suspense, useState, type ReactElement } from 'react';
import { ReceiptsContext } from '@devpulse/ui/receipts-context';
import { OpenTileContext } from '../board/open-tile-context.ts';
import { useReceiptPanel } from '../receipt/use-receipt-panel.ts';
import { useOpenReceipt } from '../receipt/use-open-receipt.ts';
import { SideBar } from './side-bar.tsx';
import { TabBar } from './tab-bar.tsx';
import { usePreferences } from './use-preferences.ts';
import { Outlet } from '../router/router-view.tsx';

const AfterPaint = lazy(async () => ({ default: (await import('./after-paint.tsx')).AfterPaint }));

/** Everything around a page: where else one can go, what is read, and the receipt at the right. */
export function Frame(): ReactElement {
  const { sideBar } = usePreferences();
  const { receipts, question, opener, tile, close } = useOpenReceipt();
  const [keysShown, setKeysShown] = useState(false);
  const ReceiptPanel = useReceiptPanel(question !== null, close);
  return (
    <ReceiptsContext value={receipts}>
      <div className="app" data-folded={sideBar === 'folded' ? '' : undefined}>
        <a className="skip" href="#content">
          Skip to the page
        </a>
        <SideBar onShowKeys={() => setKeysShown(true)} />
        <main className="main" id="content" tabIndex={-1}>
          <OpenTileContext value={tile}>
            <Outlet />
          </OpenTileContext>
        </main>
        {question !== null && ReceiptPanel !== null && (
          <ReceiptPanel question={question} panelId={receipts.panelId} opener={opener} onClose={close} />
        )}
        <TabBar />
      </div>
      <Suspense fallback={null}>
        <AfterPaint keysShown={keysShown} onShowKeys={setKeysShown} />
      </Suspense>
    </ReceiptsContext>
  );
}
