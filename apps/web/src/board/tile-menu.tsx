import type { ReactElement } from 'react';
import { Menu } from '@devpulse/ui/menu.tsx';
import { useReceipts } from '@devpulse/ui/receipts-context';
import type { ListedWidget } from '@devpulse/ui/view-props';
import type { Scope } from '../api.ts';
import { apiCallOf } from './api-call-of.ts';
import { copyText } from '../frame/copy-text.ts';

interface TileMenuProps {
  widget: ListedWidget;
  scope: Scope;
  view: 'chart' | 'table';
  onView: (view: 'chart' | 'table') => void;
}

/** What can be done with any tile. */
export function TileMenu({ widget, scope, view, onView }: TileMenuProps): ReactElement {
  const receipts = useReceipts();
  const [metric] = widget.metrics;
  const toggle = (): void => onView(view === 'table' ? 'chart' : 'table');
  return (
    <>
      <Menu
        label={`${widget.title}: menu`}
        items={[
          ...(metric === undefined || receipts === null
            ? []
            : [
                {
                  id: 'receipt',
                  label: 'Receipt',
                  icon: 'receipt' as const,
                  onSelect: () => receipts.open({ metric, ...scope }, firstFigureOf(widget.id)),
                },
              ]),
          {
            id: 'table',
            label: view === 'table' ? 'Show as chart' : 'Show as table',
            icon: view === 'table' ? 'bars' : 'table',
            onSelect: toggle,
          },
          {
            id: 'copy',
            label: 'Copy API call',
            icon: 'copy',
            onSelect: () => void copyText(apiCallOf(widget.id, scope), 'The API call is copied.'),
          },
        ]}
      />
      {/* What the key `t` presses: the menu's own row exists only while it is open. */}
      <button type="button" hidden data-table-switch="" onClick={toggle} />
    </>
  );
}

function firstFigureOf(id: string): HTMLElement | undefined {
  return document.querySelector<HTMLElement>(`[data-tile="${id}"] [data-receipt]`) ?? undefined;
}
