import type { IdentityView, ListedIdentity } from '@devpulse/contract/wire/people';

/** How an author is called: by name, or else by what the source knows them by. */
export function nameAuthor({ name, login, email }: Pick<IdentityView, 'name' | 'login' | 'email'>): string {
  return name ?? (login === null ? (email ?? 'No name') : `@${login}`);
}

const sourceNames: Readonly<Record<string, string>> = { github: 'GitHub', gitlab: 'GitLab' };

/** `ada@example.org in git`, `@ada on GitHub`: by what else the source knows them. */
export function describeTrace({ name, login, email, source }: IdentityView): string {
  const place = source === 'git' ? 'in git' : `on ${sourceNames[source] ?? source}`;
  const account = name === null || login === null ? null : `@${login}`;
  const address = name === null && login === null ? null : email;
  return [account, address]
    .filter((part) => part !== null)
    .join(', ')
    .concat(` ${place}`)
    .trim();
}

const kinds = { person: 'Person', automation: 'Automation', agent: 'Agent' } as const;

/** What it is, and what said so; of people whom no rule names there is nothing to say. */
export function describeKind({ kind, kindSignal, kindDecided }: IdentityView): string | null {
  if (kind === 'person' && !kindDecided) return null;
  const words = kindSignal
    .replace(/^decided: ?/, '')
    .replace(/^source_kind is like/, 'the account’s type is like')
    .replace(/^email is like/, 'the e-mail address is like')
    .replace(/^(login|name) is like/, 'the $1 is like');
  return `${kinds[kind]}: ${kindDecided ? `somebody decided, “${words}”` : words}`;
}

/** Whose it is; nothing for machines, who are nobody, and while nobody said it. */
export function describeOwner(identity: ListedIdentity, meId: string): string | null {
  const { kind, person, proof } = identity;
  if (kind !== 'person') return null;
  if (!person.isMember) return person.id === identity.id ? null : `Together with ${person.name}, who is no member`;
  const who = person.id === meId ? 'You' : person.name;
  return proof === null ? who : `${who}, ${proof.words}`;
}
