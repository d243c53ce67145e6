import { z } from 'zod';
import { readPayload } from './read-payload.ts';

/** That who may see what has changed. */
export interface SightChange {
  /** The repository it is about, or the organisation; neither: any. */
  repository: string | null;
  organization: string | null;
  /** The number of the account that was put out, where it says so. */
  lostBy: string | null;
}

/** What each event does to it, by its actions: `out` puts out whoever it names. */
const changes: Readonly<Record<string, Readonly<Record<string, 'ask' | 'out'>>>> = {
  member: { added: 'ask', edited: 'ask', removed: 'out' },
  membership: { added: 'ask', removed: 'ask' },
  organization: { member_added: 'ask', member_removed: 'out' },
  team: { added_to_repository: 'ask', removed_from_repository: 'ask', edited: 'ask', deleted: 'ask' },
  team_add: { '': 'ask' },
  repository: { privatized: 'ask', publicized: 'ask', transferred: 'ask' },
};

const account = z.looseObject({ id: z.number().int().positive() });
const payloadShape = z.looseObject({
  action: z.string().default(''),
  member: account.optional(),
  membership: z.looseObject({ user: account.nullish() }).optional(),
  repository: account.optional(),
  organization: account.optional(),
});

/** What a delivery says of it; null for all that say nothing. */
export function readSightChange(event: string, body: Buffer): SightChange | null {
  const actions = Object.hasOwn(changes, event) ? changes[event] : undefined;
  const read = actions === undefined ? undefined : payloadShape.safeParse(readPayload(body)).data;
  if (actions === undefined || read === undefined) return null;
  const effect = Object.hasOwn(actions, read.action) ? actions[read.action] : undefined;
  if (effect === undefined) return null;
  const who = read.member ?? read.membership?.user ?? undefined;
  const numberOf = (one: { id: number } | undefined): string | null => (one === undefined ? null : String(one.id));
  return {
    repository: numberOf(read.repository),
    organization: numberOf(read.organization),
    lostBy: effect === 'out' ? numberOf(who) : null,
  };
}
