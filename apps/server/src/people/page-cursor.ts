import { z } from 'zod';
import { AppError } from '@devpulse/contract/errors';

const positionSchema = z.tuple([z.string(), z.uuid()]);

/** Where a page ended: the sort key of its last row and, among equals, its id. */
export type Position = z.infer<typeof positionSchema>;

/** Writes a position as the opaque text that clients send back. */
function writeCursor(position: Position): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** Reads a position back; whatever did not come from us is the client's error. */
export function readCursor(cursor: string): Position {
  try {
    return positionSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch (cause) {
    throw new AppError('invalid_request', 'This cursor was not given out by this address.', {
      cause,
      problems: [{ path: 'query.cursor', message: 'take `nextCursor` of the page before, unchanged' }],
    });
  }
}

/** Cuts off the one row that was read too many and turns it into the cursor of the next page. */
export function cutPage<Row>(
  rows: Row[],
  limit: number,
  positionOf: (row: Row) => Position,
): { page: Row[]; nextCursor: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { page, nextCursor: rows.length > limit && last !== undefined ? writeCursor(positionOf(last)) : null };
}
