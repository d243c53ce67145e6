import { z } from 'zod';
import type { AskLane } from '@devpulse/contract/source-client';
import { readLeftOut } from '@devpulse/http-client/read-answer';
import { listSigned } from './ask-signed.ts';
import type { ConnectionRow } from './connection-rows.ts';
import type { GithubParts } from './github-parts.ts';
import { askOrganisations, type SeenOrganisations } from './organisations.ts';
import { credentialsOf } from './read-credential.ts';

/** A repository as GitHub lists it. */
export interface SeenRepository {
  number: string;
  fullName: string;
  owner: { number: string; login: string; type: string };
  isPrivate: boolean;
  isFork: boolean;
  isArchived: boolean;
  defaultBranch: string | null;
  pushedAt: Date | null;
}

const repositorySchema = z.looseObject({
  id: z.number().int().positive(),
  full_name: z.string().min(3).max(300),
  owner: z.looseObject({ id: z.number().int().positive(), login: z.string(), type: z.string().default('User') }),
  private: z.boolean(),
  fork: z.boolean().default(false),
  archived: z.boolean().default(false),
  default_branch: z.string().nullish(),
  pushed_at: z.iso.datetime({ offset: true }).nullish(),
});
const repositoriesSchema = z.array(repositorySchema);
const installedSchema = z.looseObject({ repositories: repositoriesSchema });

/** Everything a connection reaches: its own, those it collaborates on, those of its organisations; or what the App was given. */
export async function listReach(
  parts: GithubParts,
  workspaceId: string,
  row: ConnectionRow,
  lane: AskLane,
): Promise<{ repositories: SeenRepository[]; organisations: SeenOrganisations }> {
  const credentials = credentialsOf(parts, workspaceId, row.id);
  const isApp = row.kind === 'app';
  const path = isApp ? '/installation/repositories' : '/user/repos?affiliation=owner,collaborator,organization_member';
  const answers = await listSigned(parts, credentials, { path, lane });
  const repositories = answers
    .flatMap(({ json }) => (isApp ? installedSchema.parse(json).repositories : repositoriesSchema.parse(json)))
    .map(readRepository);
  const told = isApp ? { organisations: [], wantSso: [] } : await askOrganisations(parts, credentials, lane);
  const owners = repositories.filter((one) => one.owner.type === 'Organization').map(({ owner }) => owner);
  const organisations = [...told.organisations, ...owners].map(({ number, login }) => ({ number, login }));
  const wantSso = [...new Set([...told.wantSso, ...answers.flatMap(({ headers }) => readLeftOut(headers))])];
  return { repositories, organisations: { organisations, wantSso } };
}

function readRepository(seen: z.infer<typeof repositorySchema>): SeenRepository {
  const { owner } = seen;
  return {
    number: String(seen.id),
    fullName: seen.full_name,
    owner: { number: String(owner.id), login: owner.login, type: owner.type },
    isPrivate: seen.private,
    isFork: seen.fork,
    isArchived: seen.archived,
    defaultBranch: seen.default_branch ?? null,
    pushedAt: seen.pushed_at == null ? null : new Date(seen.pushed_at),
  };
}
