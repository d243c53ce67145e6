import type { IdentityRef } from '@devpulse/contract/facts';
import { boundKey, cutText, tieBreaker } from './bound-text.ts';
import { cleanText } from './clean-text.ts';
import type { MentionRow, ShapedFamily } from './fact-rows.ts';
import type { Family, FamilyFact, Kept, Rule } from './families/define-family.ts';
import { families, familyOf } from './families/families.ts';
import { type IdentityBook, identityKey, type Origin, repositoryId } from './shape-identities.ts';

const textMax = 1000;

/**
 * Turns facts of a forge into rows by their declarations, pure. Whoever is named in any version becomes known, also in one that
 * loses: so it cannot matter how facts fall into batches.
 */
export class FamilyShaper {
  readonly #book: IdentityBook;
  readonly #best = new Map<Family, Map<string, Version>>();
  readonly #mentions = new Map<string, MentionRow>();

  constructor(book: IdentityBook) {
    this.#book = book;
  }

  add(origin: Origin, fact: FamilyFact): void {
    const family: Family | undefined = Object.hasOwn(familyOf, fact.fact) ? familyOf[fact.fact] : undefined;
    // What nothing keeps must not pass for read.
    if (family === undefined) throw new Error(`there is no table for facts "${fact.fact}"`);
    const version = this.#shape(origin, family, fact);
    const known = this.#best.get(family) ?? new Map<string, Version>();
    this.#best.set(family, known);
    const key = JSON.stringify(family.key.map((column) => version.row[column]));
    const other = known.get(key);
    if (other === undefined || winsOver(version, other)) known.set(key, version);
  }

  #shape(origin: Origin, family: Family, fact: Readonly<Record<string, unknown>>): Version {
    const toldAt = family.toldAt === null ? undefined : toInstant(fact[family.toldAt] as string);
    const know = (ref: IdentityRef, at: string, hasActed = true): string =>
      this.#book.add(origin, ref, { at, hasActed, ...(toldAt === undefined ? {} : { toldAt }) });
    const row: Record<string, unknown> = {};
    // What two workspaces would say alike: their ids differ, and the same version must win in both.
    const content: unknown[] = [];
    for (const { field, name, kept } of family.columns) {
      const told = fact[field];
      if (told === null || told === undefined) {
        row[name] = null;
        content.push(null);
      } else if (kept.as === 'repository') {
        row[name] = this.#mention(origin, told as string);
        content.push(cleanText(told as string));
      } else if (kept.as === 'who') {
        row[name] = know(told, toInstant(fact[kept.at] as string), kept.hasActed);
        content.push(identityKey(told));
      } else {
        row[name] = keep(kept.as, told);
        // When it was said is no part of what was said.
        if (name !== 'seen_at') content.push(row[name]);
      }
    }
    const { list } = family;
    if (list === null) return toVersion(family, row, content, []);
    const told = fact[list.field] as never[];
    row[list.counted] = told.length;
    content.push(told.map((item) => list.shape(item, identityKey)));
    const items = told.map((item, place) => ({ place, ...list.shape(item, (ref, at) => know(ref, at)) }));
    return toVersion(family, row, content, items);
  }

  #mention(origin: Origin, key: string): string {
    const id = repositoryId(origin, key);
    this.#mentions.set(id, { id, source: origin.source, external_key: cleanText(key) });
    return id;
  }

  /** The repositories that facts are about, ordered by id. */
  mentions(): MentionRow[] {
    return [...this.#mentions.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** The rows that win, ordered by key, family by family. */
  rows(): ShapedFamily[] {
    return families.flatMap((family) => {
      const versions = [...(this.#best.get(family) ?? [])].toSorted(([a], [b]) => (a < b ? -1 : 1));
      if (versions.length === 0) return [];
      return {
        fact: family.fact,
        rows: versions.map(([, version]) => version.row),
        items: versions.flatMap(([, version], of) => version.items.map((item) => ({ of, ...item }))),
      };
    });
  }
}

interface Version {
  row: Record<string, unknown>;
  items: (Record<string, unknown> & { place: number })[];
  /** Weightiest first. */
  weight: (number | string)[];
}

function toVersion(family: Family, row: Record<string, unknown>, content: unknown[], items: Version['items']): Version {
  const hash = tieBreaker(JSON.stringify(content));
  row['content_hash'] = hash;
  return { row, items, weight: [...family.wins.map((rule) => weigh(rule, row[rule.column])), hash] };
}

function weigh(rule: Rule, value: unknown): number | string {
  switch (rule.by) {
    case 'most':
      return value as number | string;
    case 'order':
      return rule.values.indexOf(String(value));
    case 'known':
      return value === null ? 0 : 1;
  }
}

function winsOver(one: Version, other: Version): boolean {
  for (const [place, weight] of one.weight.entries()) {
    const against = other.weight[place] ?? '';
    if (weight !== against) return weight > against;
  }
  return false;
}

function keep(as: Exclude<Kept['as'], 'repository' | 'who'>, told: unknown): unknown {
  switch (as) {
    case 'text':
      return cutText(told as string, textMax);
    case 'key':
      return boundKey(cleanText(told as string));
    case 'instant':
      return toInstant(told as string);
    case 'texts':
      return (told as string[]).map((text) => cutText(text, textMax));
    case 'counts':
      return Object.fromEntries(
        Object.entries(told as Record<string, number>)
          .map(([name, count]) => [cleanText(name), count] as const)
          .toSorted(([a], [b]) => (a < b ? -1 : 1)),
      );
    default:
      return told;
  }
}

/** One spelling of an instant, so that texts compare as instants do. */
export function toInstant(at: string): string {
  return new Date(at).toISOString();
}
