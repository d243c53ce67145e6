import { sql } from 'kysely';
import { newId } from '@devpulse/db/ids';
import { createAccount } from '../../accounts/create-account.ts';
import { makeOwnerLink } from '../../accounts/owner-link.ts';
import { openCookie, type Tenant, tenantPassword } from './fill-tenant.ts';
import type { TwoTenants } from './two-tenants.ts';

/** What has to be asked for so that an operation succeeds; what is left out is made from the schema. */
interface Asking {
  /** Ids by place. */
  path?: Record<string, string>;
  query?: Record<string, string>;
  payload?: unknown;
  headers?: Record<string, string>;
  cookie?: string;
}

/** Sees to it that an operation can succeed, and says how to ask. */
export type HappyPath = (world: TwoTenants) => Promise<Asking>;

type Body = Record<string, unknown>;

async function send(world: TwoTenants, what: string, payload?: object, by?: Tenant): Promise<Body> {
  const [method, url] = what.split(' ') as ['GET' | 'POST', string];
  const cookie = await openCookie(world.api, by ?? world.own);
  const headers = { cookie, 'sec-fetch-site': 'same-origin' };
  const answer = await world.api.app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
  if (answer.statusCode >= 300) throw new Error(`${what} answers ${answer.statusCode}: ${answer.body}`);
  return answer.body === '' ? {} : answer.json<Body>();
}

/** Another member of the workspace, of whom things can be said and done. */
async function addMember({ api, own }: TwoTenants, role: 'member' | 'owner'): Promise<string> {
  const id = newId();
  await api.store.inWorkspace(own.workspaceId, async (trx) => {
    await trx.insertInto('people').values({ workspace_id: own.workspaceId, id, name: 'Another' }).execute();
    await trx.insertInto('people_members').values({ workspace_id: own.workspaceId, person_id: id, role }).execute();
  });
  return id;
}

/** The id of a session beside the one that asks. */
async function openAnother(world: TwoTenants): Promise<string> {
  await openCookie(world.api, world.own);
  const { sessions } = (await send(world, 'GET /api/v1/me/sessions')) as {
    sessions: { id: string; current: boolean }[];
  };
  return sessions.find((each) => !each.current)?.id ?? '';
}

async function askForPairing(world: TwoTenants): Promise<{ deviceCode: string; userCode: string }> {
  const { deviceCode, userCode } = await send(world, 'POST /api/v1/devices/pairings', { name: 'A device' });
  return { deviceCode: String(deviceCode), userCode: String(userCode) };
}

async function approve(world: TwoTenants): Promise<string> {
  const { deviceCode, userCode } = await askForPairing(world);
  await send(world, 'POST /api/v1/devices/pairings/approve', { userCode });
  return deviceCode;
}

async function pair(world: TwoTenants): Promise<{ deviceId: string; refreshToken: string }> {
  const paired = await send(world, 'POST /api/v1/devices/tokens', { deviceCode: await approve(world) });
  return { deviceId: String(paired['deviceId']), refreshToken: String(paired['refreshToken']) };
}

async function invite(world: TwoTenants, by: Tenant): Promise<{ secret: string; id: string }> {
  const sent = await send(world, 'POST /api/v1/invitations', { kind: 'link', role: 'member' }, by);
  return { secret: String(sent['link']).split('#')[1] ?? '', id: (sent['invitation'] as { id: string }).id };
}

async function recordFault({ api }: TwoTenants): Promise<string> {
  api.faults.record({ error: new Error(`on purpose ${newId()}`), origin: 'the test' });
  await api.faults.flush();
  const { body } = await api.ask({ url: '/api/v1/faults' });
  return (JSON.parse(body) as { faults: { id: string }[] }).faults[0]?.id ?? '';
}

async function addTeam(world: TwoTenants): Promise<{ teams: string; stays: string }> {
  const personId = await addMember(world, 'member');
  const team = await send(world, 'POST /api/v1/teams', { name: `Team ${newId()}` });
  const { stays } = (await send(world, `POST /api/v1/teams/${String(team['id'])}/stays`, { personId })) as {
    stays: { id: string }[];
  };
  return { teams: String(team['id']), stays: stays[0]?.id ?? '' };
}

// The smallest picture there is: one grey dot.
const picture = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==';

/** The number of the one repository that the tenant's connection reaches, which reads again. */
async function numberOf({ api, own }: TwoTenants): Promise<string> {
  const { rows } = await api.store.inWorkspace(own.workspaceId, async (trx) => {
    await sql`update connections set state = 'ok' where workspace_id = ${own.workspaceId}`.execute(trx);
    return sql<{
      number: string;
    }>`select number from connection_repositories where workspace_id = ${own.workspaceId}`.execute(trx);
  });
  return rows[0]?.number ?? '';
}

const withPassword: HappyPath = async () => ({ payload: { password: tenantPassword } });

/** By operation. */
export const happyPaths: Readonly<Record<string, HappyPath>> = {
  signIn: async ({ own }) => ({ payload: { email: own.email, password: tenantPassword } }),
  setUp: async ({ api }) => {
    const { url } = await makeOwnerLink(api.store, 'http://localhost');
    const who = { name: 'Somebody', email: `${newId().slice(-8)}@example.org`, zone: 'UTC', weekStart: 1 };
    return { payload: { token: url.split('#')[1] ?? '', password: tenantPassword, ...who }, cookie: '' };
  },
  changePassword: async () => ({ payload: { current: tenantPassword, password: tenantPassword } }),
  changeEmail: async ({ own }) => ({ payload: { email: own.email, password: tenantPassword } }),
  startTwoFactor: withPassword,
  stopTwoFactor: withPassword,
  eraseSource: async ({ api, own }) => {
    const id = newId();
    const source = {
      workspace_id: own.workspaceId,
      id,
      connector: 'git',
      natural_key: `/${id}`,
      name: 'Erased',
      settings: '{}',
    };
    await api.store.inWorkspace(own.workspaceId, (trx) => trx.insertInto('sources').values(source).execute());
    return { path: { sources: id }, payload: { name: 'Erased' } };
  },
  watchRepositories: async (world) => ({ payload: { numbers: [await numberOf(world)] } }),
  unwatchRepositories: async (world) => ({ payload: { numbers: [await numberOf(world)] } }),
  includeOrganisation: async () => ({ payload: { included: true } }),
  eraseConnection: async (world) => {
    const id = newId();
    const connection = {
      kind: 'token',
      form: 'classic',
      host: '127.0.0.1',
      account_number: '9',
      login: 'erased',
    } as const;
    await world.api.store.inWorkspace(world.own.workspaceId, (trx) =>
      trx
        .insertInto('connections')
        .values({ workspace_id: world.own.workspaceId, id, ...connection })
        .execute(),
    );
    return { path: { connections: id }, payload: { login: 'erased' } };
  },
  checkConnection: async ({ api, own }) => {
    // Found dead already, which GitHub need not be asked about.
    await api.store.inWorkspace(own.workspaceId, (trx) =>
      sql`update connections set state = 'dead' where workspace_id = ${own.workspaceId} and state = 'ok'`.execute(trx),
    );
    return {};
  },
  endSession: async (world) => ({ path: { sessions: await openAnother(world) } }),
  renameSession: async (world) => ({ path: { sessions: await openAnother(world) } }),
  renameDevice: async (world) => ({ path: { devices: (await pair(world)).deviceId } }),
  revokeDevice: async (world) => ({ path: { devices: (await pair(world)).deviceId } }),
  claimPairing: async (world) => ({ payload: { deviceCode: await approve(world) } }),
  lookAtPairing: async (world) => ({ payload: { userCode: (await askForPairing(world)).userCode } }),
  approvePairing: async (world) => ({ payload: { userCode: (await askForPairing(world)).userCode } }),
  denyPairing: async (world) => ({ payload: { userCode: (await askForPairing(world)).userCode } }),
  refreshTokens: async (world) => ({ payload: { refreshToken: (await pair(world)).refreshToken } }),
  leaveDevice: async (world) => ({ payload: { refreshToken: (await pair(world)).refreshToken } }),
  replayDeadLetters: async () => ({ payload: { all: true } }),
  undoLinkDecision: async (world) => {
    const { rows } = await world.api.store.inWorkspace(world.own.workspaceId, (trx) =>
      sql<{
        id: string;
      }>`select id from fact_identities where workspace_id = ${world.own.workspaceId}
        and id not in (select identity_id from people_links) limit 1`.execute(trx),
    );
    const what = `POST /api/v1/people/${world.own.ownerId}/identities`;
    const { batchId } = await send(world, what, { identityIds: [rows[0]?.id], reason: 'to be undone' });
    return { path: { 'link-decisions': String(batchId) } };
  },
  disownIdentity: async ({ api, own }) => {
    const { rows } = await api.store.inWorkspace(own.workspaceId, async (trx) => {
      const found = await sql<{ id: string }>`select id from fact_identities where workspace_id = ${own.workspaceId}
        and kind = 'person' and id not in (select identity_id from people_links) limit 1`.execute(trx);
      const id = found.rows[0]?.id;
      await sql`insert into people_links (workspace_id, identity_id, person_id, reason)
        values (${own.workspaceId}, ${id}, ${own.ownerId}, 'signed in')`.execute(trx);
      await sql`insert into people_link_log
          (workspace_id, id, batch_id, identity_id, from_person_id, to_person_id, reason, proof, claimed_at)
        values (${own.workspaceId}, ${newId()}, ${newId()}, ${id}, ${id}, ${own.ownerId}, 'signed in', 'github', now())`.execute(
        trx,
      );
      return found;
    });
    return { path: { identities: String(rows[0]?.id) } };
  },
  previewKindRuleChange: async () => {
    const rule = { field: 'name', pattern: 'nobody has this', kind: 'automation', reason: 'a trial' };
    return { payload: { change: 'add', rule } };
  },
  becomeTeam: async ({ admin, own }) => {
    await admin.query(`update workspaces set kind = 'personal' where id = $1`, [own.workspaceId]);
    return {};
  },
  handOverWorkspace: async (world) => {
    const personId = await addMember(world, 'member');
    const wish = { name: 'Another', email: null, confirmed: false, passwordHash: null };
    const accountId = await createAccount(world.api.store.app, wish);
    await world.api.store.inWorkspace(world.own.workspaceId, (trx) =>
      sql`insert into account_members (workspace_id, account_id, person_id)
          values (${world.own.workspaceId}, ${accountId}, ${personId})`.execute(trx),
    );
    return { payload: { personId } };
  },
  changeRole: async (world) => ({ path: { members: await addMember(world, 'member') } }),
  deactivateMember: async (world) => ({ path: { members: await addMember(world, 'member') } }),
  leaveWorkspace: async (world) => {
    await addMember(world, 'owner');
    return {};
  },
  deleteWorkspace: async (world) => {
    const name = `To be deleted ${newId()}`;
    const slug = `deleted-${newId().slice(-8)}`;
    const made = await send(world, 'POST /api/v1/workspaces', { name, slug, zone: 'UTC' });
    const workspaceId = String(made['id'] ?? (made['workspace'] as Body | undefined)?.['id']);
    return { payload: { name }, cookie: await openCookie(world.api, { ...world.own, workspaceId }) };
  },
  lookAtInvitation: async (world) => ({ payload: { secret: (await invite(world, world.other)).secret } }),
  declineInvitation: async (world) => ({ payload: { secret: (await invite(world, world.other)).secret } }),
  acceptInvitation: async (world) => ({ payload: { secret: (await invite(world, world.other)).secret } }),
  renewInvitation: async (world) => ({ path: { invitations: (await invite(world, world.own)).id } }),
  revokeInvitation: async (world) => ({ path: { invitations: (await invite(world, world.own)).id } }),
  signUpByInvitation: async (world) => {
    const { secret } = await invite(world, world.own);
    const email = `${newId().slice(-8)}@example.org`;
    return { payload: { secret, name: 'New here', email, password: tenantPassword, zone: 'UTC' }, cookie: '' };
  },
  addTeamStay: async (world) => {
    const { teams } = await addTeam(world);
    return { path: { teams }, payload: { personId: await addMember(world, 'member') } };
  },
  updateTeamStay: async (world) => ({ path: await addTeam(world), payload: { from: '2026-01-01' } }),
  removeTeamStay: async (world) => ({ path: await addTeam(world) }),
  putAvatar: async () => ({ payload: { image: picture } }),
  showAvatar: async ({ own }) => ({ path: { people: own.ownerId } }),
  cancelFreeze: async (world) => {
    const { today, freezes } = (await send(world, 'GET /api/v1/me/freezes')) as {
      today: string;
      freezes: unknown[];
    };
    if (freezes.length === 0) await send(world, 'POST /api/v1/me/freezes');
    return { path: { freezes: today } };
  },
  askExport: async ({ admin, own }) => {
    await admin.query('delete from transfers where workspace_id = $1', [own.workspaceId]);
    return {};
  },
  sendImportPart: async (world) => {
    const { id } = await send(world, 'POST /api/v1/imports', { bytes: 10 });
    return {
      path: { imports: String(id) },
      payload: '0123456789',
      headers: { 'content-type': 'application/octet-stream' },
    };
  },
  removeTransfer: async (world) => {
    const { id } = await send(world, 'POST /api/v1/imports', { bytes: 10 });
    return { path: { transfers: String(id) } };
  },
  readFault: async (world) => ({ path: { faults: await recordFault(world) } }),
  resolveFault: async (world) => ({ path: { faults: await recordFault(world) } }),
  changeMonitor: async () => ({ payload: { everySeconds: 900 } }),
  sendEvents: async () => ({ payload: { source: 'plain', key: newId(), kind: 'facts', payload: [] } }),
};

const github = 'accounts/github.test.ts';
const app = 'connections/app.test.ts';
const passkeys = 'test/journeys/sign-in.test.ts';

/**
 * Operations that need somebody beside us: a mail server, GitHub, an authenticator, a job that ran. The test in which each
 * succeeds.
 */
export const succeedElsewhere: Readonly<Record<string, string>> = {
  listenLive: 'live/routes.test.ts',
  startGithub: github,
  returnFromGithub: github,
  connectGithub: github,
  disconnectGithub: github,
  makeHook: 'hooks-in/hooks.test.ts',
  removeHook: 'hooks-in/hooks.test.ts',
  removeSingleHook: 'hooks-in/hooks.test.ts',
  rotateHook: 'hooks-in/hooks.test.ts',
  readDelivery: 'hooks-in/hooks.test.ts',
  takeDelivery: 'hooks-in/intake.test.ts',
  takeAppDelivery: 'hooks-in/intake.test.ts',
  startConnection: 'connections/oauth.test.ts',
  returnConnection: 'connections/oauth.test.ts',
  addConnectionToken: 'connections/tokens.test.ts',
  refreshRepositories: 'connections/reach.test.ts',
  returnGithubApp: app,
  returnInstallation: app,
  pasteGithubApp: app,
  removeGithubApp: app,
  refreshInstallations: app,
  findInstallations: app,
  claimInstallation: app,
  askForReset: 'accounts/mail.test.ts',
  resetPassword: 'accounts/mail.test.ts',
  confirmEmail: 'accounts/mail.test.ts',
  askForConfirmation: 'accounts/mail.test.ts',
  giveSecondFactor: 'accounts/two-factor.test.ts',
  confirmTwoFactor: 'accounts/two-factor.test.ts',
  makeRecoveryCodes: 'accounts/two-factor.test.ts',
  signInWithPasskey: passkeys,
  addPasskey: passkeys,
  renamePasskey: passkeys,
  removePasskey: passkeys,
  confirmMergeSuggestion: 'people/routes.test.ts',
  declineMergeSuggestion: 'people/routes.test.ts',
  addSource: 'sources/routes.test.ts',
  planSource: 'sources/monitor-routes.test.ts',
  listFolders: 'sources/routes.test.ts',
  linkExport: 'exports/round-trip.test.ts',
  fetchExport: 'exports/round-trip.test.ts',
  checkImport: 'exports/round-trip.test.ts',
  applyImport: 'exports/round-trip.test.ts',
  deleteAccount: 'exports/delete-account.test.ts',
};
