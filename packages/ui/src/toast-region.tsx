import { useEffect, useRef, useState, type ReactElement } from 'react';

export interface Toast {
  id: string;
  /** One line on what the person did and can no longer see. Errors are not toasts. */
  text: string;
  onUndo?: (() => void) | undefined;
}

/** Six seconds, as long as nobody points at it or has the focus in it. */
const shownMs = 6_000;

/** The place at the bottom left where acts are confirmed; render it once, always, so that it is announced. */
export function ToastRegion({
  toasts,
  onGone,
}: {
  toasts: readonly Toast[];
  onGone: (id: string) => void;
}): ReactElement {
  return (
    <div className="toasts" role="status" aria-live="polite">
      {toasts.map((toast) => (
        <ToastLine key={toast.id} toast={toast} onGone={onGone} />
      ))}
    </div>
  );
}

function ToastLine({ toast, onGone }: { toast: Toast; onGone: (id: string) => void }): ReactElement {
  const [held, setHeld] = useState(false);
  const gone = useRef(onGone);
  useEffect(() => {
    gone.current = onGone;
  });
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => gone.current(toast.id), shownMs);
    return () => clearTimeout(timer);
  }, [held, toast.id]);
  return (
    <div
      className="toast"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span>{toast.text}</span>
      {toast.onUndo && (
        <button
          type="button"
          className="toast-undo"
          onClick={() => {
            toast.onUndo?.();
            onGone(toast.id);
          }}
        >
          Undo
        </button>
      )}
    </div>
  );
}
