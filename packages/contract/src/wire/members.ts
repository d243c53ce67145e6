import { z } from 'zod';
import { roleSchema } from '../permissions.ts';
import { zoneSchema } from '../zone.ts';
import { emailSchema, passwordSchema } from './session.ts';

const givenIdSchema = z.uuid().toLowerCase();
const cursorSchema = z.string().max(500).optional().describe('`nextCursor` of the page before');

// Members

export const memberSchema = z
  .object({
    personId: z.uuid(),
    name: z.string(),
    avatar: z.string().nullable().describe('Address of their picture; null: draw their initials'),
    role: roleSchema,
    state: z
      .enum(['active', 'deactivated', 'left'])
      .describe('deactivated: by somebody who runs the workspace; left: by themselves'),
    since: z.iso.datetime(),
    deactivatedAt: z.iso.datetime().nullable(),
    signsIn: z.boolean().describe('false: no account acts as this person yet'),
  })
  .meta({ id: 'Member' });
export type MemberView = z.infer<typeof memberSchema>;

export const memberListQuerySchema = z.object({
  cursor: cursorSchema,
  limit: z.coerce.number().int().min(1).max(200).default(100),
});
export const memberListSchema = z.object({ members: z.array(memberSchema), nextCursor: z.string().nullable() });
export type MemberList = z.infer<typeof memberListSchema>;

export const memberParamsSchema = z.object({ id: givenIdSchema.describe('Of the person') });
export const changeRoleSchema = z.strictObject({ role: roleSchema });

// Invitations

export const invitationKinds = ['email', 'github', 'link'] as const;
export type InvitationKind = (typeof invitationKinds)[number];

/** How long an invitation can be accepted. */
export const invitationDays = 7;

export const invitationSchema = z
  .object({
    id: z.uuid(),
    kind: z.enum(invitationKinds),
    recipient: z.string().nullable().describe('The address or GitHub login; null: whoever holds the link'),
    role: roleSchema,
    teamId: z.uuid().nullable(),
    state: z.enum(['open', 'accepted', 'declined', 'revoked', 'expired']),
    invitedBy: z.object({ personId: z.uuid(), name: z.string() }),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    mailedAt: z.iso.datetime().nullable().describe('When it was last mailed; null: the link was shown to copy'),
    acceptedAt: z.iso.datetime().nullable(),
    acceptedBy: z.object({ personId: z.uuid(), name: z.string() }).nullable(),
  })
  .meta({ id: 'Invitation' });
export type InvitationView = z.infer<typeof invitationSchema>;

export const invitationListSchema = z.object({
  invitations: z.array(invitationSchema).describe('Open ones first, then the newest; at most 200'),
  mail: z.boolean().describe('Whether this instance can send mail; without it links are shown to copy'),
});
export type InvitationList = z.infer<typeof invitationListSchema>;

const common = {
  role: roleSchema,
  teamId: givenIdSchema.optional().describe('A team to join as well'),
};

export const newInvitationSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('email'),
    email: z.email().max(320).describe('Only an account with this address, verified, can accept'),
    ...common,
  }),
  z.strictObject({
    kind: z.literal('github'),
    login: z
      .string()
      .trim()
      .regex(/^[A-Za-z\d](?:[A-Za-z\d]|-(?=[A-Za-z\d])){0,38}$/, 'is no login of GitHub')
      .describe('Only an account that signed in with this GitHub login can accept'),
    ...common,
  }),
  z.strictObject({ kind: z.literal('link').describe('Whoever holds the link can accept, once'), ...common }),
]);
export type NewInvitation = z.infer<typeof newInvitationSchema>;

export const sentInvitationSchema = z
  .object({
    invitation: invitationSchema,
    link: z.string().nullable().describe('Shown this once; null: it was mailed'),
    mailFault: z.string().nullable().describe('Why it could not be mailed, where it should have been'),
  })
  .meta({ id: 'SentInvitation' });
export type SentInvitation = z.infer<typeof sentInvitationSchema>;

export const invitationParamsSchema = z.object({ id: givenIdSchema });

export const invitationSecretSchema = z.strictObject({
  secret: z.string().min(20).max(200).describe('What stands behind the # of the link'),
});

const ownZoneSchema = zoneSchema.optional().describe('Of whoever joins; kept where it is not that of the workspace');

export const acceptInvitationSchema = invitationSecretSchema.extend({ zone: ownZoneSchema });

/** For whoever has no account: the invitation is what lets them have one. */
export const signUpSchema = invitationSecretSchema.extend({
  name: z.string().trim().min(1).max(200),
  email: emailSchema.describe('To sign in with; for an invitation by address the one it is for'),
  password: passwordSchema,
  zone: ownZoneSchema,
});
export type SignUp = z.infer<typeof signUpSchema>;

/** What the holder of a link is shown before anything is decided. */
export const shownInvitationSchema = z
  .object({
    state: z.enum(['valid', 'accepted', 'declined', 'revoked', 'expired']),
    workspace: z.string(),
    invitedBy: z.string(),
    kind: z.enum(invitationKinds),
    recipient: z.string().nullable(),
    role: roleSchema,
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'ShownInvitation' });
export type ShownInvitation = z.infer<typeof shownInvitationSchema>;

export const joinedSchema = z
  .object({ workspaceId: z.uuid(), personId: z.uuid() })
  .meta({ id: 'Joined', description: 'Where one is a member now, and as whom' });
