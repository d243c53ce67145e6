import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it arrived. */
export interface Arrived {
  method: string;
  /** With the query. */
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What to answer. */
export interface Reply {
  status?: number;
  headers?: Record<string, string | undefined>;
  json?: unknown;
  /** Instead of `json`. */
  body?: string | Buffer;
  /** Breaks the connection off after so many bytes of the body. */
  cutAfter?: number;
  /** Never answers. */
  hang?: true;
}

/** A real server on loopback that answers by a script, for tests. */
export interface SourceServer {
  url: string;
  /** Every request that arrived, in order. */
  arrived: Arrived[];
  /** What is answered from now on; a list is answered in order, its last entry for ever. */
  answer(script: Reply | readonly Reply[] | ((request: Arrived, count: number) => Reply | Promise<Reply>)): void;
  close(): Promise<void>;
}

export async function startSourceServer(): Promise<SourceServer> {
  let script: (request: Arrived, count: number) => Reply | Promise<Reply> = () => ({ status: 500 });
  let count = 0;
  const arrived: Arrived[] = [];
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url = '', headers } = request;
    const came = { method, path: url, headers, body: await readText(request) };
    arrived.push(came);
    count += 1;
    send(response, await script(came, count));
  };
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrived,
    answer: (next) => {
      count = 0;
      arrived.length = 0;
      if (typeof next === 'function') script = next;
      else if (isList(next)) script = (_request, nth) => next[Math.min(nth, next.length) - 1] ?? { status: 500 };
      else script = () => next;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function isList(script: Reply | readonly Reply[]): script is readonly Reply[] {
  return Array.isArray(script);
}

async function readText(request: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, { status = 200, headers = {}, json, body, cutAfter, hang }: Reply): void {
  if (hang === true) return;
  const bytes = Buffer.from(body ?? (json === undefined ? '' : JSON.stringify(json)));
  const all: Record<string, string | undefined> = {
    ...(json !== undefined && { 'content-type': 'application/json; charset=utf-8' }),
    'content-length': String(bytes.byteLength),
    ...headers,
  };
  for (const [name, value] of Object.entries(all)) if (value !== undefined) response.setHeader(name, value);
  // Left out, Node adds the time of this machine.
  if ('date' in headers && headers['date'] === undefined) response.sendDate = false;
  response.writeHead(status);
  if (cutAfter === undefined) response.end(status === 304 || status === 204 ? undefined : bytes);
  else response.write(bytes.subarray(0, cutAfter), () => response.destroy());
}
