import type { ParseResult } from '@devpulse/contract/connector';
import type { RawEvent } from '@devpulse/contract/raw-event';
import { eventActions } from './actions.ts';
import { readEnvelope } from './envelope.ts';
import { readHook } from './read-hook.ts';
import { readJson } from './read-shape.ts';
import { findShape } from './shapes.ts';

/** Raw event to facts: pure, no I/O, no clock. */
export function parse(event: RawEvent): ParseResult {
  const dot = event.kind.indexOf('.');
  const [way, name] = [event.kind.slice(0, dot), event.kind.slice(dot + 1)];
  if (way === 'hook' && eventActions.has(name)) return readHook(name, readJson(event.body));
  // Delivered all the same, by a hook that tells of more than was chosen.
  if (way === 'unwatched') return { ignored: 'not_watched' };
  if (way !== 'api' || findShape(name) === undefined) return { ignored: 'unknown_kind' };
  const facts = readEnvelope(name, readJson(event.body)) ?? [];
  return facts.length === 0 ? { ignored: 'no_facts' } : { facts };
}
