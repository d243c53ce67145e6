import { deliveryFamilies } from './delivery.ts';
import type { Family, FamilyFact } from './define-family.ts';
import { repositoryFamilies } from './repositories.ts';
import { threadFamilies } from './threads.ts';

/** How each fact of a forge is kept, by its name. */
export const familyOf: Readonly<Record<FamilyFact['fact'], Family>> = {
  ...threadFamilies,
  ...deliveryFamilies,
  ...repositoryFamilies,
};

/** All of them, always in one order: two writers that lock in the same order cannot block each other for ever. */
export const families: readonly Family[] = Object.values(familyOf);

/** The columns of a family's table that hold identities, and those of its list. */
export function peopleOf(family: Family): { table: string; column: string; at: string; hasActed: boolean }[] {
  const own = family.columns.flatMap(({ name, kept }) =>
    kept.as === 'who'
      ? [{ table: family.table, column: name, at: columnNamed(family, kept.at), hasActed: kept.hasActed }]
      : [],
  );
  const { list } = family;
  const listed = (list?.people ?? []).map((column) => ({ table: list?.table ?? '', column, at: 'at', hasActed: true }));
  return [...own, ...listed];
}

function columnNamed(family: Family, field: string): string {
  return family.columns.find((column) => column.field === field)?.name ?? field;
}
