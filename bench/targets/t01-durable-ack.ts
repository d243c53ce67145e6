import { findAckFault } from '../method/acks.ts';
import { findDurabilityFault } from '../method/durability.ts';
import { openInsertFloor } from '../method/insert-floor.ts';
import type { LoadPlan, LoadResult } from '../method/load-plan.ts';
import { openFloor } from '../method/open-floor.ts';
import { type BenchProgram, openProgram } from '../method/open-program.ts';
import { divideRounds, measureInTurns } from '../method/rounds.ts';
import { runLoad } from '../method/run-load.ts';
import { countStored, emptyInbox } from '../method/stored-events.ts';
import { median } from '../method/statistics.ts';
import { type BenchContext, type BenchTarget, bySize } from '../method/target.ts';
import { judgeRatio, type Row, voidRows } from '../method/verdict.ts';

const bytes = 8192;
const connections = 64;
const secret = 'bench-secret';
const what = 'Durable acknowledgement of 8 KiB events';

/** T1: how many events a second the door takes in durably, beside a door that only checks a signature. */
export const durableAck: BenchTarget = { id: 'T1', title: what, run: measureDurableAck };

async function measureDurableAck(context: BenchContext): Promise<Row[]> {
  // Without workers: here the door is measured. What happens when the same process also reads is T3's and T9's question.
  const program = await openProgram(context.scope, ['--roles', 'api']);
  const door = new AckDoor(context, program, (await openFloor(context.scope, secret)).port);
  const { adminLogin: login, workspaceId } = program;
  const inserts = openInsertFloor(context.scope, { login, workspaceId, bytes });
  const seconds = bySize(context, { quick: 2, default: 5 });
  const steps = { rounds: context.rounds, onStep: (text: string) => context.say(text) };
  const rates = await measureInTurns(
    {
      acks: async () => (await door.send({ mode: 'closed', connections, seconds })).rate,
      floor: async () => (await door.sendToFloor({ mode: 'closed', connections, seconds })).rate,
      inserts: async () => {
        const rate = await inserts.measure(`floor${door.takeNumber()}`, seconds);
        await emptyInbox(program.admin);
        return rate;
      },
    },
    steps,
  );
  // Half of what the slower side takes: a rate at which both keep up, so that what is compared is waiting, not a queue.
  const rate = Math.floor(median(rates.acks) / 2);
  const waits = await measureInTurns(
    {
      acks: async () => (await door.send({ mode: 'open', rate, connections, seconds })).p99,
      floor: async () => (await door.sendToFloor({ mode: 'open', rate, connections, seconds })).p99,
    },
    steps,
  );
  const b1 = 'B1: bare Fastify route that checks an HMAC over the same body and stores nothing';
  const claim = { target: 'T1', what: `${what}: rate`, samples: rates };
  const rows = [
    judgeRatio({ ...claim, baseline: b1 }, divideRounds(rates.acks, rates.floor), { atLeast: 0.35 }),
    judgeRatio({ ...claim, baseline: inserts.name }, divideRounds(rates.acks, rates.inserts), { atLeast: 2 }),
    judgeRatio(
      {
        target: 'T1',
        what: `${what}: p99 at ${rate} a second`,
        baseline: `${b1}, p99 at the same rate`,
        samples: waits,
      },
      divideRounds(waits.acks, waits.floor),
      { atMost: 3 },
    ),
  ];
  const fault = (await findDurabilityFault(program.admin)) ?? door.fault;
  return fault === null ? rows : voidRows(rows, `Void: ${fault}.`);
}

type Phase = Pick<LoadPlan, 'mode' | 'connections' | 'seconds' | 'rate'>;

/** Sends phases of events, and holds what was acknowledged against what was stored. */
class AckDoor {
  readonly #context: BenchContext;
  readonly #program: BenchProgram;
  readonly #floorPort: number;
  #number = 0;
  /** The first thing that makes the figures worthless. */
  fault: string | null = null;

  constructor(context: BenchContext, program: BenchProgram, floorPort: number) {
    this.#context = context;
    this.#program = program;
    this.#floorPort = floorPort;
  }

  takeNumber(): number {
    this.#number += 1;
    return this.#number;
  }

  async send(phase: Phase): Promise<LoadResult> {
    const prefix = `ack${this.takeNumber()}`;
    const { port, token, admin } = this.#program;
    const result = await runLoad(this.#context.scope, {
      ...phase,
      port,
      token,
      warmupSeconds: 1,
      events: { path: '/api/v1/events', prefix, bytes, secret },
    });
    this.fault ??= findAckFault(result, await countStored(admin, prefix));
    this.#checkFailures(result);
    await emptyInbox(admin);
    return result;
  }

  async sendToFloor(phase: Phase): Promise<LoadResult> {
    const result = await runLoad(this.#context.scope, {
      ...phase,
      port: this.#floorPort,
      warmupSeconds: 1,
      events: { path: '/events', prefix: `floor${this.takeNumber()}`, bytes, secret },
    });
    this.#checkFailures(result);
    return result;
  }

  #checkFailures(result: LoadResult): void {
    if (result.failed > 0) this.fault ??= `${result.failed} requests failed: ${result.firstFailure ?? ''}`;
  }
}
