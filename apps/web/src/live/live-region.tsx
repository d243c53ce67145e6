import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type ReactElement } from 'react';
import { metricsOf } from '../board/board-tiles.ts';
import { touches } from './coalesce.ts';
import { listenToLive, startLive } from './start-live.ts';

const announceEveryMs = 60_000;

/** Says politely that what is on screen was brought up to date: for the tile in focus, at most once a minute. */
export function LiveRegion(): ReactElement {
  const client = useQueryClient();
  const [words, setWords] = useState('');
  useEffect(() => {
    startLive(client);
    let announcedAt = Number.NEGATIVE_INFINITY;
    return listenToLive((change) => {
      const tile = document.activeElement?.closest('[data-tile]');
      const id = tile?.getAttribute('data-tile') ?? '';
      if (tile === null || tile === undefined || !touches(change, metricsOf(id))) return;
      if (performance.now() - announcedAt < announceEveryMs) return;
      announcedAt = performance.now();
      setWords(`${tile.querySelector('h2')?.textContent ?? 'This tile'}: updated.`);
    });
  }, [client]);
  return (
    <p className="vh" role="status" aria-live="polite">
      {words}
    </p>
  );
}
