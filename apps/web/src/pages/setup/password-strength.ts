/** How hard a password is to guess, in words; `enough` is what the server asks for. */
export interface Strength {
  enough: boolean;
  words: string;
}

const least = 10;
const wellKnown = /^(password|passwort|qwerty|qwertz|letmein|welcome|devpulse|iloveyou|admin|abc|123|111|000)/i;

/** Length counts most; what everybody tries first counts least. */
export function rateStrength(password: string): Strength {
  const length = [...password].length;
  if (length === 0)
    return { enough: false, words: `At least ${least} characters. A few words in a row are easy to keep.` };
  if (length < least) return { enough: false, words: `${least - length} more to go.` };
  const kinds = new Set(password).size;
  if (kinds < 5) return { enough: true, words: 'Weak: hardly any different characters.' };
  if (wellKnown.test(password)) return { enough: true, words: 'Weak: it begins like the ones that are tried first.' };
  if (length >= 20 && kinds >= 10) return { enough: true, words: 'Very strong.' };
  if (length >= 14) return { enough: true, words: 'Strong.' };
  return { enough: true, words: 'Good enough. Longer is better.' };
}
