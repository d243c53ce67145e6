/** Whether the server can be reached: what the browser says, and what became of the last requests. */
export type Reach = 'online' | 'offline' | 'silent';

let answered = true;
const listeners = new Set<() => void>();

/** Told by every request: true when anything at all came back. */
export function noteAnswer(came: boolean): void {
  if (answered === came) return;
  answered = came;
  tell();
}

export function readReach(): Reach {
  if (!navigator.onLine) return 'offline';
  return answered ? 'online' : 'silent';
}

export function subscribeReach(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('online', tell);
  window.addEventListener('offline', tell);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    window.removeEventListener('online', tell);
    window.removeEventListener('offline', tell);
  };
}

function tell(): void {
  for (const listener of listeners) listener();
}
