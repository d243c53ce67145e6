import { useSyncExternalStore } from 'react';
import type { Toast } from '@devpulse/ui/toast-region.tsx';

let toasts: readonly Toast[] = [];
let count = 0;
const listeners = new Set<() => void>();

/** Says what the person did and can no longer see. */
export function addToast(toast: Omit<Toast, 'id'>): void {
  count += 1;
  setToasts([...toasts, { id: String(count), ...toast }]);
}

export function dropToast(id: string): void {
  setToasts(toasts.filter((toast) => toast.id !== id));
}

export function useToasts(): readonly Toast[] {
  return useSyncExternalStore(subscribe, () => toasts);
}

function setToasts(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
