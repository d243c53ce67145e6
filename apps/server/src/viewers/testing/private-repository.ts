import type { CommitFact, Fact } from '@devpulse/contract/facts';
import { newId, stableId } from '@devpulse/db/ids';
import { addFacts } from '../../testing/add-facts.ts';
import type { Where } from './people-in-roles.ts';

/** Stands in everything that names the private repository or says what is in it, and nowhere else. */
export const canary = 'hush-canary';

export const privateKey = 'github.com/71';
export const publicKey = 'github.com/72';

/** An account at GitHub that wrote in both repositories. */
const writer = { externalId: '583231', login: 'writer', name: 'Writer' };

/** The id of a repository that GitHub tells of. */
export function repositoryIdOf(where: Pick<Where, 'workspaceId'>, key: string): string {
  return stableId('repository', where.workspaceId, 'github', key);
}

/** The id of the account that wrote. */
export function writerIdOf(where: Pick<Where, 'workspaceId'>): string {
  return stableId('identity', where.workspaceId, 'github', `id:${writer.externalId}`);
}

/** What GitHub would tell of a private and of a public repository: three commits in the one, two in the other, none in both. */
export async function addRepositories(where: Where): Promise<void> {
  await addFacts(where.store, { workspaceId: where.workspaceId, source: 'github' }, [
    ...factsOf({ key: privateKey, name: `${canary}/vault`, visibility: 'private', shas: ['a', 'b', 'c'] }),
    ...factsOf({ key: publicKey, name: 'acme/site', visibility: 'public', shas: ['d', 'e'] }),
  ]);
}

/** GitHub says anew who may see a repository. */
export async function setVisibility(where: Where, key: string, visibility: 'public' | 'private'): Promise<void> {
  const fact: Fact = { ...profileOf(key, visibility), observedAt: new Date().toISOString() };
  await addFacts(where.store, { workspaceId: where.workspaceId, source: 'github' }, [fact]);
}

/** GitHub tells of a repository of which nothing but its name and visibility matters. */
export async function addRepository(where: Where, told: Omit<Told, 'shas'>): Promise<void> {
  const origin = { workspaceId: where.workspaceId, source: 'github' };
  await addFacts(where.store, origin, factsOf({ ...told, shas: [] }).slice(0, 2));
}

interface Told {
  key: string;
  name: string;
  visibility: 'public' | 'private';
  shas: readonly string[];
}

function factsOf({ key, name, visibility, shas }: Told): Fact[] {
  const commits = shas.map((digit, index) => commitOf(digit.repeat(40), name, index));
  return [
    {
      fact: 'repository',
      key,
      name,
      url: `https://github.com/${name}`,
      defaultBranch: 'main',
      state: 'active',
      observedAt: '2026-01-01T00:00:00.000Z',
    },
    profileOf(key, visibility),
    ...commits,
    { fact: 'reach', repository: key, snapshot: 1, reachable: true, shas: commits.map(({ sha }) => sha) },
  ];
}

function profileOf(key: string, visibility: 'public' | 'private') {
  return {
    fact: 'repository-profile' as const,
    repository: key,
    observedAt: '2026-01-01T00:00:00.000Z',
    visibility,
    owner: { externalId: '9', login: 'acme' },
    isFork: false,
    isMirror: false,
    isTemplate: false,
  };
}

function commitOf(sha: string, name: string, index: number): CommitFact {
  const at = new Date(Date.now() - (index + 1) * 86_400_000).toISOString();
  return {
    fact: 'commit',
    sha,
    author: writer,
    authoredAt: at,
    authoredOffsetMinutes: 0,
    committer: writer,
    committedAt: at,
    committedOffsetMinutes: 0,
    parents: [],
    subject: `work in ${name}`,
    coAuthors: [],
    files: [
      {
        path: `${name}/file-${index}.ts`,
        previousPath: null,
        additions: 5,
        deletions: 1,
        isBinary: false,
        isSubmodule: false,
      },
    ],
    fidelity: 30,
  };
}

/** Has the private repository watched. */
export async function addWatching({ store, workspaceId }: Where, connectionId: string | null = null): Promise<void> {
  const [host = '', number = ''] = privateKey.split('/');
  await store.inWorkspace(workspaceId, (trx) =>
    trx
      .insertInto('sources')
      .values({
        workspace_id: workspaceId,
        id: newId(),
        connector: 'github',
        natural_key: privateKey,
        name: `${canary}/vault`,
        settings: JSON.stringify({ host, id: Number(number), fullName: `${canary}/vault`, branches: 'default' }),
        connection_id: connectionId,
        state: 'ok',
        last_checked_at: new Date(),
      })
      .execute(),
  );
}

/** Somebody's own connection, with what it reached when it was listed last. */
export async function addConnection(
  { store, workspaceId }: Where,
  asked: { personId: string; account: string; number?: string; seenAt?: Date },
): Promise<string> {
  const id = newId();
  await store.inWorkspace(workspaceId, async (trx) => {
    await trx
      .insertInto('connections')
      .values({
        workspace_id: workspaceId,
        id,
        kind: 'token',
        form: 'classic',
        host: 'github.com',
        account_number: asked.account,
        login: `login-${asked.account}`,
        person_id: asked.personId,
        state: 'ok',
      })
      .execute();
    if (asked.number === undefined) return;
    await trx
      .insertInto('connection_repositories')
      .values({
        workspace_id: workspaceId,
        connection_id: id,
        number: asked.number,
        full_name: `${canary}/vault`,
        owner_number: '9',
        owner_login: canary,
        is_private: true,
        is_fork: false,
        is_archived: false,
        seen_at: asked.seenAt ?? new Date(),
      })
      .execute();
  });
  return id;
}
