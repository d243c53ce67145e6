import { useEffect, useId, useRef, type ReactElement, type ReactNode } from 'react';
import { IconButton } from './icon-button.tsx';

export interface DialogProps {
  open: boolean;
  title: ReactNode;
  onClose: () => void;
  children: ReactNode;
  /** Buttons at the foot, the act last. */
  actions?: ReactNode;
  size?: 'base' | 'wide' | undefined;
}

const firstField = '.dialog-body :is(input:not([type="checkbox"], [type="radio"], [type="file"]), textarea):enabled';

/** A question that must be answered before going on; the browser's own dialog keeps and returns the focus. */
export function Dialog({ open, title, onClose, children, actions, size = 'base' }: DialogProps): ReactElement {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    if (!element) return;
    if (open && !element.open) {
      element.showModal();
      // Left to itself the browser begins at the cross; whoever is asked to type something wants to type.
      element.querySelector<HTMLElement>(firstField)?.focus();
    }
    if (!open && element.open) element.close();
  }, [open]);
  return (
    <dialog
      ref={dialog}
      className={`dialog dialog-${size}`}
      aria-labelledby={id}
      onClose={onClose}
      onClick={(event) => {
        // Only the backdrop is the dialog itself: everything inside is a child.
        if (event.target === dialog.current) onClose();
      }}
    >
      {open && (
        <div className="dialog-box">
          <header className="dialog-head">
            <h2 id={id}>{title}</h2>
            <IconButton icon="close" label="Close" onClick={onClose} />
          </header>
          <div className="dialog-body">{children}</div>
          {actions && <footer className="dialog-foot">{actions}</footer>}
        </div>
      )}
    </dialog>
  );
}
