import type { ReactElement } from 'react';
import type { TransferView } from '@devpulse/contract/wire/data';
import { ProgressBar } from '@devpulse/ui/progress-bar.tsx';

/** How far a worker is; nothing once it is done. */
export function TransferProgress({
  transfer,
  waiting,
}: {
  transfer: TransferView;
  waiting: string;
}): ReactElement | null {
  const { state, progress } = transfer;
  if (state === 'waiting') return <p role="status">{waiting}…</p>;
  if (state !== 'working') return null;
  if (progress === null) return <p role="status">Under way…</p>;
  return <ProgressBar label={progress.what} done={progress.done} total={progress.total} unit="" />;
}
