/** The most and fewest characters that the address of a workspace has. */
export const slugLengths = { least: 2, most: 40 } as const;

const shape = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** Words that would be mistaken for a page, a part of the program, or its makers. */
const reserved: ReadonlySet<string> = new Set(
  (
    'about account accounts admin api app assets auth blog demo devpulse docs false health help home ' +
    'invitation invitations join login logout me metrics new null official openapi operator owner pair ' +
    'privacy public repositories root security settings setup sign-in sign-out sign-up sources static status ' +
    'support system team teams true undefined workspace workspaces www'
  ).split(' '),
);

/** What is wrong with the address of a workspace, in words; null: nothing. */
export function faultOfSlug(slug: string): string | null {
  if (slug.length < slugLengths.least || slug.length > slugLengths.most)
    return `must have ${slugLengths.least} to ${slugLengths.most} characters`;
  if (!shape.test(slug)) return 'must be made of small letters, digits and single hyphens between them';
  return reserved.has(slug) ? 'is kept for DevPulse itself; choose another' : null;
}

/** An address made of a name, as far as its letters allow; empty where none of them does. */
export function proposeSlug(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036F'’]/g, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('æ', 'ae')
    .replaceAll('œ', 'oe')
    .replaceAll('ø', 'o')
    .replaceAll('ł', 'l')
    .replaceAll('đ', 'd')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, slugLengths.most)
    .replaceAll(/^-|-$/g, '');
  return faultOfSlug(plain) === null ? plain : faultOfSlug(`${plain}-team`) === null ? `${plain}-team` : '';
}
