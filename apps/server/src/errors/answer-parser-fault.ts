import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { AppError, errorCatalogue } from '@devpulse/contract/errors';
import { newId } from '@devpulse/db/ids';
import type { Logger } from '../log.ts';
import { makeProblem, problemType } from './make-problem.ts';

/** What is under way on one connection. */
interface Conversation {
  open: Set<ServerResponse>;
  latest: ServerResponse | null;
}

const faults: Record<string, AppError> = {
  HPE_HEADER_OVERFLOW: new AppError('headers_too_large', 'The headers of the request are larger than 16 KiB.'),
  ERR_HTTP_REQUEST_TIMEOUT: new AppError('request_timeout', 'The request did not arrive in time.'),
  HPE_CHUNK_EXTENSIONS_OVERFLOW: new AppError('body_too_large', 'The chunk extensions of the request are too large.'),
};
const notHttp = new AppError('invalid_request', 'This is not a valid HTTP request.');

/** Answers what is not HTTP, or comes too slowly, on the bare socket, and closes it. */
export function createParserFaultHandler(log: Logger): {
  watch(server: Server): void;
  handle(fault: NodeJS.ErrnoException, socket: Socket): void;
} {
  const conversations = new WeakMap<object, Conversation>();
  return {
    watch: (server) => {
      server.on('request', (request, response) => {
        const conversation = conversations.get(request.socket) ?? { open: new Set(), latest: null };
        conversations.set(request.socket, conversation);
        conversation.open.add(response);
        conversation.latest = response;
        response.once('close', () => conversation.open.delete(response));
      });
    },
    handle: (fault, socket) => {
      const error = faults[fault.code ?? ''] ?? notHttp;
      const isBroken = fault.code === 'ECONNRESET' || fault.code === 'EPIPE' || !socket.writable;
      const { latest = null, open = new Set<ServerResponse>() } = conversations.get(socket) ?? {};
      // The fault lies in a body that was answered already, and whose rest was only being thrown away.
      const isAnswered = latest?.req.complete === false && latest.headersSent;
      if (isBroken || isAnswered) {
        socket.destroy();
        return;
      }
      // Whole requests sent before on the same connection get their own answers first: this one would be taken for theirs.
      const before = [...open].filter((response) => response.req.complete);
      void Promise.allSettled(before.map((response) => once(response, 'close'))).then(() =>
        closeWith(error, fault, socket, log),
      );
    },
  };
}

function closeWith(error: AppError, fault: NodeJS.ErrnoException, socket: Socket, log: Logger): void {
  const requestId = newId();
  log.info({ requestId, code: error.code, parser: fault.code }, 'connection closed');
  const body = JSON.stringify(makeProblem(error, requestId));
  const { status, title } = errorCatalogue[error.code];
  socket.end(
    `HTTP/1.1 ${status} ${title}\r\ncontent-type: ${problemType}; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\n` +
      `x-request-id: ${requestId}\r\nconnection: close\r\n\r\n${body}`,
    // Whoever goes on sending and never reads would keep a half-closed connection open.
    () => socket.destroySoon(),
  );
}
