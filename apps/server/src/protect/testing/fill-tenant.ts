import { sql } from 'kysely';
import type { CommitFact, Fact } from '@devpulse/contract/facts';
import { newId, stableId } from '@devpulse/db/ids';
import { identityKey } from '@devpulse/pipeline/derive/shape-identities';
import { rollUp } from '@devpulse/pipeline/rollup/roll-up';
import { createAccount } from '../../accounts/create-account.ts';
import { hashPassword } from '../../accounts/hash-password.ts';
import { openSession } from '../../accounts/open-session.ts';
import { addFacts } from '../../testing/add-facts.ts';
import type { TestApi } from '../../testing/open-test-api.ts';

/** A workspace with something of everything in it, each of its texts marked as its own. */
export interface Tenant {
  workspaceId: string;
  ownerId: string;
  /** Stands in every name, address and subject of this workspace, and nowhere else. */
  mark: string;
  /** Stands in the name and the address of its owner's account, which belongs to no workspace. */
  accountMark: string;
  token: string;
  cookie: string;
  accountId: string;
  email: string;
  /** An id of each kind that no table of the workspace gives away. */
  made: Readonly<Record<string, string>>;
}

export const tenantPassword = 'a password for tests alone';

/** Fills a workspace as its owner would: through the pipeline and through the API. */
export async function fillTenant(
  api: TestApi,
  ids: { workspaceId: string; ownerId: string },
  mark: string,
): Promise<Tenant> {
  const accountMark = `account-${mark.split('-')[0]}`;
  const email = `${accountMark}@example.org`;
  const accountId = await giveAccount(api, ids, { mark: accountMark, email });
  const token = await api.tokenFor(undefined, ids);
  const tenant = {
    ...ids,
    mark,
    accountMark,
    email,
    accountId,
    token,
    cookie: await openCookie(api, { ...ids, accountId }),
    made: {},
  };
  await addHistory(api, tenant);
  await addRawEvents(api, tenant);
  await addSource(api, tenant);
  await addConnection(api, tenant);
  const made = await addByApi(api, tenant);
  await rollUp({ store: api.store, metrics: api.deps.metrics }, ids.workspaceId);
  return { ...tenant, made };
}

/** A new session of the tenant's owner. */
export async function openCookie(
  { store }: TestApi,
  { accountId, workspaceId }: Pick<Tenant, 'accountId' | 'workspaceId'>,
): Promise<string> {
  return `devpulse_session=${await openSession({ db: store.app, accountId, workspaceId, agent: 'test' })}`;
}

async function giveAccount(
  { store }: TestApi,
  { workspaceId, ownerId }: { workspaceId: string; ownerId: string },
  { mark, email }: { mark: string; email: string },
): Promise<string> {
  const passwordHash = await hashPassword(tenantPassword);
  const wish = { name: mark, email, confirmed: true, passwordHash };
  return store.inWorkspace(workspaceId, async (trx) => {
    const accountId = await createAccount(trx, wish);
    await sql`insert into account_members (workspace_id, account_id, person_id)
              values (${workspaceId}, ${accountId}, ${ownerId})`.execute(trx);
    await sql`update workspaces set kind = 'team' where id = ${workspaceId}`.execute(trx);
    return accountId;
  });
}

type Body = Record<string, unknown>;

async function addByApi(api: TestApi, tenant: Omit<Tenant, 'made'>): Promise<Record<string, string>> {
  const { mark, ownerId: personId } = tenant;
  const send = sender(api, tenant.cookie);
  await send('PATCH', '/api/v1/workspace', { name: `${mark} workspace`, slug: `slug-of-${mark.split('-')[0]}` });
  await send('PATCH', `/api/v1/people/${personId}`, { name: `${mark} owner` });
  const rule = { field: 'name', pattern: `${mark} robot*`, kind: 'automation', reason: `${mark} said so` };
  await send('POST', '/api/v1/kind-rules', rule);
  const holidays = [{ day: '2026-12-24', name: `${mark} holiday` }];
  await send('POST', '/api/v1/me/holidays', { holidays });
  await send('POST', '/api/v1/calendar/holidays', { holidays });
  await send('PATCH', '/api/v1/me/profile', { bio: `${mark} bio` });
  const identityIds = [identityOf(tenant, 'one')];
  await send('POST', `/api/v1/people/${personId}/identities`, { identityIds, reason: `${mark} reason` });
  const team = await send('POST', '/api/v1/teams', { name: `${mark} team` });
  const teamId = String(team['id']);
  const stay = await send('POST', `/api/v1/teams/${teamId}/stays`, { personId });
  const invitation = await send('POST', '/api/v1/invitations', { kind: 'link', role: 'member' });
  const { id: invitationId } = invitation['invitation'] as { id: string };
  const transfer = await send('POST', '/api/v1/exports', { scope: 'mine' });
  const imported = await send('POST', '/api/v1/imports', { bytes: 10 });
  const paired = await send('POST', '/api/v1/devices/pairings', { name: `${tenant.accountMark} device` });
  await send('POST', '/api/v1/devices/pairings/approve', { userCode: paired['userCode'] });
  const tokens = await send('POST', '/api/v1/devices/tokens', { deviceCode: paired['deviceCode'] });
  return {
    teams: teamId,
    stays: (stay['stays'] as { id: string }[])[0]?.id ?? '',
    invitations: invitationId,
    exports: String(transfer['id']),
    imports: String(imported['id']),
    accessToken: String(tokens['accessToken']),
    refreshToken: String(tokens['refreshToken']),
  };
}

function sender(api: TestApi, cookie: string) {
  return async (method: 'POST' | 'PATCH', url: string, payload: object): Promise<Body> => {
    const headers = { cookie, 'sec-fetch-site': 'same-origin' };
    const answer = await api.app.inject({ method, url, payload, headers });
    if (answer.statusCode >= 300) throw new Error(`${method} ${url} answers ${answer.statusCode}: ${answer.body}`);
    return answer.body === '' ? {} : answer.json<Body>();
  };
}

function authorOf({ mark }: { mark: string }, who: string) {
  return { name: `${mark} ${who}`, email: `${who}@${mark}.example.org` };
}

function identityOf(tenant: { workspaceId: string; mark: string }, who: string): string {
  return stableId('identity', tenant.workspaceId, 'plain', identityKey(authorOf(tenant, who)));
}

async function addHistory({ store }: TestApi, tenant: { workspaceId: string; mark: string }): Promise<void> {
  const commits = ['one', 'two', 'one'].map((who, index) => commitOf(tenant, who, index));
  const repository = `${tenant.mark} repository`;
  const facts: Fact[] = [
    ...commits,
    {
      fact: 'repository',
      key: repository,
      name: repository,
      url: null,
      defaultBranch: null,
      state: 'active',
      observedAt: '2026-01-01T00:00:00.000Z',
    },
    { fact: 'reach', repository, snapshot: 1, reachable: true, shas: commits.map((commit) => commit.sha) },
  ];
  await addFacts(store, { workspaceId: tenant.workspaceId, source: 'plain' }, facts);
}

function commitOf(tenant: { mark: string }, who: string, index: number): CommitFact {
  const author = authorOf(tenant, who);
  const at = new Date(Date.now() - (index + 1) * 86_400_000).toISOString();
  return {
    fact: 'commit',
    sha: (index + 1).toString(16).padStart(40, '0'),
    author,
    authoredAt: at,
    authoredOffsetMinutes: 0,
    committer: author,
    committedAt: at,
    committedOffsetMinutes: 0,
    parents: [],
    subject: `${tenant.mark} subject ${index}`,
    coAuthors: [],
    files: [],
    fidelity: 30,
  };
}

async function addRawEvents(api: TestApi, { workspaceId, mark }: { workspaceId: string; mark: string }): Promise<void> {
  const row = (key: string) => ({
    workspaceId,
    source: 'plain',
    key: `${mark}-${key}`,
    kind: 'facts',
    arrival: 'push' as const,
    body: Buffer.from(JSON.stringify([`${mark} body`])),
  });
  await api.deps.capture.add([row('waiting'), row('dead')]);
  await api.store.inWorkspace(workspaceId, (trx) =>
    sql`update raw_events set state = 'dead', reason = 'malformed', detail = ${`${mark} detail`}
        where item_key = ${`${mark}-dead`}`.execute(trx),
  );
}

/** As somebody's own GitHub account would be, with what it reaches; its token was never there. */
async function addConnection(
  { store }: TestApi,
  { workspaceId, ownerId, mark }: { workspaceId: string; ownerId: string; mark: string },
): Promise<void> {
  const id = newId();
  const number = String(Number.parseInt(workspaceId.slice(-6), 16) + 1);
  const owner = { workspace_id: workspaceId, connection_id: id };
  await store.inWorkspace(workspaceId, async (trx) => {
    await trx
      .insertInto('connections')
      .values({
        workspace_id: workspaceId,
        id,
        kind: 'token',
        form: 'classic',
        host: '127.0.0.1',
        account_number: number,
        login: `${mark} login`,
        person_id: ownerId,
        state: 'ok',
      })
      .execute();
    await trx
      .insertInto('connection_organisations')
      .values({ ...owner, number, login: `${mark} guild` })
      .execute();
    await trx
      .insertInto('connection_repositories')
      .values({
        ...owner,
        number,
        full_name: `${mark}/repository`,
        owner_number: number,
        owner_login: `${mark} guild`,
        is_private: true,
        is_fork: false,
        is_archived: false,
      })
      .execute();
  });
}

async function addSource(
  { store }: TestApi,
  { workspaceId, mark }: { workspaceId: string; mark: string },
): Promise<void> {
  await store.inWorkspace(workspaceId, (trx) =>
    trx
      .insertInto('sources')
      .values({
        workspace_id: workspaceId,
        id: newId(),
        connector: 'plain',
        natural_key: `/${mark}`,
        name: `${mark} source`,
        settings: '{}',
        state: 'ok',
        last_checked_at: new Date(),
      })
      .execute(),
  );
}
