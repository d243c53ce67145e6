import { z } from 'zod';

/** What a token may do. Each route names the one it asks for. */
export const scopes = {
  read: 'Read numbers, receipts, people and repositories of the workspace.',
  events: 'Send raw events in.',
  people: 'Change who is who: links, rules, classifications, own settings.',
  sources: 'Add, pause and remove sources.',
  operate: 'Watch and mend the machinery: dead letters, replay, jobs.',
} as const;

export type Scope = keyof typeof scopes;
export const scopeNames = Object.keys(scopes) as Scope[];
export const scopeSchema = z.enum(scopeNames as [Scope, ...Scope[]]);
