/**
 * Words of names that could hold what is never collected: what somebody types, sees, shows or hears, where they are, whether
 * they sit still, how they feel. One list for the columns of the store and for everything that can be sent in.
 */
const words: Readonly<Record<string, string>> = {
  keystroke: 'what somebody types',
  keystrokes: 'what somebody types',
  keypress: 'what somebody types',
  keypresses: 'what somebody types',
  keylog: 'what somebody types',
  keydown: 'what somebody types',
  typing: 'what somebody types',
  clipboard: 'what somebody copies',
  screenshot: 'what somebody sees',
  screenshots: 'what somebody sees',
  screencast: 'what somebody sees',
  screen: 'what somebody sees',
  window: 'what somebody sees',
  webcam: 'what somebody shows',
  camera: 'what somebody shows',
  face: 'what somebody shows',
  photo: 'what somebody shows',
  microphone: 'what somebody says',
  audio: 'what somebody says',
  voice: 'what somebody says',
  mouse: 'whether somebody sits still',
  cursorposition: 'whether somebody sits still',
  scroll: 'whether somebody sits still',
  click: 'whether somebody sits still',
  clicks: 'whether somebody sits still',
  idle: 'whether somebody sits still',
  presence: 'whether somebody sits still',
  heartbeat: 'whether somebody sits still',
  heartbeats: 'whether somebody sits still',
  keyboard: 'whether somebody sits still',
  latitude: 'where somebody is',
  longitude: 'where somebody is',
  location: 'where somebody is',
  gps: 'where somebody is',
  geo: 'where somebody is',
  wifi: 'where somebody is',
  browsing: 'what somebody reads',
  visited: 'what somebody reads',
  mood: 'how somebody feels',
  emotion: 'how somebody feels',
  sentiment: 'how somebody feels',
  stress: 'how somebody feels',
  biometric: 'somebody’s body',
  biometrics: 'somebody’s body',
  fingerprint: 'somebody’s body',
  pulse: 'somebody’s body',
  salary: 'what somebody earns',
  payroll: 'what somebody earns',
  rank: 'somebody before others',
  ranking: 'somebody before others',
  leaderboard: 'somebody before others',
};

/** Names that hold such a word and nothing of the kind, each looked at by a person: `<place> <name>`, and what it is. */
export type Reviewed = Readonly<Record<string, string>>;

/** A name and where it stands: `table.column`, `Schema.property`. */
export interface Named {
  place: string;
  name: string;
}

/** The names that could hold what is never collected, with the reason, unless they were looked at. */
export function findSurveillance(names: readonly Named[], reviewed: Reviewed): string[] {
  return names.flatMap(({ place, name }) => {
    const found = splitWords(name).find((word) => Object.hasOwn(words, word));
    if (found === undefined || Object.hasOwn(reviewed, `${place}.${name}`)) return [];
    return [`${place}.${name}: ${words[found]}`];
  });
}

/** Those of the list that no name needs any more. */
export function findUnused(names: readonly Named[], reviewed: Reviewed): string[] {
  const known = new Set(names.map(({ place, name }) => `${place}.${name}`));
  return Object.keys(reviewed).filter((key) => !known.has(key));
}

/** `lastKeyStroke` and `last_key_stroke` are the same three words, and `keyStroke` is `keystroke` as well. */
function splitWords(name: string): string[] {
  const parts = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((part) => part !== '');
  return [...parts, ...parts.slice(1).map((part, index) => `${parts[index] ?? ''}${part}`)];
}
