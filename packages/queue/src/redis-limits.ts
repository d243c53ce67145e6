import { Redis } from 'ioredis';
import { ANSWER_TIMEOUT_MS } from './queue-settings.ts';
import { reconnectPause } from './reconnect-pause.ts';

/** So many units out of the budget of a key, which holds at most `most` and gets one back every `everyUs`. */
export interface RedisLimitWish {
  key: string;
  units: number;
  everyUs: number;
  most: number;
}

/** How many were granted, how many are left, and how long until the next one where none was. */
export interface RedisLimitGrant {
  granted: number;
  spare: number;
  waitUs: number;
}

/** Budgets in a Redis, shared by all that use the prefix. */
export interface RedisLimits {
  /** One round trip, however many keys; throws at once while Redis is away. */
  take(wishes: readonly RedisLimitWish[]): Promise<RedisLimitGrant[]>;
  close(): Promise<void>;
}

// The clock is that of Redis: those of several processes never agree. A number above 2^53 does not come up before the year 2255.
const script = `
local time = redis.call('time')
local now = time[1] * 1000000 + time[2]
local answers = {}
for i, key in ipairs(KEYS) do
  local units, every, most = tonumber(ARGV[3 * i - 2]), tonumber(ARGV[3 * i - 1]), tonumber(ARGV[3 * i])
  local full = math.max(tonumber(redis.call('get', key) or '0'), now)
  local room = most - math.ceil((full - now) / every)
  local granted = math.max(0, math.min(units, room))
  local wait = 0
  if granted > 0 then
    full = full + granted * every
    redis.call('set', key, string.format('%.0f', full), 'px', math.ceil((full - now) / 1000) + 1)
  else
    wait = math.max(1, full - now - (most - 1) * every)
  end
  answers[i] = { granted, math.max(0, room - granted), wait }
end
return answers
`;

// Requests wait for this answer, and there is another place to ask.
const patienceMs = 250;

/** Opens budgets on Redis 6.2 or later; does not wait for it. */
export function openRedisLimits(options: {
  url: string;
  prefix: string;
  report: (error: unknown) => void;
}): RedisLimits {
  const commands = new Redis(options.url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: patienceMs,
    connectTimeout: ANSWER_TIMEOUT_MS,
    retryStrategy: reconnectPause,
  });
  commands.on('error', options.report);
  return {
    take: async (wishes) => {
      const keys = wishes.map((wish) => `${options.prefix}:limit:${wish.key}`);
      const numbers = wishes.flatMap((wish) => [wish.units, wish.everyUs, wish.most]);
      const answers = (await commands.eval(script, keys.length, ...keys, ...numbers)) as [number, number, number][];
      return answers.map(([granted, spare, waitUs]) => ({ granted, spare, waitUs }));
    },
    close: async () => {
      commands.disconnect();
    },
  };
}
