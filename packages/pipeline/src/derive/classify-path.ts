import { languagesByExtension, languagesByName, leftOutRules, type LeftOutPath } from './path-rules.ts';

/** What a path alone tells: the language, and whether its lines are somebody's work at all. */
export function classifyPath(path: string): { language: string | null; leftOut: LeftOutPath | null } {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 ? name.slice(dot + 1) : '';
  return {
    language: ownEntry(languagesByName, name) ?? ownEntry(languagesByExtension, extension),
    leftOut: leftOutRules.find((rule) => rule.pattern.test(path))?.reason ?? null,
  };
}

// File names are written by others: `constructor` must not find what every object has.
function ownEntry(table: Readonly<Record<string, string>>, key: string): string | null {
  return Object.hasOwn(table, key) ? (table[key] ?? null) : null;
}
