import { z } from 'zod';

/** What the shapes of facts are made of. Texts are bounded generously: cutting them to what is kept is the work of derive. */
export const text = z.string().max(10_000);
export const key = z.string().min(1).max(512);
export const count = z.int().nonnegative();
export const instant = z.iso.datetime({ offset: true }).transform((at) => new Date(at).toISOString());
export const sha = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'a commit id has 40 or 64 hexadecimal digits');
export const day = z.iso.date();
/**
 * When the source gave this telling, by its own clock. Times of a source have whole seconds and several things can happen within
 * one: of two tellings of the same `updatedAt` the later seen wins. A live event has no clock; it says its `updatedAt`, and in
 * the milliseconds where its kind of act stands among others of one second.
 */
export const seenAt = instant.describe('when the source said so');

/** See `IdentityRef`. */
export const who = z.strictObject({
  externalId: text.optional(),
  email: text.optional(),
  login: text.optional(),
  name: text.optional(),
  sourceKind: text.optional(),
});

/** What one commit, or a whole pull request, did to one file. */
export const changedFile = z.strictObject({
  path: text,
  previousPath: text.nullable(),
  additions: count,
  deletions: count,
  isBinary: z.boolean(),
  isSubmodule: z.boolean(),
});

/** The number of a pull request, an issue or a discussion; a repository numbers all of them in one row. */
export const threadNumber = z.int().positive();
