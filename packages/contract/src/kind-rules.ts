import { type KnownMachine, knownAgents, knownAutomation } from './known-machines.ts';

/** What an identity can be. Only a `person` is ever credited with anything. */
export const identityKinds = ['person', 'automation', 'agent'] as const;
export type IdentityKind = (typeof identityKinds)[number];

/** What a rule can look at. */
export const kindRuleFields = ['source_kind', 'login', 'email', 'name'] as const;
export type KindRuleField = (typeof kindRuleFields)[number];

/** One rule that tells automation and agents from people, with the reason that is shown beside what it decides. */
export interface KindRule {
  field: KindRuleField;
  /** `*` stands for any run of characters, none included; compared in lower case, over the whole text. */
  pattern: string;
  kind: IdentityKind;
  reason: string;
  /** Lower wins; the first rule that matches decides. */
  priority: number;
}

/** The order in which rules are asked: rules that people add come before all built-in ones. */
export const kindRulePriority = {
  own: 10,
  agent: 20,
  automation: 30,
  source: 40,
  exception: 50,
  pattern: 60,
} as const;

/** What the source itself says, and what the shape of a name says where no name is known. */
const generalRules: readonly KindRule[] = [
  ...['bot', 'app', 'app_user', 'project_bot', 'service_account'].map((pattern): KindRule => ({
    field: 'source_kind',
    pattern,
    kind: 'automation',
    reason: `The source itself says that the account is a machine (${pattern}).`,
    priority: kindRulePriority.source,
  })),
  // "Bot" is a Dutch surname, and a hyphen is how double surnames are written: "Anna Jansen-Bot".
  {
    field: 'name',
    pattern: '* *-bot',
    kind: 'person',
    reason: 'Several words that end in “-Bot” are a double surname, not a machine.',
    priority: kindRulePriority.exception,
  },
  byShape('login', '*[bot]', 'GitHub ends the login of every app in “[bot]”.'),
  byShape('name', '*[bot]', 'GitHub ends the login of every app in “[bot]”.'),
  byShape('email', '*[bot]@users.noreply.github.com', 'The private commit address of a GitHub app.'),
  byShape('login', '*-bot', 'Accounts of machines are commonly called “something-bot”.'),
  byShape('name', '*-bot', 'Accounts of machines are commonly called “something-bot”.'),
  // No rule says anything of other private addresses: most people on GitHub commit with one.
  byShape(
    'email',
    '*-bot@users.noreply.github.com',
    'The private commit address of an account called “something-bot”.',
  ),
  byShape('login', 'project_*_bot*', 'GitLab names the account behind a project access token so.'),
  byShape('login', 'group_*_bot*', 'GitLab names the account behind a group access token so.'),
  byShape('email', 'project_*_bot*@noreply.*', 'The commit address of a GitLab project access token.'),
  byShape('email', 'group_*_bot*@noreply.*', 'The commit address of a GitLab group access token.'),
];

/** The rules that every workspace has. A rule that is withdrawn here disappears from the workspaces as well. */
export const builtInKindRules: readonly KindRule[] = [
  ...knownAgents.flatMap((machine) => spellOut(machine, 'agent')),
  ...knownAutomation.flatMap((machine) => spellOut(machine, 'automation')),
  ...generalRules,
];

function byShape(field: KindRuleField, pattern: string, reason: string): KindRule {
  return { field, pattern, kind: 'automation', reason, priority: kindRulePriority.pattern };
}

function spellOut(machine: KnownMachine, kind: 'agent' | 'automation'): KindRule[] {
  const rule = (field: KindRuleField, pattern: string, what: string): KindRule => ({
    field,
    pattern,
    kind,
    reason: `${machine.title}: ${what}.`,
    priority: kindRulePriority[kind],
  });
  // "+" before the login: "*copilot@…" would also take a person called "nightcopilot".
  return [
    ...(machine.apps ?? []).flatMap((app) => [
      rule('login', `${app}[bot]`, 'its app'),
      rule('name', `${app}[bot]`, 'its app'),
      rule('email', `*+${app}[bot]@users.noreply.github.com`, 'the private commit address of its app'),
    ]),
    ...(machine.logins ?? []).flatMap((login) => [
      rule('login', login, 'its account'),
      rule('email', `*+${login}@users.noreply.github.com`, 'the private commit address of its account'),
    ]),
    ...(machine.emails ?? []).map((email) => rule('email', email, 'its commit address')),
    ...(machine.names ?? []).map((name) => rule('name', name, 'the name it signs with')),
  ];
}
