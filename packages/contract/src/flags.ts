/**
 * What an instance can be told to leave out. A closed list: each is on or off for the whole instance, from the command line,
 * and read by server and screens. Nothing is rolled out by share or by person, and nobody elsewhere decides.
 */
export const flags = {
  demo: {
    says: 'Offers a workspace of made-up data to whoever may add sources',
    isOnByDefault: true,
  },
} as const satisfies Record<string, { says: string; isOnByDefault: boolean }>;

export type Flag = keyof typeof flags;
export const flagNames = Object.keys(flags) as Flag[];
