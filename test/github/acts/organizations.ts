import type { Account, Team, World } from '../world/model.ts';
import { accountOf, instantOf, tell, type AccountLike } from '../world/open-world.ts';

interface OrganizationAct {
  organization: AccountLike;
  by: AccountLike;
  at?: Date | string;
}

function told(
  world: World,
  input: OrganizationAct,
  [event, action]: readonly [string, string],
  details: Record<string, unknown>,
): void {
  const organization = accountOf(world, input.organization);
  const sender = accountOf(world, input.by);
  tell(world, { event, action, repository: null, organization, sender, at: instantOf(world, input.at), details });
}

/** Somebody joins an organization, or leaves it. */
export function setMember(
  world: World,
  input: OrganizationAct & { member: AccountLike; role?: 'admin' | 'member'; isOff?: boolean },
): void {
  const organization = accountOf(world, input.organization);
  const member = accountOf(world, input.member);
  const role = input.role ?? organization.members.get(member.id) ?? 'member';
  if (input.isOff === true) organization.members.delete(member.id);
  else organization.members.set(member.id, role);
  const action = input.isOff === true ? 'member_removed' : 'member_added';
  told(world, input, ['organization', action], { member, role });
}

export function createTeam(world: World, input: OrganizationAct & { name: string; members?: AccountLike[] }): Team {
  const organization = accountOf(world, input.organization);
  const slug = input.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  const members = new Set((input.members ?? []).map((one) => accountOf(world, one).id));
  const team: Team = { id: world.nextId(), name: input.name, slug, members };
  organization.teams.push(team);
  told(world, input, ['team', 'created'], { team });
  return team;
}

/** Somebody joins a team, or leaves it. */
export function setTeamMember(
  world: World,
  input: OrganizationAct & { team: Team; member: AccountLike; isOff?: boolean },
): void {
  const member: Account = accountOf(world, input.member);
  if (input.isOff === true) input.team.members.delete(member.id);
  else input.team.members.add(member.id);
  told(world, input, ['membership', input.isOff === true ? 'removed' : 'added'], { member, team: input.team });
}
