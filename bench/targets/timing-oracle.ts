import { createAccount } from '@devpulse/server/accounts/create-account';
import { hashPassword } from '@devpulse/server/accounts/hash-password';
import { makeToken } from '@devpulse/server/tokens/token-format';
import { HttpConnection } from '../method/http-connection.ts';
import { type BenchProgram, openProgram } from '../method/open-program.ts';
import { rankSumP } from '../method/rank-sum.ts';
import { median } from '../method/statistics.ts';
import { type BenchContext, type BenchTarget, bySize } from '../method/target.ts';
import { formatFigure, type Row } from '../method/verdict.ts';

/** F31 and F38: whether the time of a refusal tells what is known here. */
export const timingOracle: BenchTarget = { id: 'F38', title: 'What refusals tell by their time', run: measureRefusals };

const leastP = 0.01;

async function measureRefusals(context: BenchContext): Promise<Row[]> {
  const program = await openProgram(context.scope, ['--roles', 'api'], { DEVPULSE_LIMITS: 'off' });
  const connection = await HttpConnection.open(program.port);
  context.scope.defer(() => connection.close());
  const asks = await makeAsks(program);
  const rows: Row[] = [];
  for (const { what, known, unknown, isFast } of asks) {
    const pairs = bySize(context, { quick: isFast ? 2_000 : 200, default: 10_000 });
    context.say(`${what}: ${pairs} pairs`);
    const times = await measurePairs(program, connection, { known, unknown, pairs });
    rows.push(judge(what, times));
  }
  return rows;
}

interface Ask {
  what: string;
  known: () => Buffer;
  unknown: () => Buffer;
  isFast: boolean;
}

async function makeAsks({ store, admin, port, token }: BenchProgram): Promise<Ask[]> {
  const passwordHash = await hashPassword('the password of nobody else');
  await createAccount(store.app, { name: 'Known', email: 'known@example.org', confirmed: true, passwordHash });
  const post = (email: string): Buffer => {
    const body = JSON.stringify({ email, password: 'a wrong password' });
    return Buffer.from(
      `POST /api/v1/session HTTP/1.1\r\nhost: localhost:${port}\r\nsec-fetch-site: same-origin\r\n` +
        `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
  };
  const get = (bearer: string): Buffer =>
    Buffer.from(`GET /api/v1/me HTTP/1.1\r\nhost: localhost:${port}\r\nauthorization: Bearer ${bearer}\r\n\r\n`);
  // Its hash stays in the store.
  await admin.query('update account_tokens set revoked_at = now()');
  return [
    {
      what: 'A token that was revoked, beside one that never was',
      known: () => get(token),
      unknown: () => get(makeToken()),
      isFast: true,
    },
    {
      what: 'A wrong password of an account, beside that of nobody',
      known: () => post('known@example.org'),
      unknown: () => post('other@example.org'),
      isFast: false,
    },
  ];
}

/** Milliseconds of each; which of a pair comes first is drawn by lot, so that no drift of the machine falls on one of them. */
async function measurePairs(
  { admin }: BenchProgram,
  connection: HttpConnection,
  asked: Pick<Ask, 'known' | 'unknown'> & { pairs: number },
): Promise<{ known: number[]; unknown: number[] }> {
  const times: { known: number[]; unknown: number[] } = { known: [], unknown: [] };
  const time = async (way: 'known' | 'unknown'): Promise<void> => {
    const request = asked[way]();
    const began = performance.now();
    const { status } = await connection.send(request);
    const took = performance.now() - began;
    if (status !== 401) throw new Error(`a refusal answers ${status}`);
    times[way].push(took);
  };
  for (let pair = 0; pair < asked.pairs; pair += 1) {
    // Attempts to sign in are limited whatever the settings say.
    if (pair % 4 === 0) await admin.query('delete from limit_buckets');
    const ways = Math.random() < 0.5 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const);
    for (const way of ways) await time(way);
  }
  return times;
}

function judge(what: string, { known, unknown }: { known: number[]; unknown: number[] }): Row {
  const ratio = median(known) / median(unknown);
  const p = rankSumP(known, unknown);
  return {
    target: 'F38',
    what: `${what}: ${known.length} refusals of each`,
    wanted: `p > ${leastP}`,
    figure: `p = ${p.toPrecision(2)}, medians ${formatFigure(ratio)} ×`,
    value: p,
    spread: null,
    verdict: p > leastP ? 'pass' : 'miss',
    baseline: 'the same refusal of what was never there, drawn by lot in the same run',
  };
}
