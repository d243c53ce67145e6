import { type AuditAction, auditActions } from './audit-actions.ts';

/** One thing that an entry of the audit log tells beside its action, in words. */
export interface AuditDetail {
  label: string;
  /** Words for values that programs use. */
  values?: Readonly<Record<string, string>>;
  /** What an id stands for: whoever reads the log is told the name. */
  holds?: 'person' | 'team';
  /** How a number is read: a minute of the day, or days of the week of which 1 is Monday. */
  unit?: 'minute' | 'weekday';
}

const role: AuditDetail = {
  label: 'Role',
  values: { owner: 'Owner', admin: 'Admin', manager: 'Manager', member: 'Member' },
};
const name: AuditDetail = { label: 'Name' };
const slug: AuditDetail = { label: 'Name in addresses' };
const zone: AuditDetail = { label: 'Time zone' };
const workspaceKind: AuditDetail = {
  label: 'Kind of workspace',
  values: { personal: 'Personal', team: 'A team’s', demo: 'Demo' },
};
const means: AuditDetail = {
  label: 'By',
  values: {
    password: 'Password',
    'two-factor': 'Password and code',
    passkey: 'Passkey',
    github: 'GitHub',
    'one-time link': 'One-time link',
    invitation: 'Invitation',
  },
};
const connector: AuditDetail = { label: 'Kind of source', values: { git: 'Git repository', github: 'GitHub' } };
const grant = {
  kind: { label: 'Connected by', values: { oauth: 'Signing in', token: 'Token', app: 'GitHub App' } },
  form: {
    label: 'Form of the token',
    values: {
      oauth: 'Of an OAuth app',
      'app user': 'Of somebody who signed in to the App',
      classic: 'Classic',
      'fine-grained': 'Fine-grained',
      installation: 'Of an installation',
    },
  },
  scopes: { label: 'Granted' },
} as const satisfies Readonly<Record<string, AuditDetail>>;
const device = { name, system: { label: 'System' }, program: { label: 'Program' }, address: { label: 'Asked from' } };
const stay = {
  personId: { label: 'Person', holds: 'person' },
  duty: { label: 'As', values: { member: 'Member of the team', manager: 'Manager of the team' } },
  from: { label: 'First day' },
  until: { label: 'First day no longer in the team' },
} as const;

/**
 * What entries of each action tell, member by member. What is recorded under a name that is not here has no words for whoever
 * reads the log: the type of `recordAudit` refuses it, and a test looks for it in what every operation wrote.
 */
export const auditDetails = {
  'audit.exported': {
    format: { label: 'File', values: { csv: 'CSV', jsonl: 'JSON lines' } },
    action: { label: 'Only where', values: auditActions },
    actor: { label: 'Only by', holds: 'person' },
    from: { label: 'From' },
    to: { label: 'To' },
  },
  'access.refused': { role, route: { label: 'Asked for' } },
  'keys.rotated': { secrets: { label: 'Secrets sealed anew' } },
  'keys.forgotten': { dataKeys: { label: 'Keys given up' }, secrets: { label: 'Secrets that are lost with them' } },
  'backup.restored': { takenAt: { label: 'Backup made' }, program: { label: 'By DevPulse' } },
  'export.asked': {
    scope: { label: 'What', values: { mine: 'Their own data', workspace: 'The whole workspace' } },
  },
  'export.fetched': {},
  'import.applied': {
    events: { label: 'Events in the file' },
    newEvents: { label: 'Of these new' },
    exportedAt: { label: 'File made' },
  },
  'account.deleted': {},
  'flag.changed': { isOn: { label: 'State', values: { true: 'On', false: 'Off' } } },
  'account.signed_in': { means },
  'account.sign_in_refused': { means },
  'account.signed_out': {},
  'account.set_up': {},
  'account.password_changed': {},
  'account.password_reset': {},
  'account.reset_link_made': {},
  'account.email_changed': { email: { label: 'E-mail address' } },
  'account.email_confirmed': {},
  'account.two_factor_on': {},
  'account.two_factor_off': {},
  'account.recovery_codes_made': {},
  'account.recovery_code_used': {},
  'account.passkey_added': {},
  'account.passkey_renamed': {},
  'account.passkey_removed': {},
  'account.github_connected': {},
  'account.github_disconnected': {},
  'identity.proven': { account: { label: 'Account' } },
  'identity.proof_undone': { proof: { label: 'Proof' } },
  'session.ended': {},
  'session.others_ended': { sessions: { label: 'Browsers signed out' }, devices: { label: 'Devices revoked' } },
  'device.approved': device,
  'device.denied': device,
  'device.renamed': { name },
  'device.revoked': {},
  'device.stopped': {},
  'token.created': {
    scopes: {
      label: 'May',
      values: {
        read: 'read',
        events: 'send events',
        people: 'say who is who',
        sources: 'change sources',
        operate: 'operate the machinery',
      },
    },
    expiresAt: { label: 'Until' },
  },
  'token.revoked': {},
  'source.added': { connector },
  'source.changed': {
    state: { label: 'State', values: { paused: 'Paused', resumed: 'Read again' } },
    everySeconds: { label: 'Seconds between looks' },
    history: { label: 'Read back', values: { quarter: '90 days', year: 'A year', all: 'To the beginning' } },
    branches: { label: 'Branches', values: { default: 'The default one', all: 'Every one' } },
  },
  'source.removed': {},
  'source.erased': { connector },
  'connection.added': grant,
  'connection.renewed': grant,
  'connection.changed': {
    state: {
      label: 'State',
      values: {
        unchecked: 'Not looked at yet',
        ok: 'In order',
        dead: 'Refused',
        narrowed: 'With fewer permissions than are needed',
        sso: 'Waits for single sign-on',
        suspended: 'Suspended',
        removed: 'Removed at GitHub',
        expired: 'Run out',
        disconnected: 'Cut',
      },
    },
    missing: { label: 'Permissions that are missing' },
  },
  'connection.disconnected': {},
  'connection.erased': { sources: { label: 'Sources that went with it' } },
  'connection.organisation_changed': { included: { label: 'State', values: { true: 'On', false: 'Off' } } },
  'github_app.saved': {},
  'github_app.removed': {},
  'installation.claimed': { installation: { label: 'Number of the installation' } },
  'installation.released': {},
  'hook.made': { events: { label: 'Number of events that it tells' } },
  'hook.removed': {},
  'hook.rotated': {},
  'hook.refused_delivery': {},
  'hook.repeated_delivery': { event: { label: 'Event' } },
  'workspace.created': { kind: workspaceKind, slug, zone },
  'workspace.became_team': { kind: workspaceKind, name, slug },
  'workspace.handed_over': { owner: { label: 'Owner', holds: 'person' }, role },
  'workspace.deleted': {},
  'member.joined': {
    role,
    invitation: { label: 'Number of the invitation' },
    invitedBy: { label: 'Invited by', holds: 'person' },
  },
  'member.left': { role },
  'member.role_changed': { role },
  'member.deactivated': { role },
  'member.reactivated': { role },
  'invitation.sent': {
    role,
    kind: {
      label: 'To',
      values: { email: 'An e-mail address', github: 'A login at GitHub', link: 'Whoever has the link' },
    },
    teamId: { label: 'Team', holds: 'team' },
  },
  'invitation.renewed': {},
  'invitation.revoked': {},
  'invitation.declined': {},
  'workspace.settings_changed': {
    name,
    slug,
    zone,
    kind: workspaceKind,
    weekStart: { label: 'Weeks start on', unit: 'weekday' },
    rawRetentionDays: { label: 'Days for which raw events are kept' },
    departedPeople: {
      label: 'Names of people who delete their account',
      values: { keep: 'Stay', anonymise: 'Are taken out' },
    },
    privateRepositories: {
      label: 'Private repositories are shown to',
      values: { proven: 'Whoever may read them at GitHub', members: 'Every member' },
    },
    auditRetentionDays: { label: 'Days for which this log is kept' },
  },
  'team.created': { name, slug },
  'team.changed': { name, slug },
  'team.archived': {},
  'team.restored': {},
  'team.person_added': stay,
  'team.stay_changed': stay,
  'team.stay_removed': stay,
  'calendar.changed': {
    working_weekdays: { label: 'Working days', unit: 'weekday' },
    from_minute: { label: 'Work begins', unit: 'minute' },
    until_minute: { label: 'Work ends', unit: 'minute' },
  },
  // By day, which is a word of its own.
  'calendar.holidays_added': {},
  'calendar.holiday_removed': {},
} as const satisfies { readonly [Action in AuditAction]?: Readonly<Record<string, AuditDetail>> };

type Described = typeof auditDetails;

/** What may be told of an action: members that have words, and days. An action without a table may tell anything, which a test finds. */
export type AuditMembers<Action extends AuditAction> = {
  readonly [Member in MemberOf<Action> | `${number}-${number}-${number}`]?: unknown;
};

type MemberOf<Action extends AuditAction> = Action extends keyof Described ? keyof Described[Action] & string : string;

const dayPattern = /^\d{4}-\d{2}-\d{2}$/;

/** What a member of an entry is called; null where nobody wrote down words for it. */
export function findAuditDetail(action: string, member: string): AuditDetail | null {
  // Too long to be kept, see `recordAudit`.
  if (member === 'cut') return { label: 'Left out' };
  if (dayPattern.test(member)) return { label: member };
  const members = (auditDetails as Readonly<Record<string, Readonly<Record<string, AuditDetail>>>>)[action];
  return members !== undefined && Object.hasOwn(members, member) ? (members[member] ?? null) : null;
}
