import { useEffect, useState, type ReactElement } from 'react';

const saidMs = 2_000;

/** Copies a text and says so in its own place. */
export function CopyButton({ text, label = 'copy' }: { text: string; label?: string }): ReactElement {
  const [state, setState] = useState<'idle' | 'done' | 'failed'>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), saidMs);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setState('done');
    } catch {
      // No clipboard without a secure address: the text stands beside it and can be marked by hand.
      setState('failed');
    }
  };
  return (
    <button type="button" className="text-button" aria-live="polite" onClick={() => void copy()}>
      {state === 'done' ? 'copied' : state === 'failed' ? 'mark it and copy' : label}
    </button>
  );
}
