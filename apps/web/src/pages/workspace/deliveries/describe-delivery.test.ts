import { describe, expect, it } from 'vitest';
import { rawStates } from '@devpulse/contract/raw-event';
import { readDeliverySearch } from './deliveries-api.ts';
import { describeOutcome, layOutBody, nameEvent } from './describe-delivery.ts';

describe('a delivery in words', () => {
  it('marks whatever did not simply go well', () => {
    expect(rawStates.filter((state) => describeOutcome({ state }).state === null)).toEqual(['done']);
    expect(new Set(rawStates.map((state) => describeOutcome({ state }).words)).size).toBe(rawStates.length);
  });

  it('names the action where there is one', () => {
    expect(nameEvent({ event: 'pull_request', action: 'closed' })).toBe('pull_request, closed');
    expect(nameEvent({ event: 'push', action: null })).toBe('push');
  });

  it('lays JSON out, and leaves alone what is none', () => {
    expect(layOutBody('{"a":1}')).toBe('{\n  "a": 1\n}');
    expect(layOutBody('not JSON')).toBe('not JSON');
  });
});

describe('what the log is narrowed down to', () => {
  it('is read from the address, without what cannot be meant', () => {
    expect(readDeliverySearch({ event: 'push', state: 'dead', repeated: 'true', from: '2026-11-26' })).toEqual({
      event: 'push',
      state: 'dead',
      repeated: 'true',
      from: '2026-11-26',
    });
    expect(readDeliverySearch({ event: 'No Event', state: 'lost', repeated: 'perhaps', to: 'soon' })).toEqual({});
  });
});
