import fc from 'fast-check';
import { z } from 'zod';
import type { Fact, IdentityRef } from '@devpulse/contract/facts';
import { deliveryFacts } from '@devpulse/contract/facts/delivery';
import { repositoryFacts } from '@devpulse/contract/facts/repositories';
import { threadFacts } from '@devpulse/contract/facts/threads';
import { families } from '../derive/families/families.ts';

/** The shapes of all facts that forges tell. */
export const forgeShapes: readonly z.ZodObject[] = [...threadFacts, ...deliveryFacts, ...repositoryFacts];

/** The name of the fact that a shape describes. */
export function nameOf(shape: z.ZodObject): Fact['fact'] {
  return (shape.shape['fact'] as z.ZodLiteral<Fact['fact']>).value;
}

/** A few accounts of a forge, one of which changes its login and one of which takes the login that became free, and a machine. */
const accounts: readonly IdentityRef[] = [
  { externalId: '7', login: 'cai' },
  { externalId: '7', login: 'cai-w', name: 'Cai W.' },
  { externalId: '9', login: 'cai' },
  { externalId: '8', login: 'assistant', sourceKind: 'Bot' },
  { email: 'ada@example.org', name: 'Ada' },
];

const instants = [
  '2026-03-08T10:00:00Z',
  '2026-03-08T10:00:01Z',
  '2026-03-29T01:00:00.000Z',
  '2026-04-02T23:30:00+00:00',
];
const shas = ['1', '2', '3'].map((digit) => digit.padStart(40, '0'));

/**
 * Any fact of a shape, of few keys and few values: versions of one thing, equal in age or not, are what a rule must choose
 * between. Made from the shape itself, so that a new fact or field is in it from its first day.
 */
export function anyFact(shape: z.ZodObject): fc.Arbitrary<Fact> {
  return anyOf(shape) as fc.Arbitrary<Fact>;
}

/** Versions of two things at most, so that every one has to hold its own against others. */
export function anyVersions(shape: z.ZodObject, count: { minLength: number; maxLength: number }): fc.Arbitrary<Fact[]> {
  const family = families.find((one) => one.fact === nameOf(shape));
  const key = (family?.columns ?? []).filter(({ name }) => family?.key.includes(name)).map(({ field }) => field);
  const keyOf = (fact: Fact): object =>
    Object.fromEntries(Object.entries(fact).filter(([field]) => key.includes(field)));
  const things = fc.tuple(anyFact(shape), anyFact(shape));
  const versions = fc.array(fc.tuple(anyFact(shape), fc.constantFrom(0, 0, 0, 1)), count);
  return fc
    .tuple(things, versions)
    .map(([both, all]) => all.map(([fact, which]) => ({ ...fact, ...keyOf(both[which] ?? fact) })));
}

function anyOf(schema: z.core.$ZodType): fc.Arbitrary<unknown> {
  if (schema instanceof z.ZodObject) {
    if ('externalId' in schema.shape) return fc.constantFrom(...accounts);
    return fc.record(
      Object.fromEntries(Object.entries(schema.shape).map(([name, field]) => [name, anyField(name, field)])),
    );
  }
  if (schema instanceof z.ZodLiteral) return fc.constant(schema.value);
  if (schema instanceof z.ZodEnum) return fc.constantFrom(...schema.options);
  if (schema instanceof z.ZodBoolean) return fc.boolean();
  if (schema instanceof z.ZodNullable) return fc.oneof(fc.constant(null), anyOf(schema.unwrap()));
  if (schema instanceof z.ZodArray) return fc.array(anyOf(schema.element), { maxLength: 3 });
  if (schema instanceof z.ZodRecord) return fc.dictionary(fc.constantFrom('Ada', 'C'), fc.nat(2));
  if (schema instanceof z.ZodNumber) return fc.integer({ min: 1, max: 2 });
  return anyText(schema);
}

// Few repositories and few threads, so that facts meet.
function anyField(name: string, schema: z.core.$ZodType): fc.Arbitrary<unknown> {
  if (name === 'repository') return fc.constantFrom('forge/1', 'forge/1', 'forge/2');
  return anyOf(schema);
}

function anyText(schema: z.core.$ZodType): fc.Arbitrary<string> {
  const takes = (text: string): boolean => z.safeParse(schema, text).success;
  if (takes('x')) return fc.constantFrom('x', 'y', '\u{1F600}', 'x\u0000');
  return fc.constantFrom(...[...instants, '2026-03-08', '2026-03-09', ...shas].filter(takes));
}
