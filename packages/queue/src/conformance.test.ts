import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type JobContext, type JobQueue } from './queue.ts';
import { type QueueSettings } from './queue-settings.ts';
import { ENGINES, openTestQueue, type TestEngine } from './testing/engines.ts';
import { spawnQueueProcess } from './testing/spawn-queue-process.ts';
import { PATIENCE, until } from './testing/until.ts';

/** A promise to be fulfilled by the test, for handlers that shall run until they are let go. */
function gate(): { open: () => void; opened: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { open: resolve, opened: promise };
}

describe.each(ENGINES)('JobQueue on $title', { timeout: 60_000 }, ({ start, finestCron, tickMs }) => {
  let engine: TestEngine;
  let names = 0;

  beforeAll(async () => {
    engine = await start();
  }, 60_000);

  afterAll(async () => {
    await engine.stop();
  }, 30_000);

  const freshName = (): string => `job-${(names += 1)}`;

  /** Each queue that a test opens stands for a process of its own, and ends with the test. */
  const test = it.extend<{
    open: (declared: readonly string[], settings?: Partial<QueueSettings>) => Promise<JobQueue>;
  }>({
    open: async ({ task: _task }, use) => {
      const opened: JobQueue[] = [];
      await use(async (declared, settings) => {
        const queue = await openTestQueue(engine.openArguments(declared, settings));
        opened.push(queue);
        return queue;
      });
      await Promise.all(opened.map((queue) => queue.close({ timeoutMs: 100 })));
    },
  });

  describe.concurrent('in peace', () => {
    // First, because PostgreSQL needs ten seconds to take a worker for dead, which the others can use.
    test('runs the job of a killed process again', async ({ open }) => {
      const name = freshName();
      const queue = await open([name]);
      const doomed = await spawnQueueProcess(engine.openArguments([name]), { name, behaviour: 'hang' });
      await queue.enqueue(name, {}, { backoffMs: 1 });
      await until(() => doomed.lines.includes('run 1'));

      await doomed.kill();

      const attempts: number[] = [];
      await queue.work(name, async (_payload, { attempt }) => void attempts.push(attempt));
      await until(async () => (await queue.stats(name)).completed === 1);
      expect(attempts).toEqual([2]);
    });

    test('hands a job with its payload to the handler', async ({ open }) => {
      const name = freshName();
      const queue = await open([name]);
      const runs: { payload: unknown; context: JobContext }[] = [];
      await queue.work(name, async (payload, context) => {
        runs.push({ payload, context });
      });

      expect(await queue.enqueue(name, { workspace: 'w1', days: [1, 2] })).toBe('queued');

      await until(() => runs.length === 1);
      expect(runs[0]?.payload).toEqual({ workspace: 'w1', days: [1, 2] });
      expect(runs[0]?.context).toMatchObject({ attempt: 1, id: expect.any(String) });
      expect(runs[0]?.context.signal.aborted).toBe(false);
      await until(async () => (await queue.stats(name)).completed === 1);
    });

    test('wakes its own workers, which poll for others only', async ({ open }) => {
      const name = freshName();
      const queue = await open([name], { pollSeconds: 3600 });
      let runs = 0;
      await queue.work(name, async () => {
        runs += 1;
      });
      // The first look after the start has found nothing by then.
      await until(async () => (await queue.stats(name)).waiting === 0);

      for (let index = 0; index < 5; index += 1) await queue.enqueue(name, {});

      await until(() => runs === 5);
      expect(await queue.stats(name)).toMatchObject({ waiting: 0 });
    });

    test('folds a repeat into the waiting job of its key, and into no other', async ({ open }) => {
      const name = freshName();
      const queue = await open([name]);

      expect(await queue.enqueue(name, { first: true }, { key: 'a:1' })).toBe('queued');
      expect(await queue.enqueue(name, { first: false }, { key: 'a:1' })).toBe('folded');
      expect(await queue.enqueue(name, {}, { key: 'a:1|' })).toBe('queued');
      expect(await queue.enqueue(name, {})).toBe('queued');
      expect(await queue.enqueue(name, {})).toBe('queued');
      expect(await queue.stats(name)).toEqual({ waiting: 4, active: 0, delayed: 0, failed: 0, completed: 0 });

      const payloads: unknown[] = [];
      await queue.work(name, async (payload) => {
        payloads.push(payload);
      });
      await until(async () => (await queue.stats(name)).completed === 4);
      expect(payloads).toHaveLength(4);
      expect(payloads).toContainEqual({ first: true });
      expect(payloads).not.toContainEqual({ first: false });
    });

    test('folds among many that ask at once', async ({ open }) => {
      const name = freshName();
      const [one, other] = [await open([name]), await open([name])];

      const answers = await Promise.all(
        Array.from({ length: 40 }, async (_, index) => (index % 2 ? one : other).enqueue(name, {}, { key: 'k' })),
      );

      expect(answers.filter((answer) => answer === 'queued')).toHaveLength(1);
      expect((await one.stats(name)).waiting).toBe(1);
    });

    test('runs again for a nudge that came while its key was running', async ({ open }) => {
      const name = freshName();
      const queue = await open([name]);
      const first = gate();
      const seen: number[] = [];
      await queue.work(name, async () => {
        seen.push(seen.length + 1);
        if (seen.length === 1) await first.opened;
      });
      await queue.enqueue(name, {}, { key: 'k' });
      await until(() => seen.length === 1);

      expect(await queue.enqueue(name, {}, { key: 'k' })).toBe('queued');
      expect(await queue.enqueue(name, {}, { key: 'k' })).toBe('folded');
      expect(await queue.stats(name)).toMatchObject({ active: 1, waiting: 1 });
      first.open();

      await until(async () => (await queue.stats(name)).completed === 2);
      expect(seen).toEqual([1, 2]);
      expect(await queue.stats(name)).toMatchObject({ active: 0, waiting: 0 });
    });

    test('does not run a delayed job before its time', async ({ open }) => {
      const name = freshName();
      const queue = await open([name]);
      let ranAt = 0;
      await queue.work(name, async () => {
        ranAt = Date.now();
      });
      const queuedAt = Date.now();

      await queue.enqueue(name, {}, { delayMs: 1500 });

      expect(await queue.stats(name)).toMatchObject({ waiting: 0, delayed: 1 });
      await until(() => ranAt > 0);
      // Both engines cut times to the millisecond.
      expect(ranAt - queuedAt).toBeGreaterThanOrEqual(1499);
    });

    test('brings a delayed job forward when a repeat is due earlier, and never back', async ({ open }) => {
      const name = freshName();
      const queue = await open([name]);
      const payloads: unknown[] = [];
      await queue.work(name, async (payload) => {
        payloads.push(payload);
      });
      await queue.enqueue(name, { first: true }, { key: 'k', delayMs: 3_600_000 });

      expect(await queue.enqueue(name, {}, { key: 'k', delayMs: 7_200_000 })).toBe('folded');
      expect(await queue.enqueue(name, {}, { key: 'k', delayMs: 300 })).toBe('folded');
      expect(await queue.enqueue(name, {}, { key: 'k', delayMs: 7_200_000 })).toBe('folded');

      await until(() => payloads.length > 0);
      expect(payloads).toEqual([{ first: true }]);
    });

    test('tries a failing job again with growing pauses until it succeeds', async ({ open }) => {
      const name = freshName();
      const queue = await open([name]);
      const attempts: { attempt: number; at: number }[] = [];
      await queue.work(name, async (_payload, { attempt }) => {
        attempts.push({ attempt, at: Date.now() });
        if (attempt < 3) throw new Error('not yet');
      });

      await queue.enqueue(name, {}, { attempts: 3, backoffMs: 500 });

      await until(async () => (await queue.stats(name)).completed === 1);
      expect(attempts.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
      const [first, second, third] = attempts.map(({ at }) => at) as [number, number, number];
      expect(second - first).toBeGreaterThanOrEqual(499);
      expect(third - second).toBeGreaterThanOrEqual(999);
      expect((await queue.stats(name)).failed).toBe(0);
    });

    test('counts a job as failed when its attempts are used up', async ({ open }) => {
      const name = freshName();
      const queue = await open([name]);
      let runs = 0;
      await queue.work(name, async () => {
        runs += 1;
        throw new Error('never');
      });

      await queue.enqueue(name, {}, { attempts: 2, backoffMs: 1, key: 'k' });

      await until(async () => (await queue.stats(name)).failed === 1);
      expect(runs).toBe(2);
      expect(await queue.enqueue(name, {}, { attempts: 1, key: 'k' })).toBe('queued');
      await until(async () => (await queue.stats(name)).failed === 2);
    });

    test('does not let a job that waits for another attempt hold up a nudge', async ({ open }) => {
      const name = freshName();
      const queue = await open([name]);
      const attempts: number[] = [];
      await queue.work(name, async (payload, { attempt }) => {
        attempts.push(attempt);
        if ((payload as { fail: boolean }).fail) throw new Error('later');
      });
      await queue.enqueue(name, { fail: true }, { key: 'k', attempts: 2, backoffMs: 600_000 });
      await until(async () => (await queue.stats(name)).delayed === 1);

      expect(await queue.enqueue(name, { fail: false }, { key: 'k' })).toBe('queued');

      await until(async () => (await queue.stats(name)).completed === 1);
      expect(attempts).toEqual([1, 1]);
      expect(await queue.cancel(name, { key: 'k' })).toBe(true);
      expect((await queue.stats(name)).delayed).toBe(0);
    });

    test('runs as many jobs side by side as asked, and no more', async ({ open }) => {
      const name = freshName();
      const queue = await open([name]);
      const release = gate();
      let running = 0;
      let most = 0;
      await queue.work(
        name,
        async () => {
          running += 1;
          most = Math.max(most, running);
          await release.opened;
          running -= 1;
        },
        { concurrency: 3 },
      );
      for (let index = 0; index < 7; index += 1) await queue.enqueue(name, {});

      await until(async () => (await queue.stats(name)).active === 3);
      expect(await queue.stats(name)).toMatchObject({ active: 3, waiting: 4 });
      release.open();

      await until(async () => (await queue.stats(name)).completed === 7);
      expect(most).toBe(3);
    });

    test('hands each of many jobs to one of two processes once', async ({ open }) => {
      const name = freshName();
      const [one, other] = [await open([name]), await open([name])];
      const seen: number[] = [];
      for (const queue of [one, other]) {
        await queue.work(name, async (payload) => void seen.push((payload as { number: number }).number), {
          concurrency: 2,
        });
      }

      const numbers = Array.from({ length: 100 }, (_, index) => index);
      await Promise.all(numbers.map(async (number) => (number % 2 ? one : other).enqueue(name, { number })));

      await until(async () => (await one.stats(name)).completed === 100);
      expect(seen.toSorted((a, b) => a - b)).toEqual(numbers);
    });

    test('takes back a waiting job by its key and frees the key', async ({ open }) => {
      const name = freshName();
      const queue = await open([name]);
      await queue.enqueue(name, {}, { key: 'now' });
      await queue.enqueue(name, {}, { key: 'later', delayMs: 3_600_000 });
      await queue.enqueue(name, {}, { key: 'stays' });

      expect(await queue.cancel(name, { key: 'now' })).toBe(true);
      expect(await queue.cancel(name, { key: 'later' })).toBe(true);
      expect(await queue.cancel(name, { key: 'later' })).toBe(false);

      expect(await queue.stats(name)).toMatchObject({ waiting: 1, delayed: 0 });
      expect(await queue.enqueue(name, {}, { key: 'now' })).toBe('queued');
    });

    test('leaves a running job alone when its key is cancelled', async ({ open }) => {
      const name = freshName();
      const queue = await open([name]);
      const release = gate();
      await queue.work(name, async () => release.opened);
      await queue.enqueue(name, {}, { key: 'k' });
      await until(async () => (await queue.stats(name)).active === 1);

      expect(await queue.cancel(name, { key: 'k' })).toBe(false);

      release.open();
      await until(async () => (await queue.stats(name)).completed === 1);
    });

    test('aborts a run that takes too long and counts it as failed', async ({ open }) => {
      const name = freshName();
      const queue = await open([name], { maxRunSeconds: 1 });
      const reasons: unknown[] = [];
      await queue.work(name, async (_payload, { attempt, signal }) => {
        if (attempt === 1) await new Promise((resolve) => signal.addEventListener('abort', resolve));
        reasons.push(signal.aborted);
      });

      await queue.enqueue(name, {}, { backoffMs: 1 });

      await until(async () => (await queue.stats(name)).completed === 1);
      expect(reasons).toEqual([true, false]);
    });

    test('finishes what is in hand before it closes', async ({ open }) => {
      const name = freshName();
      const queue = await open([name]);
      const release = gate();
      let finished = false;
      await queue.work(name, async () => {
        await release.opened;
        finished = true;
      });
      await queue.enqueue(name, {});
      await until(async () => (await queue.stats(name)).active === 1);

      const closed = queue.close();
      release.open();
      await closed;

      expect(finished).toBe(true);
      const other = await open([name]);
      expect(await other.stats(name)).toMatchObject({ active: 0, waiting: 0, completed: 1 });
      await expect(queue.enqueue(name, {})).rejects.toThrow('closed');
      expect(await queue.ping()).toBe(false);
    });

    test('aborts what outlasts its closing and leaves the job to another process', async ({ open }) => {
      const name = freshName();
      const queue = await open([name]);
      let aborted = false;
      await queue.work(name, async (_payload, { signal }) => {
        signal.addEventListener('abort', () => {
          aborted = true;
        });
        await new Promise(() => undefined);
      });
      await queue.enqueue(name, {}, { backoffMs: 1 });
      await until(async () => (await queue.stats(name)).active === 1);

      await queue.close({ timeoutMs: 50 });

      expect(aborted).toBe(true);
      const attempts: number[] = [];
      const other = await open([name]);
      await other.work(name, async (_payload, { attempt }) => void attempts.push(attempt));
      await until(() => attempts.length === 1);
      expect(attempts).toEqual([2]);
    });

    test('fires each due tick once, however many processes schedule and work it', async ({ open }) => {
      const name = freshName();
      const cron = finestCron('*');
      const startedAt = Date.now();
      const queue = await open([name]);
      let runs = 0;
      await queue.work(name, async () => {
        runs += 1;
      });
      await queue.schedule(name, cron);
      const other = await spawnQueueProcess(engine.openArguments([name]), { name, behaviour: 'count', cron });
      const fired = (): number => runs + other.lines.filter((line) => line.startsWith('run')).length;
      await until(() => fired() > (tickMs < 60_000 ? 2 : 0));
      // Several looks for due ticks later, in both processes, there must be no more runs than ticks.
      await new Promise((resolve) => setTimeout(resolve, 3000));

      await other.kill();
      expect(fired()).toBeLessThanOrEqual(Math.floor(Date.now() / tickMs) - Math.floor(startedAt / tickMs) + 1);
    });

    test('reads a schedule in its zone, replaces it and takes it back', async ({ open }) => {
      const [here, elsewhere] = [freshName(), freshName()];
      const queue = await open([here, elsewhere]);
      const fired: { name: string; payload: unknown }[] = [];
      for (const name of [here, elsewhere]) {
        await queue.work(name, async (payload) => void fired.push({ name, payload }));
      }
      // The present hour in Kathmandu (five hours and three quarters ahead) is not the present hour in UTC.
      const hour = Number(
        new Intl.DateTimeFormat('en', { timeZone: 'Asia/Kathmandu', hour: 'numeric', hourCycle: 'h23' }).format(),
      );
      const cron = finestCron(`${(hour + 23) % 24},${hour},${(hour + 1) % 24}`);
      expect(await queue.cancel(here, { schedule: true })).toBe(false);
      await queue.schedule(here, '0 0 1 1 *', { payload: { of: 'replaced' } });
      await queue.schedule(elsewhere, cron);

      await queue.schedule(here, cron, { zone: 'Asia/Kathmandu', payload: { of: 'schedule' } });

      await until(() => fired.length > 0);
      expect(await queue.cancel(here, { schedule: true })).toBe(true);
      expect(await queue.cancel(here, { schedule: true })).toBe(false);
      expect(fired.map(({ name }) => name)).not.toContain(elsewhere);
      expect(fired[0]?.payload).toEqual({ of: 'schedule' });
      expect(await queue.cancel(elsewhere, { schedule: true })).toBe(true);
      expect((await queue.stats(here)).delayed).toBe(0);
    });

    test('does not count the next tick of a schedule as a job', async ({ open }) => {
      const name = freshName();
      const queue = await open([name]);
      await queue.schedule(name, '0 0 1 1 *');

      expect(await queue.stats(name)).toEqual({ waiting: 0, active: 0, delayed: 0, failed: 0, completed: 0 });
      await queue.cancel(name, { schedule: true });
    });

    test('refuses a schedule it could not keep', async ({ open }) => {
      const name = freshName();
      const queue = await open([name]);

      await expect(queue.schedule(name, 'at noon on sunday maybe')).rejects.toThrow(/invalid|validation/i);
      await expect(queue.schedule(name, '* * *')).rejects.toThrow('five fields');
      await expect(queue.schedule(name, '0 3 * * *', { zone: 'Mars/Olympus' })).rejects.toThrow('IANA');
      expect(await queue.cancel(name, { schedule: true })).toBe(false);
    });

    test('removes finished jobs after their time', async ({ open }) => {
      const name = freshName();
      const queue = await open([name], { keepFinishedSeconds: 1 });
      await queue.work(name, async (payload) => {
        if ((payload as { fail: boolean }).fail) throw new Error('no');
      });
      const finish = async (): Promise<void> => {
        await queue.enqueue(name, { fail: true }, { attempts: 1 });
        await queue.enqueue(name, { fail: false });
        await until(async () => (await queue.stats(name)).waiting + (await queue.stats(name)).active === 0);
      };
      await finish();
      await new Promise((resolve) => setTimeout(resolve, 2100));

      await finish();

      await until(async () => {
        const { completed, failed } = await queue.stats(name);
        return completed <= 1 && failed <= 1;
      });
      expect(await queue.stats(name)).toMatchObject({ waiting: 0, active: 0, delayed: 0 });
    });

    test('adds up all its names, and refuses others', async ({ open }) => {
      const [one, two, undeclared] = [freshName(), freshName(), freshName()];
      const queue = await open([one, two]);
      await queue.enqueue(one, {});
      await queue.enqueue(two, {}, { delayMs: 3_600_000 });

      expect(await queue.stats()).toEqual({ waiting: 1, active: 0, delayed: 1, failed: 0, completed: 0 });
      await expect(queue.enqueue(undeclared, {})).rejects.toThrow('not declared');
      await expect(queue.work(undeclared, async () => undefined)).rejects.toThrow('not declared');
      await expect(queue.schedule(undeclared, '0 3 * * *')).rejects.toThrow('not declared');
      await expect(queue.stats(undeclared)).rejects.toThrow('not declared');
      await expect(open(['Not:Allowed'])).rejects.toThrow('may only have');
    });

    test('refuses a second handler and options no engine could keep', async ({ open }) => {
      const name = freshName();
      const queue = await open([name]);
      await queue.work(name, async () => undefined);

      await expect(queue.work(name, async () => undefined)).rejects.toThrow('already has its handler');
      await expect(queue.enqueue(name, {}, { attempts: 0 })).rejects.toThrow('attempts');
      await expect(queue.enqueue(name, {}, { delayMs: -1 })).rejects.toThrow('delayMs');
      await expect(queue.enqueue(name, {}, { key: '' })).rejects.toThrow('key');
    });
  });

  describe('when its server fails', () => {
    test('recovers from a restart: enqueue, workers and schedules go on', async ({ open }) => {
      const [nudge, tick] = [freshName(), freshName()];
      const queue = await open([nudge, tick]);
      const fired: string[] = [];
      await queue.work(nudge, async () => void fired.push(nudge));
      await queue.work(tick, async () => void fired.push(tick));
      await queue.enqueue(nudge, {});
      await until(() => fired.includes(nudge));
      await queue.schedule(tick, '0 0 1 1 *');
      fired.length = 0;

      await engine.restart();

      await vi.waitFor(() => queue.enqueue(nudge, {}, { key: 'after' }), PATIENCE);
      await until(() => fired.includes(nudge));
      await until(() => queue.ping());
      expect(await queue.enqueue(tick, {})).toBe('queued');
      await until(() => fired.includes(tick));
      await until(() => queue.cancel(tick, { schedule: true }));
    });

    test('says that an unreachable server is unreachable, and closes all the same', async ({ open }) => {
      const name = freshName();
      const queue = await open([name]);
      await queue.work(name, async () => undefined);
      expect(await queue.ping()).toBe(true);

      await engine.halt();

      await until(async () => !(await queue.ping()));
      await expect(queue.enqueue(name, {})).rejects.toThrow(/ENOENT|terminated|isn't writeable|closed/);
      await expect(open([name])).rejects.toThrow(/ENOENT|cannot be used/);
      await queue.close();
      await engine.restart();
    });
  });
});
