import type { ApiDocument } from '../../reference/api-document.ts';
import { type KnownValues, resolve, sampleOf, type Schema } from './sample-values.ts';

/** Numbers from 0 up to 1 that are the same for the same seed. */
export type Random = () => number;

export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function pick<Item>(random: Random, items: readonly Item[]): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

interface Fuzz {
  document: ApiDocument;
  known: KnownValues;
  random: Random;
}

/** A value that the schema allows, as far as a schema can say; names that may be left out come and go. */
export function randomValue(fuzz: Fuzz, given: Schema, name = ''): unknown {
  const { document, known, random } = fuzz;
  const schema = resolve(document, given);
  const value = known(name, schema);
  if (value !== undefined) return value;
  if (schema.enum !== undefined) return pick(random, schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return randomValue(fuzz, pick(random, choices), name);
  switch ([schema.type].flat()[0]) {
    case 'object': {
      const names = Object.keys(schema.properties ?? {}).filter(
        (each) => schema.required?.includes(each) === true || random() < 0.5,
      );
      return Object.fromEntries(names.map((each) => [each, randomValue(fuzz, schema.properties?.[each] ?? {}, each)]));
    }
    case 'array': {
      if (schema.prefixItems !== undefined || schema.items === undefined || schema.items === false) break;
      const { items, minItems = 0, maxItems = 4 } = schema;
      const length = minItems + Math.floor(random() * (Math.min(maxItems, minItems + 3) - minItems + 1));
      return Array.from({ length }, (_, index) => randomValue(fuzz, items, `${name}.${index}`));
    }
    case 'integer':
      return randomNumber(schema, random);
    case 'boolean':
      return random() < 0.5;
    case 'string':
      if (schema.format === undefined && schema.pattern === undefined) return randomText(schema, random);
      break;
    default:
  }
  return sampleOf(document, schema, known, name);
}

function randomNumber({ minimum = 0, maximum = 1_000_000 }: Schema, random: Random): number {
  const low = Math.max(minimum, -1_000_000);
  const high = Math.min(maximum, 1_000_000_000);
  return pick(random, [low, high, low + Math.floor(random() * (high - low + 1))]);
}

const letters = ['a', 'Z', '0', ' ', '-', 'é', 'ß', '語', '\u{1F469}', '"', '\\', '/', '<', '%', '\u202e', "'"];

function randomText({ minLength = 0, maxLength = 40 }: Schema, random: Random): string {
  const length = Math.max(minLength, Math.min(maxLength, Math.floor(random() * 20)));
  return Array.from({ length }, () => pick(random, letters))
    .join('')
    .slice(0, Math.max(maxLength, 1))
    .padEnd(minLength, 'x');
}

/** The value with one thing in it that the schema surely forbids, and what that is; null where there is no such thing. */
export function breakValue(fuzz: Fuzz, given: Schema, value: unknown): { what: string; value: unknown } | null {
  const { document, random } = fuzz;
  const schema = resolve(document, given);
  if (schema.type !== 'object' || typeof value !== 'object' || value === null) return null;
  const ways: { what: string; value: unknown }[] = [
    { what: 'no object', value: 7 },
    { what: 'a list', value: [] },
  ];
  for (const name of schema.required ?? []) {
    const rest = Object.fromEntries(Object.entries(value).filter(([each]) => each !== name));
    ways.push({ what: `without ${name}`, value: rest });
  }
  if (schema.additionalProperties === false) ways.push({ what: 'an unknown name', value: { ...value, noSuchName: 1 } });
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const { type, enum: words } = resolve(document, property);
    if (typeof type !== 'string') continue;
    const wrong = type === 'object' ? 'text' : { wrong: true };
    ways.push({ what: `${name} of another type`, value: { ...value, [name]: wrong } });
    if (words !== undefined && type === 'string')
      ways.push({ what: `${name} no such word`, value: { ...value, [name]: 'no such word' } });
  }
  return pick(random, ways);
}
