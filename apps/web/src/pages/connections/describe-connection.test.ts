import { describe, expect, it } from 'vitest';
import { connectionStates } from '@devpulse/contract/wire/connections';
import type { Budget } from '@devpulse/contract/wire/budgets';
import { describeBudget } from './describe-budget.ts';
import { showConnection, wayBackOf } from './describe-connection.ts';

describe('how a connection stands', () => {
  it('says nothing where all is well, and a word of its own for everything else', () => {
    const words = connectionStates.map((state) => showConnection({ state })?.word);
    expect(words.filter((word) => word === undefined)).toHaveLength(1);
    expect(new Set(words).size).toBe(connectionStates.length);
    expect(showConnection({ state: 'ok' })).toBeNull();
  });

  it('names a way back for whatever cannot be read with', () => {
    for (const state of ['dead', 'expired', 'removed', 'disconnected'] as const) {
      expect(wayBackOf({ kind: 'oauth', state })).toBe('grant');
      expect(wayBackOf({ kind: 'token', state })).toBe('token');
      expect(wayBackOf({ kind: 'app', state })).toBe('claim');
    }
    expect(wayBackOf({ kind: 'oauth', state: 'narrowed' })).toBe('grant');
    expect(wayBackOf({ kind: 'app', state: 'suspended' })).toBe('check');
    expect(wayBackOf({ kind: 'oauth', state: 'sso' })).toBe('check');
    expect(wayBackOf({ kind: 'token', state: 'ok' })).toBeNull();
  });
});

describe('how it stands with a limit', () => {
  const now = new Date('2026-11-26T12:00:00Z');
  const budget: Budget = {
    connectionId: '01a216c1-5505-76c5-af14-93136dd11677',
    resource: 'core',
    limit: 5_000,
    remaining: 4_812,
    resetAt: '2026-11-26T12:40:00Z',
    blockedUntil: null,
    reason: null,
    historyUntil: null,
    heardAt: '2026-11-26T11:59:00Z',
  };

  it('tells what is left and from when all of it is there again', () => {
    expect(describeBudget(budget, 'UTC', now)).toEqual({
      resource: 'Requests',
      words: '4,812 of 5,000 left · all of it again at 12:40',
      throttledUntil: null,
    });
  });

  it('tells until when nothing is asked, and why, only while that lasts', () => {
    const blocked = { ...budget, remaining: 0, blockedUntil: '2026-11-26T12:40:00Z', reason: 'quota' as const };
    expect(describeBudget(blocked, 'UTC', now).throttledUntil).toBe('12:40');
    expect(describeBudget(blocked, 'UTC', now).words).toContain('used up');
    expect(describeBudget(blocked, 'UTC', new Date('2026-11-26T12:41:00Z')).throttledUntil).toBeNull();
  });

  it('never shows a limit that nobody has told as a number', () => {
    const silent = { ...budget, limit: null, remaining: null, resetAt: null };
    expect(describeBudget(silent, 'UTC', now).words).toBe('GitHub has not said yet how many');
  });
});
