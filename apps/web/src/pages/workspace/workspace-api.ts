import { queryOptions } from '@tanstack/react-query';
import type {
  InvitationList,
  joinedSchema,
  MemberList,
  newInvitationSchema,
  SentInvitation,
  ShownInvitation,
  SignUp,
} from '@devpulse/contract/wire/members';
import type { newWorkspaceSchema, WorkspacePlace } from '@devpulse/contract/wire/workspaces';
import type { SessionView } from '@devpulse/contract/wire/session';
import type { Role } from '@devpulse/contract/permissions';
import { send } from '../../send-request.ts';

const v1 = '/api/v1';

/** Whom to invite, as a form gives it. */
export type Invitation = (typeof newInvitationSchema)['_input'];

/** What the pages about the workspace ask of the server. */
export const workspaceApi = {
  members: (cursor?: string) => send<MemberList>('GET', `${v1}/members`, { query: { cursor, limit: 200 } }),
  changeRole: (id: string, role: Role) => send<unknown>('PATCH', `${v1}/members/${id}`, { body: { role } }),
  deactivate: (id: string) => send<unknown>('POST', `${v1}/members/${id}/deactivate`),
  reactivate: (id: string) => send<unknown>('POST', `${v1}/members/${id}/reactivate`),
  leave: () => send<unknown>('POST', `${v1}/workspace/leave`),

  invitations: () => send<InvitationList>('GET', `${v1}/invitations`),
  invite: (body: Invitation) => send<SentInvitation>('POST', `${v1}/invitations`, { body }),
  renew: (id: string) => send<SentInvitation>('POST', `${v1}/invitations/${id}/renew`),
  revoke: (id: string) => send<unknown>('DELETE', `${v1}/invitations/${id}`),
  look: (secret: string) => send<ShownInvitation>('POST', `${v1}/invitations/look`, { body: { secret } }),
  accept: (secret: string, zone: string) =>
    send<(typeof joinedSchema)['_output']>('POST', `${v1}/invitations/accept`, { body: { secret, zone } }),
  signUp: (body: SignUp) => send<SessionView>('POST', `${v1}/invitations/sign-up`, { body }),
  startGithub: (invitation: string, zone: string) =>
    send<{ url: string }>('POST', `${v1}/session/github`, { body: { invitation, zone } }),
  decline: (secret: string) => send<unknown>('POST', `${v1}/invitations/decline`, { body: { secret } }),

  create: (body: (typeof newWorkspaceSchema)['_input']) => send<WorkspacePlace>('POST', `${v1}/workspaces`, { body }),
  find: (slug: string) => send<WorkspacePlace>('GET', `${v1}/workspaces/${encodeURIComponent(slug)}`),
  becomeTeam: (name: string) => send<WorkspacePlace>('POST', `${v1}/workspace/team`, { body: { name } }),
  handOver: (personId: string) => send<unknown>('POST', `${v1}/workspace/handover`, { body: { personId } }),
  remove: (name: string) => send<unknown>('POST', `${v1}/workspace/deletion`, { body: { name } }),
};

/** All members, however many pages that are: a team has dozens. What the live channel says about people renews it. */
export const membersQuery = queryOptions({
  queryKey: ['people', 'members'],
  queryFn: async () => {
    const members: MemberList['members'] = [];
    let cursor: string | undefined;
    do {
      const page = await workspaceApi.members(cursor);
      members.push(...page.members);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined && members.length < 2_000);
    return members;
  },
});

export const invitationsQuery = queryOptions({
  queryKey: ['people', 'invitations'],
  queryFn: () => workspaceApi.invitations(),
});

/** The teams that somebody can join. */
export const teamNamesQuery = queryOptions({
  queryKey: ['people', 'team-names'],
  queryFn: async () => {
    const { teams } = await send<{ teams: { id: string; name: string }[] }>('GET', `${v1}/teams`);
    return teams.map(({ id, name }) => ({ id, name }));
  },
});
