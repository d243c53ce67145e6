import { renderToStaticMarkup } from 'react-dom/server';
import type { ReactNode } from 'react';

/** The markup of something, with no-break spaces as spaces. */
export function render(node: ReactNode): string {
  return renderToStaticMarkup(node).replaceAll('\u00a0', ' ').replaceAll('&#x27;', "'");
}

/** What a reader sees or hears of markup, without tags. */
export function textOf(markup: string): string {
  return markup
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** All elements that have this attribute, as their opening tags. */
export function tagsWith(markup: string, attribute: string): string[] {
  return [...markup.matchAll(/<[a-z][^>]*>/g)].map(([tag]) => tag).filter((tag) => tag.includes(attribute));
}

/** The value of an attribute of an opening tag. */
export function attributeOf(tag: string | undefined, name: string): string | undefined {
  return tag?.match(new RegExp(` ${name}="([^"]*)"`))?.[1];
}

/** The cells of the first table, row by row, head first. */
export function tableOf(markup: string): string[][] {
  const table = /<table[\s\S]*?<\/table>/.exec(markup)?.[0] ?? '';
  return [...table.matchAll(/<tr[^>]*>([\s\S]*?)<\/tr>/g)].map(([, row]) =>
    [...(row ?? '').matchAll(/<t[hd][^>]*>([\s\S]*?)<\/t[hd]>/g)].map(([, cell]) => textOf(cell ?? '')),
  );
}
