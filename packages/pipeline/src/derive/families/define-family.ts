import type { IdentityRef } from '@devpulse/contract/facts';
import type { DeliveryFact } from '@devpulse/contract/facts/delivery';
import type { RepositoryRelatedFact } from '@devpulse/contract/facts/repositories';
import type { ThreadFact } from '@devpulse/contract/facts/threads';

/** Facts of which an account is told of and nothing else; they become identities and no rows. */
export type AccountFact = Extract<RepositoryRelatedFact, { fact: 'account' }>;
/** Facts that are declared here, each with a table of its own. */
export type FamilyFact = Exclude<ThreadFact | DeliveryFact | RepositoryRelatedFact, AccountFact>;

/**
 * How a field is kept.
 * `repository`: its key becomes the id. `who`: an identity, told of at the instant in another field. `text`: cut to what a
 * screen shows. `key`: text that is part of a key, never cut short of what tells it apart. `texts`, `counts`: lists and tables
 * of them.
 */
export type Kept =
  | { as: 'repository' | 'text' | 'key' | 'instant' | 'day' | 'integer' | 'bigint' | 'flag' | 'texts' | 'counts' }
  | { as: 'who'; at: string; hasActed: boolean };

/** Who did something, at the instant in this field. */
export const who = (at: string): Kept => ({ as: 'who', at, hasActed: true });
/** Somebody who is told of without having done anything. */
export const bystander = (at: string): Kept => ({ as: 'who', at, hasActed: false });

/** The type of each in the store. */
export const storeTypes: Record<Kept['as'], string> = {
  repository: 'uuid',
  who: 'uuid',
  text: 'text',
  key: 'text',
  instant: 'timestamptz',
  day: 'date',
  integer: 'integer',
  bigint: 'bigint',
  flag: 'boolean',
  texts: 'text[]',
  counts: 'jsonb',
};

/** A field that is a list: its items are rows of a table of their own, in order, and go with the row they belong to. */
export interface List {
  field: string;
  table: string;
  /** Column of the row that holds how many there are. */
  counted: string;
  /** Columns of an item, each with its type in the store. */
  columns: Record<string, string>;
  /** Which of them hold identities. */
  people: readonly string[];
  /** The row of an item; `know` makes ids, or keys, of those who are told of. */
  shape(item: never, know: (ref: IdentityRef, at: string) => string): Record<string, unknown>;
}

/** By what one version wins over another, weightiest first; of two that are equal in all of it the content's hash decides. */
export type Rule =
  /** The later instant, or the larger number. */
  | { by: 'most'; column: string }
  /** Whichever stands further back in this list; what is not in it stands before all. */
  | { by: 'order'; column: string; values: readonly string[] }
  /** What is known before what is not. */
  | { by: 'known'; column: string };

/** A family as the engine reads it. */
export interface Family {
  fact: FamilyFact['fact'];
  table: string;
  /** Columns of the primary key, after the workspace; the repository comes first. */
  key: readonly string[];
  columns: readonly { field: string; name: string; kept: Kept }[];
  list: List | null;
  wins: readonly Rule[];
  /** The field in which the source dates a telling that names somebody. */
  toldAt: string | null;
  /** How `lens_acts` names what such a row is about; null where no number is made of it yet. */
  act: { what: string; item: string; number: string | null } | null;
}

type FieldOf<Of extends FamilyFact> = Exclude<keyof Of & string, 'fact'>;

/** What a family says of itself. Every field of the fact must be kept, by a column or as the list. */
interface Declared<Of extends FamilyFact, Listed extends FieldOf<Of> = never> {
  fact: Of['fact'];
  table: string;
  key: readonly FieldOf<Of>[];
  fields: { [Field in Exclude<FieldOf<Of>, Listed>]: Kept | Exclude<Kept['as'], 'who'> };
  list?: List & { field: Listed };
  wins?: readonly Rule[];
  toldAt?: FieldOf<Of>;
  act: Family['act'];
}

/** Declares how a fact is kept: shaping, storing, proving, exporting and erasing all go by this. */
export function defineFamily<Of extends FamilyFact, Listed extends FieldOf<Of> = never>(
  declared: Declared<Of, Listed>,
): Family {
  const columns = Object.entries<Kept | Exclude<Kept['as'], 'who'>>(declared.fields).map(([field, told]) => {
    const kept: Kept = typeof told === 'string' ? { as: told } : told;
    return { field, name: columnOf(field, kept), kept };
  });
  const nameOf = (field: string): string => columns.find((column) => column.field === field)?.name ?? field;
  return {
    fact: declared.fact,
    table: declared.table,
    key: declared.key.map(nameOf),
    columns,
    list: declared.list ?? null,
    wins: declared.wins ?? [],
    toldAt: declared.toldAt ?? null,
    act: declared.act,
  };
}

function columnOf(field: string, kept: Kept): string {
  const name = field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return kept.as === 'repository' || kept.as === 'who' ? `${name}_id` : name;
}

/** The newest telling wins: first by the source's date, then by when it said so, then by what can only have come later. */
export function newest(column: 'updated_at' | 'observed_at' | 'as_of', ...more: Rule[]): Rule[] {
  const seen: Rule[] = column === 'observed_at' ? [] : [{ by: 'most', column: 'seen_at' }];
  return [{ by: 'most', column }, ...seen, ...more];
}
