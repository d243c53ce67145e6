import { useEffect, useRef, type ReactElement, type ReactNode } from 'react';
import { Icon } from './icon.tsx';
import type { IconName } from './icon-paths.ts';
import { IconButton } from './icon-button.tsx';

export interface SidePanelProps {
  /** The id that figures name in `aria-controls`. */
  id: string;
  title: string;
  icon?: IconName | undefined;
  /** Icon buttons before the one that closes. */
  actions?: ReactNode;
  onClose: () => void;
  /** Gets the focus back; left out: what had it when the panel opened. */
  returnTo?: HTMLElement | null | undefined;
  children: ReactNode;
}

/**
 * A panel beside the page, not modal. From 1180 px it takes its room, below that it lies over the page, on a phone it
 * is a sheet from the bottom. Render it while it is open; Escape closes it and the focus goes back.
 */
export function SidePanel({ id, title, icon, actions, onClose, returnTo, children }: SidePanelProps): ReactElement {
  const panel = useRef<HTMLElement>(null);
  const close = useRef(onClose);
  const back = useRef<HTMLElement | null | undefined>(returnTo);
  useEffect(() => {
    close.current = onClose;
    if (returnTo) back.current = returnTo;
  });
  useEffect(() => {
    const element = panel.current;
    back.current ??= document.activeElement instanceof HTMLElement ? document.activeElement : null;
    element?.focus({ preventScroll: true });
    const onKeyDown = (event: KeyboardEvent): void => {
      // A menu or a dialog that lies above takes the key for itself.
      if (event.key !== 'Escape' || event.defaultPrevented || document.querySelector(':popover-open, dialog:modal'))
        return;
      close.current();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => {
      document.removeEventListener('keydown', onKeyDown);
      const active = document.activeElement;
      // Whoever has gone on to something else in the meantime is not called back.
      if (active === null || active === document.body || element?.contains(active)) back.current?.focus();
    };
  }, []);
  return (
    <aside ref={panel} id={id} className="panel" aria-label={title} tabIndex={-1}>
      <header className="panel-head">
        <h2>
          {icon && <Icon name={icon} />}
          {title}
        </h2>
        {actions}
        <IconButton icon="close" label={`Close ${title.toLowerCase()}`} onClick={onClose} />
      </header>
      <div className="panel-body">{children}</div>
    </aside>
  );
}
