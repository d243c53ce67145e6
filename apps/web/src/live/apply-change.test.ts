import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { describe, expect, it, vi } from 'vitest';
import { applyChange } from './apply-change.ts';

const metrics: Record<string, string[]> = { totals: ['commits', 'active_days'], languages: ['languages'] };

async function listStale(change: Parameters<typeof applyChange>[1]): Promise<string[]> {
  const client = new QueryClient();
  const keys = [
    ['widget', 'totals', {}],
    ['widget', 'languages', {}],
    ['receipt', 'commits', {}],
    ['sources'],
    ['people', 2],
    ['session'],
  ];
  for (const key of keys) client.setQueryData(key, 'known');
  await applyChange(client, change, (widget) => metrics[widget] ?? []);
  return keys
    .filter((key) => client.getQueryState(key)?.isInvalidated === true)
    .map(([kind, name]) => [kind, name].filter(Boolean).map(String).join(' '));
}

describe('applyChange', () => {
  it('asks again only for what the changed metrics are in', async () => {
    expect(await listStale({ metrics: ['commits'], sources: false, people: false })).toEqual([
      'widget totals',
      'receipt commits',
    ]);
  });

  it('leaves the numbers alone when only a source moved', async () => {
    expect(await listStale({ metrics: [], sources: true, people: false })).toEqual(['sources']);
  });

  it('asks for everything after a gap, and who one is where people changed', async () => {
    expect(await listStale({ metrics: ['*'], sources: true, people: true })).toEqual([
      'widget totals',
      'widget languages',
      'receipt commits',
      'sources',
      'people 2',
      'session',
    ]);
    expect(await listStale({ metrics: ['*'], sources: true, people: false })).not.toContain('session');
  });

  it('asks again for an answer that was under way for the first time when the change was heard', async () => {
    const client = new QueryClient();
    const answers = ['of before', 'of after'];
    const release: (() => void)[] = [];
    const queryKey = ['widget', 'totals', {}];
    const observer = new QueryObserver(client, {
      queryKey,
      queryFn: async () => {
        const answer = answers.shift();
        await new Promise<void>((resolve) => release.push(resolve));
        return answer;
      },
    });
    const stop = observer.subscribe(() => undefined);
    const applied = applyChange(client, { metrics: ['commits'], sources: false, people: false }, () => ['commits']);
    release.shift()?.();
    await vi.waitFor(() => expect(release).toHaveLength(1));
    release.shift()?.();
    await applied;
    expect(client.getQueryData(queryKey)).toBe('of after');
    stop();
  });
});
