import { z } from 'zod';

/** How a raw event reached us; kept for the audit, it never changes what the event means. */
export const arrivals = ['pull', 'webhook', 'push'] as const;
export type Arrival = (typeof arrivals)[number];

/** What a connector or a client hands to capture: the thing itself, unchanged, under the key that makes it unique. */
export interface RawEventInput {
  /** Connector id. */
  source: string;
  /** Unique within workspace and source; a repeat is acknowledged and ignored. */
  key: string;
  /** The connector's own name for this shape, for example `commit`. */
  kind: string;
  /** The bytes as they came. */
  body: Uint8Array;
  arrival: Arrival;
}

/** What `parse` is given. */
export interface RawEvent {
  source: string;
  key: string;
  kind: string;
  body: Uint8Array;
}

/** The life of a raw event. `done`, `ignored` and `dead` are ends; a dead one can be replayed. */
export const rawStates = ['pending', 'leased', 'done', 'ignored', 'dead'] as const;
export type RawState = (typeof rawStates)[number];

/** Limits of what the public door takes. */
export const eventLimits = {
  bodyBytes: 25 * 1024 * 1024,
  itemsPerRequest: 10_000,
  depth: 64,
  keyCharacters: 512,
} as const;

/** Source and kind as they may be written. */
export const sourceSchema = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'small letters, digits and dashes, at most 40');
export const kindSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_.-]{0,63}$/, 'small letters, digits, dots and dashes, at most 64');
