import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '@devpulse/db/ids';
import { secretPlace } from '@devpulse/server/hooks-in/hook-secrets';
import { findAckFault } from '../method/acks.ts';
import { findDurabilityFault } from '../method/durability.ts';
import type { LoadPlan, LoadResult } from '../method/load-plan.ts';
import { readRss } from '../method/memory.ts';
import { openFloor } from '../method/open-floor.ts';
import { type BenchProgram, openProgram } from '../method/open-program.ts';
import { divideRounds, measureInTurns } from '../method/rounds.ts';
import { runLoad } from '../method/run-load.ts';
import { countStored, emptyInbox } from '../method/stored-events.ts';
import { type BenchContext, type BenchTarget, bySize } from '../method/target.ts';
import { judgeCeiling, judgeRatio, type Row, voidRows } from '../method/verdict.ts';

const secret = 'bench-secret';
const bytes = 8192;
const largest = 25 * 1024 * 1024;

/** T4: webhooks at their own door, signed and large. */
export const webhooks: BenchTarget = { id: 'T4', title: 'Webhooks', run: measureWebhooks };

async function measureWebhooks(context: BenchContext): Promise<Row[]> {
  return [...(await measureAcks(context)), ...(await measureMinute(context)), ...(await measureLargest(context))];
}

/** The same as T1 at the other door. */
async function measureAcks(context: BenchContext): Promise<Row[]> {
  const program = await openProgram(context.scope, ['--roles', 'api']);
  const door = await HookDoor.open(context, program);
  const { port } = await openFloor(context.scope, secret);
  const seconds = bySize(context, { quick: 2, default: 5 });
  const plan = { mode: 'closed', connections: 64, seconds } as const;
  let floors = 0;
  const rates = await measureInTurns(
    {
      acks: async () => (await door.send(plan)).rate,
      floor: async () => {
        const events = { path: '/events', prefix: `floor${(floors += 1)}`, bytes, secret };
        return (await runLoad(context.scope, { ...plan, port, warmupSeconds: 1, events })).rate;
      },
    },
    { rounds: context.rounds, onStep: (text) => context.say(text) },
  );
  const row = judgeRatio(
    {
      target: 'T1',
      what: 'Durable acknowledgement of signed webhooks of 8 KiB: rate',
      baseline: 'B1: bare Fastify route that checks an HMAC over the same body and stores nothing',
      samples: rates,
    },
    divideRounds(rates.acks, rates.floor),
    { atLeast: 0.35 },
  );
  const fault = (await findDurabilityFault(program.admin)) ?? door.fault;
  await program.close();
  return fault === null ? [row] : voidRows([row], `Void: ${fault}.`);
}

/** With workers, which read what is delivered meanwhile. */
async function measureMinute(context: BenchContext): Promise<Row[]> {
  const program = await openProgram(context.scope);
  const door = await HookDoor.open(context, program);
  const seconds = bySize(context, { quick: 10, default: 60 });
  const result = await door.send({ mode: 'open', rate: 200, connections: 32, seconds });
  const what = `200 webhooks a second for ${seconds} s`;
  const lost = door.fault === null ? 0 : 1;
  await program.close();
  const rows = [
    judgeCeiling({ target: 'T4', what: `${what}: answers other than 202`, baseline: 'none' }, [result.failed], {
      atMost: 0,
      unit: 'answers',
    }),
    judgeCeiling(
      { target: 'T4', what: `${what}: acknowledged and not stored exactly once`, baseline: 'none' },
      [lost],
      { atMost: 0, unit: door.fault ?? 'deliveries' },
    ),
  ];
  return rows;
}

async function measureLargest(context: BenchContext): Promise<Row[]> {
  const program = await openProgram(context.scope);
  const door = await HookDoor.open(context, program);
  const seconds = bySize(context, { quick: 4, default: 8 });
  const plan = { mode: 'open', rate: 100, connections: 32, seconds } as const;
  await door.send({ ...plan, seconds: 2 });
  const idle = readRss(program.pid);
  const acks: number[] = [];
  const peaks: number[] = [];
  const p99 = await measureInTurns(
    {
      quiet: async () => (await door.send(plan)).p99,
      beside: async () => {
        const [result, told] = await Promise.all([door.send(plan), door.sendLargest(program.pid)]);
        acks.push(told.ms);
        peaks.push((told.peak - idle) / largest);
        return result.p99;
      },
    },
    { rounds: context.rounds, onStep: (text) => context.say(text) },
  );
  const rows = [
    judgeCeiling(
      { target: 'T4', what: 'Acknowledgement of a webhook of 25 MB among 100 a second', baseline: 'none' },
      acks,
      {
        atMost: 2000,
        unit: 'ms',
      },
    ),
    judgeRatio(
      { target: 'T4', what: 'p99 of the others beside it', baseline: 'the same senders without it', samples: p99 },
      divideRounds(p99.beside, p99.quiet),
      { atMost: 5 },
    ),
    judgeCeiling({ target: 'T4', what: 'Memory above idle while it is taken in', baseline: 'none' }, peaks, {
      atMost: 4,
      unit: 'bodies',
    }),
  ];
  return door.fault === null ? rows : voidRows(rows, `Void: ${door.fault}.`);
}

type Phase = Pick<LoadPlan, 'mode' | 'connections' | 'seconds' | 'rate'>;

/** Delivers by a hook, and holds what was acknowledged against what was stored. */
class HookDoor {
  readonly #context: BenchContext;
  readonly #program: BenchProgram;
  readonly #hook: string;
  #number = 0;
  /** The first thing that makes the figures worthless. */
  fault: string | null = null;

  static async open(context: BenchContext, program: BenchProgram): Promise<HookDoor> {
    return new HookDoor(context, program, await addHook(program));
  }

  private constructor(context: BenchContext, program: BenchProgram, hook: string) {
    this.#context = context;
    this.#program = program;
    this.#hook = hook;
  }

  async send(phase: Phase): Promise<LoadResult> {
    const prefix = `ack${(this.#number += 1)}`;
    const { port, admin } = this.#program;
    const result = await runLoad(this.#context.scope, {
      ...phase,
      port,
      warmupSeconds: 1,
      events: { path: `/webhooks/github/${this.#hook}`, prefix, bytes, secret, asDeliveries: true },
    });
    this.fault ??= findAckFault(result, await countStored(admin, `hook:${this.#hook}:${prefix}`));
    if (result.failed > 0) this.fault ??= `${result.failed} requests failed: ${result.firstFailure ?? ''}`;
    await emptyInbox(admin);
    return result;
  }

  /** Amid the others; the most memory that the process had meanwhile. */
  async sendLargest(pid: number): Promise<{ ms: number; peak: number }> {
    await sleep(2000);
    const body = `{"ref":"${'x'.repeat(largest - 10)}"}`;
    const signature = createHmac('sha256', secret).update(body).digest('hex');
    let peak = 0;
    const watch = setInterval(() => (peak = Math.max(peak, readRss(pid))), 5);
    const began = performance.now();
    const answer = await fetch(`http://127.0.0.1:${this.#program.port}/webhooks/github/${this.#hook}`, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'x-github-event': 'push',
        'x-github-delivery': `large${this.#number}`,
        'x-hub-signature-256': `sha256=${signature}`,
      },
    });
    const ms = performance.now() - began;
    clearInterval(watch);
    if (answer.status !== 202) this.fault ??= `the largest was answered with ${answer.status}`;
    return { ms, peak };
  }
}

async function addHook({ keyring, workspaceId, admin }: BenchProgram): Promise<string> {
  const [hook, connection] = [newId(), newId()];
  await keyring.prepare(workspaceId);
  const sealed = keyring.seal(secret, secretPlace(workspaceId, hook, 'secret'));
  await admin.query(
    `insert into connections (workspace_id, id, kind, form, host, account_number, login)
     values ($1, $2, 'oauth', 'oauth', 'github.com', '1', 'bench')`,
    [workspaceId, connection],
  );
  await admin.query(
    `insert into hooks (workspace_id, id, connection_id, host, name, number, secret)
     values ($1, $2, $3, 'github.com', 'bench/bench', '1', $4)`,
    [workspaceId, hook, connection, sealed],
  );
  return hook;
}
