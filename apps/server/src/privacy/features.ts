import type { PrivacyView } from '@devpulse/contract/wire/data';

/** One feature and what it has to do with somebody's data. */
export interface PrivacyFeature {
  id: string;
  title: string;
  collects: readonly string[];
  from: string;
  seenBy: string;
  kept: string;
  /** Where it goes outside of this instance. */
  sentTo: string;
  /** Tables it keeps this in; those outside of `public` carry their schema. A test looks for each. */
  tables: readonly string[];
  /** Connectors by which it comes in. */
  connectors: readonly string[];
}

const nobody = 'Nobody.';
const asTheWorkspace = 'As long as the workspace; all of it goes when the workspace is deleted.';

/** What is collected, feature by feature. The page, the generated document and a test are drawn from this. */
export const privacyFeatures: readonly PrivacyFeature[] = [
  {
    id: 'account',
    title: 'Your account',
    collects: [
      'name and e-mail address',
      'password as an argon2id hash, passkeys’ public halves, the sealed secret of two-factor sign-in',
      'the number and login you have at GitHub, and its tokens, sealed, where you sign in with it',
      'theme, palette, keys and language you chose',
    ],
    from: 'You, and GitHub where you sign in with it.',
    seenBy:
      'You. Whoever shares a workspace with you sees your name; an address you were invited by is seen by those who run that ' +
      'workspace.',
    kept: 'Until you delete the account.',
    sentTo: 'GitHub, where you sign in with it; your mail provider, where this instance sends mail.',
    tables: [
      'auth.user',
      'auth.account',
      'auth.two_factor',
      'auth.passkey',
      'auth.verification',
      'account_members',
      'account_preferences',
      'account_setup_links',
    ],
    connectors: [],
  },
  {
    id: 'sessions',
    title: 'Sessions, devices and tokens',
    collects: [
      'when a session or device was last used, its address, and what the browser or program calls itself',
      'name, scopes and last use of API tokens; of tokens themselves only hashes',
    ],
    from: 'Your browser, the devices you paired, and programs that use your tokens.',
    seenBy: 'You.',
    kept: 'Sessions 30 days after they end, devices 60 and tokens 90 days after they were removed or ran out; all of it until you delete the account.',
    sentTo: nobody,
    tables: [
      'auth.session',
      'account_tokens',
      'account_devices',
      'account_refresh_tokens',
      'account_pairings',
      'live_tickets',
    ],
    connectors: [],
  },
  {
    id: 'workspace',
    title: 'Workspaces and their members',
    collects: [
      'name, address, zone and settings of the workspace',
      'who is a member since when and in which role, and who was away when',
      'the address or login an invitation was for, and who sent it',
      'teams with the days people were in them, working days and holidays',
    ],
    from: 'Those who run the workspace.',
    seenBy: 'Members; invitations only those who run the workspace.',
    kept: `${asTheWorkspace} Invitations 30 days after they were answered or ran out.`,
    sentTo: 'The mail provider, where an invitation is mailed.',
    tables: [
      'workspaces',
      'workspace_slugs',
      'people_members',
      'people_member_pauses',
      'invitations',
      'teams',
      'team_people',
      'calendar_settings',
      'calendar_holidays',
    ],
    connectors: [],
  },
  {
    id: 'profile',
    title: 'Your profile in a workspace',
    collects: [
      'name, zone, rest days, days off, pauses of a streak',
      'what you wrote about yourself, and your picture',
    ],
    from: 'You.',
    seenBy: 'Members of the workspace.',
    kept: 'Until you change it, or delete the account.',
    sentTo: nobody,
    tables: ['people', 'people_profiles', 'people_avatars', 'people_freezes', 'people_holidays'],
    connectors: [],
  },
  {
    id: 'git',
    title: 'Local git folders',
    collects: [
      'every commit that a repository holds: author, committer and co-authors with name and address, times, subject',
      'the paths a commit touched and how many lines it added and removed; never what is in them',
      'name and address of the repository',
    ],
    from: 'Folders on the machine of this instance that somebody added.',
    seenBy:
      'Members see the workspace and its teams as a whole and themselves. A manager sees the people of the teams they manage, ' +
      'owners and admins everybody; each look at somebody is noted for them. Under which names and addresses somebody wrote is ' +
      'told to managers, admins and owners, and to themselves.',
    kept: 'Raw events as long as the workspace says, 90 days unless changed; the facts read out of them as long as the workspace.',
    sentTo: nobody,
    tables: [
      'sources',
      'source_erasures',
      'raw_events',
      'fact_identities',
      'fact_repositories',
      'fact_commits',
      'fact_commit_credits',
      'fact_commit_files',
      'fact_commit_reach',
    ],
    connectors: ['git'],
  },
  {
    id: 'connections',
    title: 'Connections to GitHub',
    collects: [
      'the number and login of the GitHub account, what it granted and until when; the tokens themselves sealed',
      'names of the repositories and organisations that it reaches, once they were listed',
      'which event of which repository a webhook delivered when; what came for an installation that nobody claimed, for a day',
      'whether GitHub lets you read a private repository that the workspace watches, and when it last said so',
    ],
    from: 'Whoever connects GitHub, and GitHub.',
    seenBy:
      'Owners and admins of the workspace see that there is a connection and how it is; what it reaches is told to whoever ' +
      'connected it. A token is shown to nobody. What is in private repositories is shown to whoever may read them at GitHub, ' +
      'unless an owner of the workspace chose to show it to every member.',
    kept: 'Until the connection is erased; tokens until it is disconnected.',
    sentTo: 'GitHub alone.',
    tables: [
      'connections',
      'connection_secrets',
      'connection_flows',
      'connection_repositories',
      'connection_organisations',
      'repository_sights',
      'github_apps',
      'github_installations',
      'hooks',
      'hook_deliveries',
      'hook_marks',
      'github_unclaimed_deliveries',
      'github_app_hooks',
    ],
    connectors: [],
  },
  {
    id: 'forge',
    title: 'Repositories at a forge',
    collects: [
      'pull requests, issues, discussions and releases: title, state, times, labels, and who opened, merged or closed them',
      'reviews and comments: who gave them when, and what a review decided; their text is never kept',
      'which commits and paths a pull request has, and how many lines it adds and removes; never what is in them',
      'deployments, automatic runs and pushes: who set them off, when, and how they went',
      'stars, forks and visits of a repository, its languages, and alerts about what it depends on',
      'the number, login and kind of every account named in any of these',
    ],
    from: 'The forge that a connection reads, for the repositories that somebody chose.',
    seenBy: 'As with commits of local git folders.',
    kept: 'Raw events as long as the workspace says, 90 days unless changed; the facts read out of them as long as the workspace.',
    sentTo: nobody,
    tables: [
      'fact_pull_requests',
      'fact_pull_details',
      'fact_pull_heads',
      'fact_pull_commits',
      'fact_pull_diffs',
      'fact_pull_files',
      'fact_issues',
      'fact_moments',
      'fact_timelines',
      'fact_timeline_moments',
      'fact_reviews',
      'fact_comments',
      'fact_discussions',
      'fact_gone',
      'fact_releases',
      'fact_deployments',
      'fact_deployment_statuses',
      'fact_workflow_runs',
      'fact_check_suites',
      'fact_repository_profiles',
      'fact_refs',
      'fact_pushes',
      'fact_levels',
      'fact_languages',
      'fact_community',
      'fact_stars',
      'fact_forks',
      'fact_alerts',
    ],
    connectors: ['github'],
  },
  {
    id: 'who-is-who',
    title: 'Who is who',
    collects: [
      'which authors are which person, who decided it and why',
      'which authors are machines, and which changes are the work of one',
    ],
    from: 'Managers, admins and owners of the workspace, rules that come with DevPulse, and members who connected GitHub: which account there is theirs.',
    seenBy: 'Managers, admins and owners; the rules that tell machines apart, every member.',
    kept: asTheWorkspace,
    sentTo: nobody,
    tables: [
      'people_links',
      'people_link_log',
      'people_declined_suggestions',
      'people_kind_rules',
      'people_kind_overrides',
      'people_change_overrides',
    ],
    connectors: [],
  },
  {
    id: 'numbers',
    title: 'Numbers and receipts',
    collects: ['sums for each day, person and repository, counted from the facts above'],
    from: 'The facts of the workspace; nothing else goes into a number.',
    seenBy: 'As with the facts they are counted from.',
    kept: 'As long as the facts; they are counted anew whenever a fact changes.',
    sentTo: nobody,
    tables: ['rollup_days', 'rollup_stale'],
    connectors: [],
  },
  {
    id: 'viewers',
    title: 'Who looked at your numbers',
    collects: ['that somebody looked at another person’s numbers, once a day, without the time'],
    from: 'The server, when it answers.',
    seenBy: 'The person looked at, and nobody else.',
    kept: '180 days.',
    sentTo: nobody,
    tables: ['viewer_looks'],
    connectors: [],
  },
  {
    id: 'audit',
    title: 'Audit log',
    collects: [
      'who changed roles, settings, tokens and the like, signed in, exported or deleted; when and from which address',
    ],
    from: 'The server, when it is done.',
    seenBy: 'Owners and admins of the workspace.',
    kept: 'As long as the workspace says, two years unless changed. Of somebody who deleted their account a hash stays.',
    sentTo: nobody,
    tables: ['audit_entries', 'audit_chains'],
    connectors: [],
  },
  {
    id: 'transfers',
    title: 'Exports and imports',
    collects: ['the file you asked for, or sent'],
    from: 'You.',
    seenBy: 'You, in your own session.',
    kept: '24 hours.',
    sentTo: nobody,
    tables: ['transfers', 'transfer_parts'],
    connectors: [],
  },
  {
    id: 'machinery',
    title: 'Keeping the program running',
    collects: [
      'which job ran when, and faults of the program without names, addresses or content',
      'how often an address or token asked lately, under a hash',
      'keys that secrets are sealed with, themselves sealed',
    ],
    from: 'The program.',
    seenBy: 'Whoever runs the instance.',
    kept: '30 days; keys as long as what they seal.',
    sentTo: nobody,
    tables: [
      'job_runs',
      'instance_settings',
      'faults',
      'fault_occurrences',
      'limit_buckets',
      'governor_accounts',
      'governor_quotas',
      'governor_turns',
      'secret_keys',
      'secret_values',
      'schema_migrations',
    ],
    connectors: [],
  },
];

/** What is not collected at all, by design. */
const neverCollected: readonly string[] = [
  'the content of files',
  'keystrokes, screenshots, the windows you have open',
  'anything that is sent to the makers of DevPulse: there is no telemetry',
  'a ranking of people',
];

/** As it is shown. */
export function describePrivacy(): PrivacyView {
  return {
    features: privacyFeatures.map(({ id, title, collects, from, seenBy, kept, sentTo }) => ({
      id,
      title,
      collects: [...collects],
      from,
      seenBy,
      kept,
      sentTo,
    })),
    never: [...neverCollected],
  };
}
