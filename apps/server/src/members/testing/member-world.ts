import type { LightMyRequestResponse } from 'fastify';
import type { Role } from '@devpulse/contract/permissions';
import { newId } from '@devpulse/db/ids';
import { createAccount } from '../../accounts/create-account.ts';
import { openSession } from '../../accounts/open-session.ts';
import { systemActor } from '../../audit/record-audit.ts';
import type { RegisterRoutes } from '../../deps.ts';
import { registerJobRoutes } from '../../jobs/routes.ts';
import { registerPeopleRoutes } from '../../people/routes.ts';
import { registerSourceRoutes } from '../../sources/routes.ts';
import { openTestApi, type TestApi, type TestApiOptions } from '../../testing/open-test-api.ts';
import { createWorkspace } from '../../workspaces/create-workspace.ts';
import { givePersonalWorkspace } from '../../workspaces/give-personal-workspace.ts';
import { registerWorkspacesRoutes } from '../../workspaces/routes.ts';
import { registerMemberRoutes } from '../routes.ts';

/** Somebody with an account, as their browser asks. */
export interface Somebody {
  accountId: string;
  /** The cookie of a session of theirs. */
  cookie: string;
  ask(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object): Promise<LightMyRequestResponse>;
}

/** Somebody in the workspace of the team. */
export interface Teammate extends Somebody {
  personId: string;
}

/** The API with a team's workspace in it, and people who come and go. */
export interface MemberWorld extends TestApi {
  teamId: string;
  founder: Teammate;
  /** An account with a personal workspace and nothing else. */
  addStranger(wish?: { email?: string; confirmed?: boolean; name?: string }): Promise<Somebody>;
  /** A member of the team, without an invitation. */
  addMember(role: Role, name?: string): Promise<Teammate>;
  /** What the team's audit log holds, oldest first. */
  audit(): Promise<{ action: string; actor_person_id: string | null; target_id: string | null }[]>;
}

const areas: readonly RegisterRoutes[] = [
  registerPeopleRoutes,
  registerWorkspacesRoutes,
  registerMemberRoutes,
  registerSourceRoutes,
  registerJobRoutes,
];

export async function openMemberWorld(deps?: TestApiOptions['deps']): Promise<MemberWorld> {
  const api = await openTestApi({ areas, ...(deps === undefined ? {} : { deps }) });
  const { store } = api;
  let count = 0;

  const addAccount = async (wish: { email?: string; confirmed?: boolean; name?: string }) => {
    count += 1;
    const name = wish.name ?? `Somebody ${count}`;
    const email = wish.email ?? `somebody-${count}@example.org`;
    const confirmed = wish.confirmed ?? true;
    const accountId = await createAccount(store.app, { name, email, confirmed, passwordHash: null });
    const founder = { accountId, name, zone: null };
    await givePersonalWorkspace({ store, founder, zone: 'UTC', actor: systemActor });
    return founder;
  };
  const enter = async (accountId: string, workspaceId: string | null): Promise<Somebody> => {
    const secret = await openSession({ db: store.app, accountId, workspaceId, agent: 'test' });
    const cookie = `devpulse_session=${secret}`;
    return {
      accountId,
      cookie,
      ask: (method, url, payload) =>
        api.app.inject({
          method,
          url,
          headers: { cookie, 'sec-fetch-site': 'same-origin' },
          ...(payload === undefined ? {} : { payload }),
        }),
    };
  };

  const founder = await addAccount({ name: 'Founder', email: 'founder@example.org' });
  const team = await createWorkspace({
    store,
    kind: 'team',
    founder,
    name: 'Rocket team',
    slug: 'rockets',
    zone: 'UTC',
    actor: systemActor,
  });
  const addMember = async (role: Role, name?: string): Promise<Teammate> => {
    const account = await addAccount(name === undefined ? {} : { name });
    const personId = newId();
    await store.inWorkspace(team.id, async (trx) => {
      const workspace_id = team.id;
      await trx.insertInto('people').values({ workspace_id, id: personId, name: account.name }).execute();
      await trx.insertInto('people_members').values({ workspace_id, person_id: personId, role }).execute();
      await trx
        .insertInto('account_members')
        .values({ workspace_id, account_id: account.accountId, person_id: personId })
        .execute();
    });
    return { ...(await enter(account.accountId, team.id)), personId };
  };
  return {
    ...api,
    teamId: team.id,
    founder: { ...(await enter(founder.accountId, team.id)), personId: team.personId },
    addStranger: async (wish = {}) => enter((await addAccount(wish)).accountId, null),
    addMember,
    audit: () =>
      store.inWorkspace(team.id, (trx) =>
        trx.selectFrom('audit_entries').select(['action', 'actor_person_id', 'target_id']).orderBy('seq').execute(),
      ),
  };
}
