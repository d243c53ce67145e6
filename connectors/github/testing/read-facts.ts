import type { Fact } from '@devpulse/contract/facts';
import { readRestoredFacts } from '@devpulse/contract/restored-facts';
import type { RawEventInput } from '@devpulse/contract/raw-event';
import { MalformedEvent } from '@devpulse/contract/drop-reasons';
import { parse } from '../parse.ts';

type Told = { facts: Fact[] } | { ignored: string } | { malformed: string };

/** What a body of a kind tells, with the message where it is refused. */
export function parseBody(kind: string, body: unknown): Told {
  return parseBytes(kind, Buffer.from(JSON.stringify(body)));
}

export function parseBytes(kind: string, body: Uint8Array): Told {
  try {
    return parse({ source: 'github', key: 'k', kind, body });
  } catch (error) {
    if (error instanceof MalformedEvent) return { malformed: error.message };
    throw error;
  }
}

/** The facts of a body that must tell some, each in the shape that the contract asks for. */
export function factsOf(kind: string, body: unknown): Fact[] {
  const told = parseBody(kind, body);
  if (!('facts' in told)) throw new Error(`${kind} tells no facts: ${JSON.stringify(told)}`);
  return checkFacts(told.facts);
}

export function factsOfEvent(event: RawEventInput): Fact[] {
  return checkFacts((parse(event) as { facts?: Fact[] }).facts ?? []);
}

/** Facts that went through the contract's shapes and came out as they went in. */
function checkFacts(facts: Fact[]): Fact[] {
  const read = facts.length === 0 ? [] : readRestoredFacts(Buffer.from(JSON.stringify(facts)));
  const difference = read.findIndex(
    (fact, at) => JSON.stringify(sortKeys(fact)) !== JSON.stringify(sortKeys(facts[at])),
  );
  if (difference !== -1) throw new Error(`not as the contract has it: ${JSON.stringify(facts[difference])}`);
  return facts;
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, part]): [string, unknown] => [key, sortKeys(part)]);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** The facts of one kind among others. */
export function only<Name extends Fact['fact']>(facts: readonly Fact[], name: Name): Extract<Fact, { fact: Name }>[] {
  return facts.filter((fact): fact is Extract<Fact, { fact: Name }> => fact.fact === name);
}
