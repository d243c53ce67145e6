import { sql } from 'kysely';
import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '@devpulse/contract/errors';
import type { App, ServerDeps } from '../deps.ts';
import { registerFaultRoutes } from '../faults/routes.ts';
import { registerHealthDetailRoute, registerHealthRoutes } from '../health/routes.ts';
import { runJob } from '../jobs/run-job.ts';
import { defineJob } from '../jobs/job.ts';
import type { Workers } from '../jobs/workers.ts';
import { SourceKeeper } from '../sources/source-keeper.ts';
import { openTestApi, type TestApi } from '../testing/open-test-api.ts';
import { makeToken } from '../tokens/token-format.ts';

const jwt = `eyJhbGciOiJFZERTQSJ9.${'eyJzdWIiOiJjYW5hcnkifQ'.repeat(4)}.c2lnbmF0dXJl-canary_signature`;

/** Texts as they turn up in messages, each with the part of it that nobody may ever read. */
const planted: Record<string, { text: string; secret: string }> = {
  'API token': plant(makeToken()),
  'refresh token': plant(makeToken('refresh')),
  'access token': plant(jwt),
  'session cookie': plant('CanarySession0123456789abcdefghijklmnopqrstu', 'devpulse_session=%'),
  'cookie with its prefix': plant('CanaryPrefixed0123456789abcdefghijklmnopqrst', '__Host-devpulse_session=%; Path=/'),
  'GitHub token of a person': plant('ghp_CanaryClassic0123456789abcdefghijABCD'),
  'GitHub OAuth token': plant('gho_CanaryOauth0123456789abcdefghijABCDEF'),
  'GitHub installation token, old': plant('ghs_CanaryInstallation0123456789abcdefghi'),
  'GitHub installation token, new': plant(`ghs_1234567_${jwt}`),
  'GitHub refresh token': plant(`ghr_${'CanaryRefresh'.repeat(5)}`),
  'fine-grained GitHub token': plant(`github_pat_11CANARY_${'CanaryFine'.repeat(5)}`),
  password: plant('CanaryPassword1', 'password=%'),
  'database address': plant('CanaryDatabase2', 'postgres://devpulse:%@db.example.org:5432/devpulse'),
  'database address, whole': plant('CanaryDatabase3', 'DATABASE_URL=postgres://devpulse:%@db/devpulse'),
  'mail address of a server': plant('CanarySmtp4', 'smtps://mailer:%@mail.example.org:465'),
  'mail server, whole': plant('CanarySmtp5', 'SMTP_URL=smtp://mailer:%@mail'),
  'git remote': plant('CanaryRemote6', 'fatal: unable to access https://x-access-token:%@github.com/a/b.git/'),
  'two-factor address': plant('CANARYTOTP234567', 'otpauth://totp/DevPulse:ada?secret=%&issuer=DevPulse'),
  'master key': plant('Q2FuYXJ5TWFzdGVyS2V5MDEyMzQ1Njc4OWFiY2RlZmc=', 'DEVPULSE_KEY=%'),
  'link of the owner': plant('CanaryOwner0123456789abcdefghijklmnopqrstuv', 'http://localhost:3000/setup#%'),
  'link of an invitation': plant('CanaryInvite0123456789abcdefghijklmnopqrstu', 'http://localhost:3000/join#%'),
  'answer of GitHub to a browser': plant('CanaryCode0123456789', 'GET /callback/github?code=%&state=x'),
  'basic authorization': plant('Y2FuYXJ5OmNhbmFyeQ==', 'Basic %'),
};
/** Members of an object, known by their name alone. */
const members: Record<string, string> = {
  password: 'CanaryMember01',
  currentPassword: 'CanaryMember02',
  client_secret: 'CanaryMember03',
  refreshToken: 'CanaryMember04',
  access_token: 'CanaryMember05',
  totpSecret: 'CanaryMember06',
  backupCodes: 'CanaryMember07',
  recovery_codes: 'CanaryMember08',
  Authorization: 'CanaryMember09',
  'set-cookie': 'CanaryMember10',
  DATABASE_URL: 'CanaryMember11',
  SMTP_URL: 'CanaryMember12',
  apiKey: 'CanaryMember13',
  private_key: 'CanaryMember14',
  user_code: 'CanaryMember15',
};

function plant(secret: string, text = '%'): { text: string; secret: string } {
  return { text: text.replace('%', secret), secret };
}

const everything = Object.values(planted)
  .map(({ text }) => text)
  .join(' and ');

let api: TestApi;

/** Everything that breaks, with the secrets in whatever it says. */
function registerTraps(app: App, { log }: ServerDeps): void {
  const config = { permission: 'public' } as const;
  const schema = (operationId: string) => ({
    operationId,
    tags: ['test'],
    summary: 'A trap',
    response: { 204: z.null() },
  });
  app.get('/trap/thrown', {
    config,
    schema: schema('thrown'),
    handler: () => {
      throw Object.assign(new Error(everything, { cause: new Error(`caused by ${everything}`) }), members, {
        config: { headers: members, url: everything },
      });
    },
  });
  app.get('/trap/object', {
    config,
    schema: schema('object'),
    handler: () => {
      // oxlint-disable-next-line typescript/only-throw-error -- what others throw is not always an error
      throw { message: everything, ...members, nested: [{ members }] };
    },
  });
  app.get('/trap/known', {
    config,
    schema: schema('known'),
    handler: () => {
      throw new AppError('internal', 'A fault of ours.', {
        cause: new AggregateError([new Error(everything)], everything),
      });
    },
  });
  app.post('/trap/logged', {
    config,
    schema: { ...schema('logged'), body: z.unknown() },
    handler: async (request, reply) => {
      request.log.info({ body: request.body, headers: request.headers, url: request.url }, everything);
      log.error({ members, text: JSON.stringify({ inner: JSON.stringify(members) }) }, 'told');
      return reply.code(204).send(null);
    },
  });
}

const answers: string[] = [];

beforeAll(async () => {
  api = await openTestApi({
    areas: [registerTraps, registerHealthRoutes, registerHealthDetailRoute, registerFaultRoutes],
    deps: () => ({
      readiness: [
        {
          part: 'queue',
          check: () => {
            throw new Error(everything);
          },
        },
      ],
    }),
  });
  const ask = async (request: Parameters<TestApi['ask']>[0]): Promise<string> => {
    const answer = await api.ask(request);
    answers.push(JSON.stringify(answer.headers), answer.body);
    return answer.body;
  };
  for (const url of ['/trap/thrown', '/trap/object', '/trap/known', '/readyz', '/api/v1/health'])
    await ask({ url: `${url}${url.startsWith('/trap') ? `?${new URLSearchParams(members).toString()}` : ''}` });
  for (const { text } of Object.values(planted)) {
    await ask({
      method: 'POST',
      url: '/trap/logged',
      payload: { note: text, ...members },
      headers: { 'x-api-key': 'CanaryHeader1' },
    });
    await ask({ url: `/trap/nowhere?q=${encodeURIComponent(text)}` });
    // A body that is cut off is quoted by whoever cannot read it.
    await ask({
      method: 'POST',
      url: '/trap/logged',
      payload: `{"password": "${text}`,
      headers: { 'content-type': 'application/json' },
    });
  }
  await failJob();
  await failSource();
  await api.faults.flush();
  const faults = JSON.parse(await ask({ url: '/api/v1/faults' })) as { faults: { id: string }[] };
  expect(faults.faults.length).toBeGreaterThan(2);
  for (const { id } of faults.faults) await ask({ url: `/api/v1/faults/${id}` });
});
afterAll(() => api.close());

async function failJob(): Promise<void> {
  const job = defineJob({
    name: 'trap',
    title: 'Fails',
    payload: z.object({}),
    run: () => Promise.reject(new Error(everything)),
  });
  const workers = { ...api.deps, logger: api.deps.log, now: () => new Date() } as unknown as Workers;
  await expect(runJob(workers, job, {}, new AbortController().signal)).rejects.toThrow('db.example.org');
}

async function failSource(): Promise<void> {
  const { store, workspaceId } = api;
  const sourceId = '00000000-0000-7000-8000-0000000000aa';
  await store.inWorkspace(workspaceId, (trx) =>
    sql`insert into sources (workspace_id, id, connector, natural_key, name, settings, lease_owner, lease_until)
        values (${workspaceId}, ${sourceId}, 'plain', 'x', 'x', '{}', 'me', now() + interval '1 minute')`.execute(trx),
  );
  const keeper = new SourceKeeper({ store, log: () => undefined, workspaceId, sourceId, owner: 'me' });
  await keeper.begin();
  await keeper.end({ state: 'failed', error: { code: 'failed', message: everything } });
}

/** What the store has of it all, as a dump would show it. */
async function readStore(): Promise<string[]> {
  const texts: string[] = [];
  for (const table of ['job_runs', 'faults', 'fault_occurrences']) {
    const { rows } = await sql<{ text: string }>`select t::text as text from ${sql.table(table)} t`.execute(
      api.store.app,
    );
    expect(rows.length, table).toBeGreaterThan(0);
    texts.push(...rows.map((row) => row.text));
  }
  const { rows } = await api.store.inWorkspace(api.workspaceId, (trx) =>
    sql<{ text: string }>`select last_error::text as text from sources`.execute(trx),
  );
  return [...texts, ...rows.map((row) => row.text)];
}

describe('a secret that was planted', () => {
  it.each(Object.entries(planted))(
    'is not found in logs, answers, faults, health or the store: %s',
    async (_name, { secret }) => {
      const shown = answers.filter((answer) => answer.includes(secret));
      expect(shown).toEqual([]);
      expect(api.lines.filter((line) => line.includes(secret))).toEqual([]);
      expect((await readStore()).filter((text) => text.includes(secret))).toEqual([]);
    },
  );

  it('is known by the name of its member alone', async () => {
    const everywhere = [...answers, ...api.lines, ...(await readStore())];
    for (const [name, secret] of [...Object.entries(members), ['x-api-key', 'CanaryHeader1']])
      expect(
        everywhere.filter((text) => text.includes(secret ?? '')),
        name,
      ).toEqual([]);
  });

  it('would have been found: what is no secret is there', async () => {
    // The traps did spring, and what they said was written down.
    expect(api.lines.filter((line) => line.includes('db.example.org')).length).toBeGreaterThan(5);
    expect((await readStore()).filter((text) => text.includes('db.example.org')).length).toBeGreaterThan(2);
    expect(answers.some((answer) => answer.includes('db.example.org'))).toBe(true);
  });
});
