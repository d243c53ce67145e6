/** How numbers and days can be written. The words of the screens stay English; `iso` writes days as 2026-03-01. */
export const locales = {
  'en-GB': 'English: 1,038.5 and 8 Sep 2026',
  'en-US': 'American: 1,038.5 and Sep 8, 2026',
  'de-DE': 'German: 1.038,5 and 8. Sept. 2026',
  'fr-FR': 'French: 1 038,5 and 8 sept. 2026',
  'es-ES': 'Spanish: 1038,5 and 8 sept 2026',
  'it-IT': 'Italian: 1038,5 and 8 set 2026',
  'nl-NL': 'Dutch: 1.038,5 and 8 sep 2026',
  'pl-PL': 'Polish: 1038,5 and 8 wrz 2026',
  'pt-BR': 'Brazilian: 1.038,5 and 8 de set. de 2026',
  'sv-SE': 'Swedish: 1 038,5 and 8 sep. 2026',
  iso: 'ISO: 1,038.5 and 2026-09-08',
} as const;

export type LocaleName = keyof typeof locales;

let chosen: LocaleName = 'en-GB';

/** Writes everything from now on in the way of this locale; what is on screen has to be drawn anew. */
export function setLocale(name: LocaleName): void {
  chosen = name;
}

export function readLocale(): LocaleName {
  return chosen;
}
