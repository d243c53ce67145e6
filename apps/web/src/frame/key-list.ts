/** What the keys do; the dialog draws it and `readKeys` obeys it. */
export const keyList = [
  { keys: ['g', 'h'], act: 'home', does: 'Go home' },
  { keys: ['g', 'r'], act: 'repositories', does: 'Go to the repositories' },
  { keys: ['g', 's'], act: 'sources', does: 'Go to the sources' },
  { keys: ['r'], act: 'receipt', does: 'Open the receipt of the tile in focus' },
  { keys: ['t'], act: 'table', does: 'Show the tile in focus as a table, and back' },
  { keys: ['['], act: 'fold', does: 'Fold and unfold the side bar' },
  { keys: ['?'], act: 'list', does: 'Show this list' },
] as const satisfies readonly { keys: readonly string[]; act: string; does: string }[];

export type KeyAct = (typeof keyList)[number]['act'];

/** Follows what is typed: `null` for nothing yet. A first stroke is forgotten after a second and a half. */
export function createKeyReader(): (key: string, at: number) => KeyAct | null {
  let first: { key: string; at: number } | null = null;
  return (key, at) => {
    const before = first !== null && at - first.at < 1_500 ? first.key : null;
    first = null;
    const strokes = before === null ? [key] : [before, key];
    const found = keyList.find(
      ({ keys }) => keys.length === strokes.length && keys.every((one, place) => one === strokes[place]),
    );
    if (found !== undefined) return found.act;
    if (keyList.some(({ keys }) => keys.length > 1 && keys[0] === key)) first = { key, at };
    return null;
  };
}
