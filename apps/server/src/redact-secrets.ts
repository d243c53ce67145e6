const redacted = '[redacted]';

// Every repetition has an upper bound: a line may hold what a stranger sent, and an unbounded one took 33 s for 200 kB.
const secretName = [
  '(?:proxy-)?authorization|(?:__Host-)?devpulse_(?:session|state|sign_in|two_factor|device)(?:_\\d{1,5})?|(?:set-)?cookie',
  '[\\w-]{0,40}(?:password|passwd|passphrase|secret|token|api[_-]?key|private[_-]?key|(?:master|signing|encryption|data)[_-]?key)',
  '(?:database|redis|smtp)[_-]?url|credentials?|pepper|devpulse_key',
  // What stands in for a password or a second factor for once.
  '(?:totp|otp)(?:[_-]?(?:uri|url|code))?|(?:recovery|backup|verification|device|user)[_-]?codes?|code[_-]?verifier',
].join('|');

/** What a secret looks like wherever it stands: in a message, a stack, a query string. */
const shapes: [RegExp, string][] = [
  // name=value in addresses, forms and connection strings.
  [new RegExp(`\\b(${secretName})=[^\\s&;"'\\\\]+`, 'gi'), `$1=${redacted}`],
  [/\b(bearer|basic)\s{1,9}[\w.~+/=-]{8,}/gi, `$1 ${redacted}`],
  // What GitHub sends back to a browser that signed in.
  [/([?&](?:code|state)=)[^\s&"'\\]{8,}/g, `$1${redacted}`],
  // The same as a header, in text that quotes one.
  [/\b(x-[\w-]{0,30}(?:token|key|signature)|(?:set-)?cookie)(\s{0,3}:\s{0,3})[^\s"'\\]+/gi, `$1$2${redacted}`],
  // Our own tokens, and those of services that people paste into the wrong place. Those that GitHub gives to an installation
  // are a name, a number and a JWT with its dots since 2026; the short ones are still about.
  [/\b(dpr?_)[0-9A-Za-z]{16,}/g, `$1${redacted}`],
  [/\bgh[oprsu]_[\w.-]{10,}/g, redacted],
  [/\b(?:github_pat_|glpat-|xox[abeprs]-)[\w-]{10,}/g, redacted],
  [/\beyJ[\w-]{5,2000}\.[\w-]{5,4000}\.[\w-]*/g, redacted],
  // One-time links: the owner’s, and whatever else carries a secret behind the sign that browsers do not send.
  [/(\/setup#)[\w-]{20,}/g, `$1${redacted}`],
  [/(\/[\w/-]{1,80}#)[\w-]{40,}/g, `$1${redacted}`],
  // user:password@ in any address; a password may itself hold an @.
  [/\b([a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@"'\\]{0,200}):[^\s"'\\]{0,300}@/gi, `$1:${redacted}@`],
];

// A member of an object, also of one that stands as text inside a string: its quotes are then escaped, once a level.
const secretMember = new RegExp(`(?<!\\\\)(\\\\{0,7})"(?:${secretName})\\1"\\s{0,4}:\\s{0,4}`, 'gi');

/** Takes every secret out of a finished line of JSON, by the name it stands under and by what it looks like. */
export function redactSecrets(line: string): string {
  let clean = redactMembers(line);
  for (const [shape, replacement] of shapes) clean = clean.replace(shape, replacement);
  return clean;
}

/** The same for a text that is no line of JSON, such as the message of an error that somebody is shown. */
export function redactText(text: string): string {
  return (JSON.parse(redactSecrets(JSON.stringify([text]))) as [string])[0];
}

function redactMembers(line: string): string {
  let clean = '';
  let copied = 0;
  secretMember.lastIndex = 0;
  for (let match = secretMember.exec(line); match !== null; match = secretMember.exec(line)) {
    const start = match.index + match[0].length;
    const quote = `${match[1] ?? ''}"`;
    const end = findValueEnd(line, start, quote);
    if (end > start) {
      clean += `${line.slice(copied, start)}${quote}${redacted}${quote}`;
      copied = end;
    }
    secretMember.lastIndex = Math.max(end, start);
  }
  return clean + line.slice(copied);
}

function findValueEnd(line: string, start: number, quote: string): number {
  if (line.startsWith(quote, start)) return findStringEnd(line, start + quote.length, quote);
  if (line[start] === '[' || line[start] === '{') return findGroupEnd(line, start, quote);
  const bare = /[\w.+-]{0,400}/y;
  bare.lastIndex = start;
  const word = bare.exec(line)?.[0] ?? '';
  return /^(?:null|true|false)$/.test(word) ? start : start + word.length;
}

/**
 * Behind the closing quote of a string whose opening quote is behind us. At nesting level L a quote wears 2^L - 1
 * backslashes; one that belongs to the content wears more: it ends the string when n / 2^L, rounded down, is even.
 */
function findStringEnd(line: string, start: number, quote: string): number {
  const level = quote.length;
  for (let at = line.indexOf('"', start); at !== -1; at = line.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (at - backslashes > start && line[at - backslashes - 1] === '\\') backslashes += 1;
    if (Math.floor(backslashes / level) % 2 === 0) return at + 1;
  }
  return line.length;
}

function findGroupEnd(line: string, start: number, quote: string): number {
  let depth = 0;
  for (let at = start; at < line.length; at += 1) {
    const character = line[at];
    if (line.startsWith(quote, at)) at = findStringEnd(line, at + quote.length, quote) - 1;
    else if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return line.length;
}
