import type { Random } from './random.ts';

const nouns = [
  'order',
  'berth',
  'cargo',
  'invoice',
  'manifest',
  'tide',
  'crew',
  'claim',
  'voyage',
  'tariff',
  'pilot',
  'crane',
  'slot',
  'permit',
] as const;
const verbs = [
  'load',
  'check',
  'merge',
  'parse',
  'plan',
  'queue',
  'settle',
  'track',
  'release',
  'price',
  'notify',
  'archive',
] as const;

/** Draws the words of one line or message. */
export interface Words {
  noun: string;
  verb: string;
  amount: number;
}

export function drawWords(random: Random): Words {
  return { noun: random.pick(nouns), verb: random.pick(verbs), amount: random.int(2, 900) };
}

/** First letter large. */
function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

// Every line carries a number of its own. That makes it unlike any other, so that added and removed lines can be counted
// without knowing how a tool compares files.
const makers: Readonly<Record<string, (words: Words, number: number) => string>> = {
  TypeScript: ({ noun, verb, amount }, number) =>
    `export const ${verb}${capital(noun)}${number} = (${noun}: ${capital(noun)}) => ${verb}(${noun}, ${amount});`,
  CSS: ({ noun, amount }, number) => `.${noun}-${number} { padding: ${amount % 40}px; }`,
  JSON: ({ noun, verb, amount }, number) => `  "${noun}.${verb}.${number}": ${amount},`,
  Go: ({ noun, verb, amount }, number) =>
    `func ${capital(verb)}${capital(noun)}${number}(ctx context.Context) error { return ${noun}.${capital(verb)}(ctx, ${amount}) }`,
  SQL: ({ noun, verb, amount }, number) =>
    `select ${noun}_id, ${amount} as batch_${number} from ${noun}s where state = '${verb}';`,
  Python: ({ noun, verb, amount }, number) =>
    `def ${verb}_${noun}_${number}(${noun}): return ${verb}(${noun}, limit=${amount})`,
  Shell: ({ noun, verb, amount }, number) =>
    `${verb}_${noun}_${number}() { ${verb} --${noun} "$1" --limit ${amount}; }`,
  HCL: ({ noun, amount }, number) => `variable "${noun}_${number}" { default = ${amount} }`,
  YAML: ({ noun, verb, amount }, number) => `${noun}_${verb}_${number}: ${amount}`,
  Markdown: ({ noun, verb, amount }, number) =>
    `- **${capital(noun)} ${number}.** The harbour office can ${verb} up to ${amount} at a time.`,
  'Protocol Buffers': ({ noun }, number) => `message ${capital(noun)}${number} { string id = 1; }`,
  Text: ({ noun, amount }, number) => `${noun}-kit ${amount % 9}.${amount % 40}.${number}`,
};

/** A plausible line of that language, unlike every other with another number. */
export function makeLine(language: string, words: Words, number: number): string {
  const maker = makers[language];
  if (maker === undefined) throw new Error(`nobody taught us to write ${language}`);
  return maker(words, number);
}

const kinds = ['Add', 'Fix', 'Improve', 'Simplify', 'Test', 'Speed up', 'Document', 'Rework'] as const;
const sides = ['on slow networks', 'for late arrivals', 'after a retry', 'in the night shift', 'by berth', ''] as const;

/** What a commit says of itself. */
export function makeSubject(random: Random): string {
  const { noun, verb } = drawWords(random);
  const side = random.pick(sides);
  return `${random.pick(kinds)} how we ${verb} ${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}${side === '' ? '' : ` ${side}`}`;
}
