import type { MergeSignal } from '@devpulse/contract/wire/people';
import {
  accountOfAddress,
  fullNameOf,
  type HostedAccount,
  mailboxOf,
  type MatchableIdentity,
  ownLocalPart,
  shortNameOf,
  tellingAddress,
  trustedLoginOf,
} from './identity-traits.ts';

/** Two identities that may be the same person, and what speaks for it. */
export interface MergeSuggestion {
  a: string;
  b: string;
  personA: string;
  personB: string;
  reasons: { signal: MergeSignal; words: string }[];
  /** 0 to 1; says in which order to look at them, and is never a reason to act by itself. */
  confidence: number;
}

/** One value that several identities have in common. */
interface Trait {
  signal: MergeSignal;
  key: string;
  words: string;
  weight: number;
  /** More persons than this sharing the value means that the value says nothing. */
  personsMax: number;
  /** What else the two must have: the same account number where both have one, or different platforms. */
  also?: { mark: string | null; must: 'agree' | 'differ' };
}

interface Member {
  id: string;
  trait: Trait;
}

// A workspace of thousands has people with ten addresses; a name that thirty persons bear is a placeholder we do not know.
const weakPersonsMax = 30;

/**
 * Finds identities that may be the same person. Pure. Two persons are suggested once, by the strongest pair, and the
 * suggestions form no circles: following all of them joins everybody who belongs together.
 * @param declined pairs of identities that somebody said are not the same; the persons behind them stay apart for good
 */
export function suggestMerges(
  identities: readonly MatchableIdentity[],
  links: ReadonlyMap<string, string>,
  declined: readonly (readonly [string, string])[],
): MergeSuggestion[] {
  const personOf = (id: string): string => links.get(id) ?? id;
  const apart = new Set(declined.map(([a, b]) => pairKey(personOf(a), personOf(b))));
  const people = identities.filter((identity) => identity.kind === 'person').toSorted((a, b) => compare(a.id, b.id));
  const found = new Map<string, MergeSuggestion>();
  for (const members of groupByTrait(people)) {
    if (new Set(members.map(({ id }) => personOf(id))).size > (members[0]?.trait.personsMax ?? 0)) continue;
    for (const [a, b] of pairUp(members, personOf, apart)) {
      // Of two ways to say the same thing, the weaker one holds for the pair.
      const trait = a.trait.weight <= b.trait.weight ? a.trait : b.trait;
      addReason(found, { a: a.id, b: b.id, personA: personOf(a.id), personB: personOf(b.id) }, trait);
    }
  }
  return withoutCircles([...found.values()]);
}

/** Groups by value, the strongest signal first, so that what it implies is known when the weaker ones come. */
function groupByTrait(people: readonly MatchableIdentity[]): Member[][] {
  const groups = new Map<string, Member[]>();
  for (const identity of people) {
    for (const trait of traitsOf(identity)) {
      const key = `${trait.signal} ${trait.key}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [{ id: identity.id, trait }]);
      else group.push({ id: identity.id, trait });
    }
  }
  const weightOf = ([, members]: [string, Member[]]): number => members[0]?.trait.weight ?? 0;
  return [...groups]
    .filter(([, members]) => members.length > 1)
    .toSorted((x, y) => weightOf(y) - weightOf(x) || compare(x[0], y[0]))
    .map(([, members]) => members);
}

function traitsOf(identity: MatchableIdentity): Trait[] {
  const { name, email } = identity;
  const traits = accountTraits(identity);
  const address = accountOfAddress(email) === null ? tellingAddress(email) : null;
  if (address !== null) {
    const exact = `${address.local}@${address.domain}`;
    const mailbox = mailboxOf(address);
    const local = ownLocalPart(address);
    const short = shortNameOf(name);
    traits.push(strong('email', exact, `the same e-mail address, ${exact}`, 0.98));
    traits.push(strong('mailbox', mailbox, `addresses of the same mailbox, ${mailbox}`, 0.9));
    if (local !== null && short !== null) {
      traits.push(
        weak('mailbox_name', `${local} ${short}`, `“${local}” before the @ and the same last name and initial`, 0.6),
      );
    }
  }
  const full = fullNameOf(name);
  if (full !== null) traits.push(weak('name', full, `the same full name, “${name?.trim()}”`, 0.7));
  return traits;
}

function accountTraits(identity: MatchableIdentity): Trait[] {
  const account = accountOfAddress(identity.email);
  const traits: Trait[] = [];
  if (account !== null) {
    if (account.number !== null) traits.push(byNumber(account.host, account.number));
    // Without the number the login may have been somebody else's at the time.
    traits.push(byLogin(account, account.number === null ? 0.85 : 0.93));
  }
  const login = trustedLoginOf(identity);
  if (login !== null) {
    const number = /^id:(\d+)$/.exec(identity.externalKey)?.[1] ?? null;
    if (number !== null) traits.push(byNumber(identity.source, number));
    traits.push(byLogin({ host: identity.source, login, number }, 0.95));
    traits.push({
      ...weak('login', login, `the same login, “${login}”, on different platforms`, 0.6),
      also: { mark: identity.source, must: 'differ' },
    });
  }
  return traits;
}

function byNumber(host: string, number: string): Trait {
  return strong('account', `${host} number ${number}`, `the same ${host} account, number ${number}`, 0.97);
}

/** Logins are given out again: two accounts with different numbers are two accounts, whatever they are called. */
function byLogin(account: HostedAccount, weight: number): Trait {
  const { host, login, number } = account;
  return {
    ...weak('account', `${host} login ${login}`, `the ${host} account “${login}”`, weight),
    also: { mark: number, must: 'agree' },
  };
}

function strong(signal: MergeSignal, key: string, words: string, weight: number): Trait {
  return { signal, key, words, weight, personsMax: Number.POSITIVE_INFINITY };
}

function weak(signal: MergeSignal, key: string, words: string, weight: number): Trait {
  return { signal, key, words, weight, personsMax: weakPersonsMax };
}

/**
 * Each person of a group with the first one it may be joined with: as many pairs as persons, never all with all. Only who
 * was told apart from every person before starts a new centre.
 */
function pairUp(
  members: readonly Member[],
  personOf: (id: string) => string,
  apart: ReadonlySet<string>,
): [Member, Member][] {
  const centres: Member[] = [];
  const placed = new Set<string>();
  const pairs: [Member, Member][] = [];
  for (const member of members) {
    const person = personOf(member.id);
    if (placed.has(person)) continue;
    placed.add(person);
    const centre = centres.find(
      (other) => goTogether(other.trait, member.trait) && !apart.has(pairKey(personOf(other.id), person)),
    );
    if (centre === undefined) centres.push(member);
    else pairs.push([centre, member]);
  }
  return pairs;
}

function goTogether(a: Trait, b: Trait): boolean {
  const [x, y] = [a.also?.mark ?? null, b.also?.mark ?? null];
  if (x === null || y === null) return true;
  return a.also?.must === 'differ' ? x !== y : x === y;
}

function addReason(
  found: Map<string, MergeSuggestion>,
  pair: Omit<MergeSuggestion, 'reasons' | 'confidence'>,
  trait: Trait,
): void {
  const key = pairKey(pair.personA, pair.personB);
  const known = found.get(key);
  const reason = { signal: trait.signal, words: trait.words };
  if (known === undefined) {
    found.set(key, { ...pair, reasons: [reason], confidence: trait.weight });
    return;
  }
  // An address that is the same to the letter is of the same mailbox, too; that is one reason, not two.
  if (known.reasons.some((other) => isSaidBy(other.signal, trait.signal))) return;
  known.reasons.push(reason);
  known.confidence = Math.round((1 - (1 - known.confidence) * (1 - trait.weight)) * 1000) / 1000;
}

function isSaidBy(known: MergeSignal, signal: MergeSignal): boolean {
  return (
    known === signal ||
    (known === 'email' && signal === 'mailbox') ||
    ((known === 'email' || known === 'mailbox') && signal === 'mailbox_name')
  );
}

/** Takes the strongest first and leaves out what would join two persons that are joined by then. */
function withoutCircles(suggestions: MergeSuggestion[]): MergeSuggestion[] {
  const parent = new Map<string, string>();
  const rootOf = (person: string): string => {
    let root = person;
    while (parent.has(root)) root = parent.get(root) ?? root;
    // Without shortening the way, a chain of thousands would be walked thousands of times.
    for (let at = person; at !== root;) {
      const next = parent.get(at) ?? root;
      parent.set(at, root);
      at = next;
    }
    return root;
  };
  return suggestions
    .toSorted((x, y) => y.confidence - x.confidence || compare(x.a, y.a) || compare(x.b, y.b))
    .filter(({ personA, personB }) => {
      const a = rootOf(personA);
      const b = rootOf(personB);
      if (a !== b) parent.set(a, b);
      return a !== b;
    });
}

function pairKey(a: string, b: string): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
