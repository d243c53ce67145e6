import { foldText } from './fold-text.ts';

/** What the matching looks at of an identity. */
export interface MatchableIdentity {
  id: string;
  source: string;
  externalKey: string;
  email: string | null;
  login: string | null;
  name: string | null;
  kind: 'person' | 'automation' | 'agent';
}

/** Sources whose logins belong to accounts that somebody signed in to; what a git client writes is not proof of anything. */
const trustedLoginSources: ReadonlySet<string> = new Set([
  'github',
  'gitlab',
  'bitbucket',
  'gitea',
  'forgejo',
  'codeberg',
]);

// Values that many people share and that therefore say nothing about who somebody is.
const sharedMailboxes: ReadonlySet<string> = new Set(
  (
    'root info noreply no-reply donotreply do-not-reply nobody none null unknown anonymous admin administrator webmaster ' +
    'postmaster hostmaster contact support hello help office mail email me git github gitlab svn hg build builder builds ci ' +
    'cd jenkins deploy deployer release releases dev devel developer developers devops ops team user username users guest ' +
    'test tester testing example your you name your.name youremail your.email localhost local vagrant ubuntu ec2-user ' +
    'runner docker debian pi security sales marketing billing service system sysadmin'
  ).split(' '),
);
const placeholderDomains = /(^|\.)(localhost|localdomain|local|lan|home|internal|invalid|\(none\))$/;
const placeholderNames: ReadonlySet<string> = new Set([
  'your name',
  'first last',
  'firstname lastname',
  'john doe',
  'jane doe',
  'test user',
  'test test',
  'root user',
  'system administrator',
  'ubuntu user',
  'git user',
  'default user',
  'unknown unknown',
  'unknown author',
  'not committed yet',
  'no name',
  'no author',
  'cloud user',
  'github user',
  'gitlab user',
]);
const placeholderWords: ReadonlySet<string> = new Set([
  'unknown',
  'admin',
  'administrator',
  'user',
  'root',
  'anonymous',
  'nobody',
  'none',
  'null',
  'undefined',
]);

/** An account on a platform, told from a private commit address. */
export interface HostedAccount {
  host: string;
  login: string;
  /** The account's permanent number; addresses made before 2017 have none, and a login alone can have changed hands. */
  number: string | null;
}

/** The account behind a private commit address such as `123+ada@users.noreply.github.com`. */
export function accountOfAddress(email: string | null): HostedAccount | null {
  const address = email?.trim().toLowerCase() ?? '';
  const github = /^(?:(\d+)\+)?([a-z\d](?:[a-z\d-]*[a-z\d])?)@users\.noreply\.github\.com$/.exec(address);
  if (github !== null) return { host: 'github', login: github[2] ?? '', number: github[1] ?? null };
  const gitlab = /^(\d+)-([a-z\d_][a-z\d_.-]*)@users\.noreply\.gitlab\.com$/.exec(address);
  if (gitlab !== null) return { host: 'gitlab', login: gitlab[2] ?? '', number: gitlab[1] ?? null };
  return null;
}

/** The address when it can tell a person from others, in lower case; else nothing. */
export function tellingAddress(email: string | null): { local: string; domain: string } | null {
  const parts = /^([^\s@<>]+)@([^\s@<>]+\.[^\s@<>.]+)$/.exec(email?.trim().toLowerCase() ?? '');
  if (parts === null) return null;
  const [, local = '', domain = ''] = parts;
  if (sharedMailboxes.has(withoutTag(local)) || placeholderDomains.test(domain)) return null;
  return { local, domain };
}

/** The mailbox an address ends up in: tags behind "+" are dropped, and Gmail ignores dots. */
export function mailboxOf(address: { local: string; domain: string }): string {
  const local = withoutTag(address.local);
  if (address.domain === 'gmail.com' || address.domain === 'googlemail.com')
    return `${local.replaceAll('.', '')}@gmail.com`;
  return `${local}@${address.domain}`;
}

/** A full name worth comparing, folded: at least two words, of which at least two are more than an initial. */
export function fullNameOf(name: string | null): string | null {
  const words = nameWords(name);
  // One character is an initial in an alphabet and a whole name in Chinese.
  const whole = words.filter((word) => [...word].length > 1 || /\p{Script=Han}/u.test(word));
  if (whole.length < 2 || words.some((word) => placeholderWords.has(word))) return null;
  const full = words.join(' ');
  return placeholderNames.has(full) ? null : full;
}

/** Last word and first letter of a name of two words or more, so that "A. Lovelace" goes with "Ada Lovelace". */
export function shortNameOf(name: string | null): string | null {
  const words = nameWords(name);
  const last = words.at(-1);
  const initial = [...(words[0] ?? '')][0];
  if (words.length < 2 || last === undefined || initial === undefined || [...last].length < 2) return null;
  return words.some((word) => placeholderWords.has(word)) ? null : `${initial} ${last}`;
}

/** The login, where the source vouches for it and it is not one of those that everybody has. */
export function trustedLoginOf(identity: MatchableIdentity): string | null {
  if (!trustedLoginSources.has(identity.source) || identity.login === null) return null;
  const login = identity.login.trim().toLowerCase();
  return login === '' || sharedMailboxes.has(login) ? null : login;
}

/** The local part, where it is long enough to be somebody's own. */
export function ownLocalPart(address: { local: string; domain: string }): string | null {
  const local = withoutTag(address.local);
  return local.length < 3 ? null : local;
}

function withoutTag(local: string): string {
  const plus = local.indexOf('+');
  return plus > 0 ? local.slice(0, plus) : local;
}

function nameWords(name: string | null): string[] {
  // "(she/her)", "[Contractor]" and what follows a bar are remarks, not names.
  const bare = (name ?? '').replaceAll(/[([{|].*$/gu, ' ');
  const folded = foldText(bare);
  if (folded.includes('@')) return [];
  const comma = /^([^,]+),([^,]+)$/.exec(folded);
  const inOrder = comma === null ? folded : `${comma[2]} ${comma[1]}`;
  return inOrder.split(/[\s.,]+/u).filter((word) => word !== '');
}
