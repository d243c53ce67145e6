import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { HttpConnection } from './http-connection.ts';
import { makeRequests, type NumberedRequest } from './load-requests.ts';
import type { LoadPlan, LoadResult } from './load-plan.ts';
import { quantile } from './statistics.ts';

/** A process of its own: the thing measured must not share its thread with the one who measures. */
class LoadRun {
  readonly #plan: LoadPlan;
  /** What an answer must say for its event to count as taken in. */
  readonly #promise: string;
  readonly #next: () => NumberedRequest | null;
  readonly #begin: number;
  readonly #countFrom: number;
  readonly #end: number;
  readonly #latencies: number[] = [];
  readonly #stamps: number[] = [];
  #sent = 0;
  #acked = 0;
  #ackedSum = 0;
  #counted = 0;
  #failed = 0;
  #firstFailure: string | null = null;

  constructor(plan: LoadPlan, next: () => NumberedRequest | null) {
    this.#plan = plan;
    this.#promise = plan.events?.asDeliveries === true ? '"taken":true' : '"accepted":1';
    this.#next = next;
    this.#begin = performance.now();
    this.#countFrom = this.#begin + plan.warmupSeconds * 1000;
    this.#end = this.#countFrom + plan.seconds * 1000;
  }

  async run(): Promise<LoadResult> {
    const connections = await Promise.all(
      Array.from({ length: this.#plan.connections }, () => HttpConnection.open(this.#plan.port)),
    );
    if (this.#plan.mode === 'closed') await Promise.all(connections.map((connection) => this.#runClosed(connection)));
    else await this.#runOpen(connections);
    for (const connection of connections) connection.close();
    return this.#sumUp();
  }

  async #runClosed(connection: HttpConnection): Promise<void> {
    while (performance.now() < this.#end) {
      const request = this.#next();
      if (request === null) return;
      if (!(await this.#exchange(connection, request, performance.now()))) return;
    }
  }

  async #runOpen(connections: HttpConnection[]): Promise<void> {
    const idle = [...connections];
    const due: { request: NumberedRequest; intended: number }[] = [];
    const underWay = new Set<Promise<unknown>>();
    const intervalMs = 1000 / (this.#plan.rate ?? 1);
    const pump = (): void => {
      while (due.length > 0 && idle.length > 0) {
        const { request, intended } = due.shift() as (typeof due)[number];
        const connection = idle.pop() as HttpConnection;
        const exchange = async (): Promise<void> => {
          if (await this.#exchange(connection, request, intended)) idle.push(connection);
          underWay.delete(work);
          pump();
        };
        const work: Promise<void> = exchange();
        underWay.add(work);
      }
    };
    let count = 0;
    for (let over = false; !over;) {
      const now = performance.now();
      for (; this.#begin + count * intervalMs <= now; count += 1) {
        const intended = this.#begin + count * intervalMs;
        const request = intended < this.#end ? this.#next() : null;
        over = request === null;
        if (request === null) break;
        due.push({ request, intended });
      }
      pump();
      if (!over)
        await new Promise((resolve) =>
          setTimeout(resolve, Math.max(0, this.#begin + count * intervalMs - performance.now())),
        );
    }
    while (underWay.size > 0) await Promise.all(underWay);
    this.#failed += due.length;
  }

  /** False when the connection is of no more use. */
  async #exchange(connection: HttpConnection, request: NumberedRequest, intended: number): Promise<boolean> {
    this.#sent += 1;
    try {
      const answer = await connection.send(request.bytes);
      const now = performance.now();
      if (answer.status < 200 || answer.status > 299) this.#fail(`${answer.status} ${answer.body.slice(0, 200)}`);
      else if (request.number !== null && !answer.body.includes(this.#promise)) this.#fail(answer.body.slice(0, 200));
      else this.#count(request, intended, now);
      return true;
    } catch (error) {
      this.#fail((error as Error).message);
      return false;
    }
  }

  #count(request: NumberedRequest, intended: number, now: number): void {
    this.#acked += 1;
    this.#ackedSum += request.number ?? 0;
    if (this.#plan.stamps === true) this.#stamps.push(performance.timeOrigin + now);
    if (intended < this.#countFrom) return;
    this.#latencies.push(now - intended);
    if (now <= this.#end) this.#counted += 1;
  }

  #fail(why: string): void {
    this.#failed += 1;
    this.#firstFailure ??= why;
  }

  #sumUp(): LoadResult {
    const seconds = (Math.min(performance.now(), this.#end) - this.#countFrom) / 1000;
    const found = this.#latencies.length > 0 ? this.#latencies : [Number.NaN];
    return {
      sent: this.#sent,
      acked: this.#acked,
      ackedSum: this.#ackedSum,
      failed: this.#failed,
      firstFailure: this.#firstFailure,
      rate: this.#counted / seconds,
      p50: quantile(found, 0.5),
      p99: quantile(found, 0.99),
      max: found.reduce((most, one) => Math.max(most, one), 0),
      ...(this.#plan.stamps === true ? { stamps: this.#stamps } : {}),
    };
  }
}

const plan = JSON.parse(await text(process.stdin)) as LoadPlan;
const bodies = plan.bodiesFile === undefined ? null : (JSON.parse(readFileSync(plan.bodiesFile, 'utf8')) as string[]);
const result = await new LoadRun(plan, makeRequests(plan, bodies, randomBytes(512 * 1024).toString('hex'))).run();
process.stdout.write(JSON.stringify(result));
