import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { reportErrors } from './report-errors.ts';

describe('reportErrors', () => {
  const lines: object[] = [];
  const log = { warn: (fields: object) => void lines.push(fields), error: () => undefined };

  beforeEach(() => {
    lines.length = 0;
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('logs a message at once and its repeats once in 30 s, with their number', () => {
    const report = reportErrors(log, 'engine');
    for (const worker of ['one', 'two', 'three']) report({ message: `refused (Queue: derive, Worker: ${worker})` });
    report(new Error('another'));
    expect(lines).toMatchObject([{ engine: 'engine', repeats: 0 }, { repeats: 0 }]);

    vi.advanceTimersByTime(30_000);
    report({ message: 'refused (Queue: derive, Worker: four)' });

    expect(lines).toHaveLength(3);
    expect(lines[2]).toMatchObject({ repeats: 2 });
  });

  it('logs what is no error as well', () => {
    const report = reportErrors(log, 'engine');
    report('text');
    report(undefined);
    expect(lines).toEqual([
      { err: 'text', engine: 'engine', repeats: 0 },
      { err: undefined, engine: 'engine', repeats: 0 },
    ]);
  });
});
