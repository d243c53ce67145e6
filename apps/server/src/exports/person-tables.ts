/**
 * Whom a key stands for. `person`: somebody in one workspace. `account`: whoever signs in. `identity`: an author as a source
 * names them, behind whom a person may stand.
 */
export type KeyOf = 'person' | 'account' | 'identity';

/**
 * What becomes of a row that bears the key when an account is deleted. `delete`: the row goes. `clear`: the row is the
 * workspace's and stays, without the key. `empty`: of the row only its time, its action and its hash stay. `pass on`: the row
 * names somebody new from then on, who has the authors of the deleted person, so that numbers stay true; without authors it goes.
 * `keep`: it is a fact of the workspace, told by a source; whether the author's name in it stays is the workspace's setting. In a
 * personal workspace everything goes, whatever stands here.
 */
export type Erasure = 'delete' | 'clear' | 'empty' | 'pass on' | 'keep';

export interface PersonKey {
  of: KeyOf;
  erase: Erasure;
}

/** A table whose rows bear the key of a person, an account or an identity. */
export interface PersonTable {
  keys: Record<string, PersonKey>;
  /**
   * `rows`: the person's rows are in an export of theirs. `account`: they are in it too, given out by a function of the owner,
   * because the application may not read the table. Or the reason why they are not.
   */
  export: 'rows' | 'account' | { leftOut: string };
  /** Columns that no export holds: secrets, hashes of secrets, whatever is sealed. */
  secret?: readonly string[];
  /** Closed to the application; its rows go with the account, by reference. */
  closed?: boolean;
  /** What is nobody's business but the person's: in an export of the whole workspace only the owner's own rows. */
  private?: boolean;
}

const person = (erase: Erasure): PersonKey => ({ of: 'person', erase });
const account = (erase: Erasure): PersonKey => ({ of: 'account', erase });
const identity = (erase: Erasure): PersonKey => ({ of: 'identity', erase });

/**
 * Every table with the key of a person or an account, and how it is exported and erased. A test compares this with the
 * catalogue of the database: a new table that is not here fails it. Tables outside of `public` carry their schema.
 */
export const personTables: Record<string, PersonTable> = {
  people: { keys: { id: person('delete') }, export: 'rows' },
  people_members: { keys: { person_id: person('delete'), deactivated_by: person('clear') }, export: 'rows' },
  people_member_pauses: {
    keys: { person_id: person('delete'), began_by: person('clear'), ended_by: person('clear') },
    export: 'rows',
  },
  people_profiles: { keys: { person_id: person('delete') }, export: 'rows' },
  people_avatars: { keys: { person_id: person('delete') }, export: 'rows' },
  team_people: { keys: { person_id: person('pass on') }, export: 'rows' },
  viewer_looks: {
    keys: { person_id: person('delete'), viewer_id: person('delete') },
    export: 'rows',
    private: true,
  },
  // With the row goes the address or login it was made out to.
  invitations: {
    keys: { invited_by: person('delete'), accepted_by: person('delete') },
    export: 'rows',
    secret: ['token_hash'],
  },
  audit_entries: { keys: { actor_account_id: account('empty'), actor_person_id: person('empty') }, export: 'rows' },
  transfers: {
    keys: { account_id: account('delete'), person_id: person('delete') },
    export: 'rows',
    secret: ['link_hash'],
    private: true,
  },
  people_freezes: { keys: { person_id: person('delete') }, export: 'rows' },
  people_holidays: { keys: { person_id: person('delete') }, export: 'rows' },
  people_links: {
    keys: { identity_id: identity('keep'), person_id: person('pass on'), decided_by: person('clear') },
    export: 'rows',
  },
  people_link_log: {
    keys: {
      identity_id: identity('keep'),
      from_person_id: person('delete'),
      to_person_id: person('delete'),
      decided_by: person('clear'),
    },
    export: 'rows',
  },
  people_declined_suggestions: {
    keys: { identity_a: identity('keep'), identity_b: identity('keep'), decided_by: person('clear') },
    export: 'rows',
  },
  people_kind_overrides: { keys: { identity_id: identity('keep'), decided_by: person('clear') }, export: 'rows' },
  people_change_overrides: { keys: { decided_by: person('clear') }, export: 'rows' },
  account_members: {
    keys: { account_id: account('delete'), person_id: person('delete') },
    export: 'rows',
    private: true,
  },
  // With the row go what was granted and what it reached; sources it read stay without it, and their facts.
  connections: { keys: { person_id: person('delete') }, export: 'rows', private: true },
  // What GitHub answered when it was asked; asked anew wherever it is needed.
  repository_sights: {
    keys: { person_id: person('delete') },
    export: {
      leftOut: 'what GitHub said of your access to repositories: it says so itself, and is asked anew each day',
    },
  },
  connection_flows: {
    keys: { person_id: person('delete') },
    export: { leftOut: 'a browser that is expected back from GitHub: gone within minutes, and a secret' },
  },
  account_tokens: { keys: { person_id: person('delete') }, export: 'rows', secret: ['token_hash'], private: true },
  'auth.user': { keys: { id: account('delete') }, export: 'account', closed: true },
  'auth.session': { keys: { user_id: account('delete') }, export: 'account', secret: ['token'], closed: true },
  'auth.account': {
    keys: { user_id: account('delete') },
    export: 'account',
    secret: ['password', 'access_token', 'refresh_token', 'id_token'],
    closed: true,
  },
  'auth.two_factor': {
    keys: { user_id: account('delete') },
    export: 'account',
    secret: ['secret', 'backup_codes'],
    closed: true,
  },
  'auth.passkey': {
    keys: { user_id: account('delete') },
    export: 'account',
    secret: ['public_key', 'credential_id'],
    closed: true,
  },
  'auth.verification': {
    keys: { user_id: account('delete') },
    export: {
      leftOut: 'links and sign-ins under way, and browsers that are asked for no code: nothing that could be read',
    },
    closed: true,
  },
  account_devices: { keys: { account_id: account('delete') }, export: 'account', secret: ['public_key'], closed: true },
  account_pairings: {
    keys: { account_id: account('delete') },
    export: { leftOut: 'a device that is being paired: gone within minutes' },
    closed: true,
  },
  account_preferences: { keys: { account_id: account('delete') }, export: 'account', closed: true },
  fact_identities: { keys: { id: identity('keep') }, export: 'rows' },
  fact_commits: { keys: { author_id: identity('keep'), committer_id: identity('keep') }, export: 'rows' },
  fact_commit_credits: { keys: { identity_id: identity('keep') }, export: 'rows' },
  fact_pull_requests: { keys: { author_id: identity('keep') }, export: 'rows' },
  fact_pull_details: { keys: { merged_by_id: identity('keep') }, export: 'rows' },
  fact_issues: { keys: { author_id: identity('keep') }, export: 'rows' },
  fact_moments: { keys: { actor_id: identity('keep') }, export: 'rows' },
  fact_timeline_moments: { keys: { actor_id: identity('keep') }, export: 'rows' },
  fact_reviews: { keys: { reviewer_id: identity('keep') }, export: 'rows' },
  fact_comments: { keys: { author_id: identity('keep') }, export: 'rows' },
  fact_discussions: { keys: { author_id: identity('keep') }, export: 'rows' },
  fact_releases: { keys: { author_id: identity('keep') }, export: 'rows' },
  fact_deployments: { keys: { creator_id: identity('keep') }, export: 'rows' },
  fact_deployment_statuses: { keys: { creator_id: identity('keep') }, export: 'rows' },
  fact_workflow_runs: { keys: { actor_id: identity('keep') }, export: 'rows' },
  fact_repository_profiles: { keys: { owner_id: identity('keep') }, export: 'rows' },
  fact_pushes: { keys: { pusher_id: identity('keep') }, export: 'rows' },
  fact_stars: { keys: { user_id: identity('keep') }, export: 'rows' },
  fact_forks: { keys: { owner_id: identity('keep') }, export: 'rows' },
  rollup_days: { keys: { subject_id: person('delete') }, export: 'rows' },
  rollup_stale: {
    keys: { subject_id: person('delete') },
    export: { leftOut: 'which days wait to be counted again: gone within the minute' },
  },
};

/** Columns of type uuid that name a thing, never a person. Any other must be a key above. */
export const idsOfThings: readonly string[] = [
  'workspace_id',
  'batch_id',
  'fault_id',
  'repository_id',
  'resource_id',
  'source_id',
  'team_id',
  'device_id',
  'token_id',
  'session_id',
  'family_id',
  'invitation_id',
  'transfer_id',
  'lease_owner',
  'connection_id',
  'raw_event_id',
  'repeats_event_id',
];

/** Columns that would name a person in whatever type they are written. */
export const looksLikeAPerson =
  /(^|_)(person|people|account|user|identity|author|committer|viewer|subject|actor|owner|member|manager)_?id$|(^|_)(by|viewed|invitee|inviter)$|^(userId|accountId)$/;

/** Tables without anybody's key whose columns look like one, and why they are none: `table.column`. */
export const noPersonAfterAll: Record<string, string> = {
  'auth.account.account_id': 'the number that another service has for the account, a text; the row goes with user_id',
};
