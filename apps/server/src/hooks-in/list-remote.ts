import { z } from 'zod';
import type { HostClient } from '@devpulse/http-client/open-client';
import { SourceRefused } from '@devpulse/contract/source-client';

/** A try to deliver, as GitHub lists it. */
export interface RemoteDelivery {
  /** Of this try; may be larger than a number can be. */
  id: string;
  /** Of the delivery; the same for every try. */
  guid: string;
  deliveredAt: Date;
  isOk: boolean;
  /** It is still under way. */
  isOpen: boolean;
}

const shape = z.array(
  z.looseObject({
    id: z.string(),
    guid: z.string(),
    delivered_at: z.iso.datetime({ offset: true }),
    status: z.string().default(''),
    status_code: z.number(),
  }),
);
const pagesMax = 100;

/** The tries since then, newest first. */
export async function* listRemote(client: HostClient, path: string, since: Date): AsyncGenerator<RemoteDelivery> {
  let pages = 0;
  for await (const answer of client.pages(`${path}/deliveries`, { query: { per_page: 100 } })) {
    const read = shape.safeParse(readWithLongIds(answer.body));
    if (!read.success)
      throw new SourceRefused('failed', 'GitHub lists deliveries in a shape that is not known.', {
        status: answer.status,
      });
    for (const one of read.data) {
      const deliveredAt = new Date(one.delivered_at);
      if (deliveredAt < since) return;
      const isOk = one.status_code >= 200 && one.status_code < 300;
      yield { id: one.id, guid: one.guid, deliveredAt, isOk, isOpen: one.status_code === 0 && one.status === 'queued' };
    }
    pages += 1;
    if (pages >= pagesMax) return;
  }
}

/** Numbers of deliveries have more digits than JavaScript keeps. */
function readWithLongIds(body: Uint8Array): unknown {
  const text = new TextDecoder().decode(body);
  try {
    return JSON.parse(text.replaceAll(/"id"\s*:\s*(\d+)/g, '"id":"$1"')) as unknown;
  } catch {
    return undefined;
  }
}
