import { readFileSync } from 'node:fs';
import type { Oklch } from './oklch.ts';

/** The two themes. */
export type Theme = 'light' | 'dark';

/** All colours of tokens.css by name, in both themes; those of a palette replace the ones of the same name. */
export function readTokens(palette?: string): Record<Theme, Map<string, Oklch>> {
  const css = readFileSync(new URL('../tokens.css', import.meta.url), 'utf8');
  const tokens = { light: new Map<string, Oklch>(), dark: new Map<string, Oklch>() };
  const sections = [cutBlock(css, '@theme static')];
  if (palette !== undefined) sections.push(cutBlock(css, `[data-palette='${palette}']`));
  for (const section of sections) {
    for (const [, name, light, dark] of section.matchAll(pair)) {
      tokens.light.set(name ?? '', readColour(light ?? ''));
      tokens.dark.set(name ?? '', readColour(dark ?? ''));
    }
  }
  return tokens;
}

const pair = /--color-([\w-]+):\s*light-dark\(oklch\(([^)]+)\),\s*oklch\(([^)]+)\)\)/g;

function readColour(text: string): Oklch {
  const [l = Number.NaN, c = Number.NaN, h = Number.NaN] = text.trim().split(/\s+/).map(Number);
  return { l, c, h };
}

function cutBlock(css: string, head: string): string {
  const from = css.indexOf(head);
  if (from === -1) throw new Error(`tokens.css has no ${head}`);
  const open = css.indexOf('{', from);
  let depth = 0;
  for (let at = open; at < css.length; at += 1) {
    if (css[at] === '{') depth += 1;
    if (css[at] === '}') depth -= 1;
    if (depth === 0) return css.slice(open, at);
  }
  throw new Error(`the block ${head} of tokens.css has no end`);
}
