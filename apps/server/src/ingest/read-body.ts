import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { AppError } from '@devpulse/contract/errors';
import type { BodyBudget } from './body-budget.ts';

/** A body in memory; `release` when nothing looks at it any more. */
export interface Body {
  bytes: Buffer;
  release(): void;
}

// Bodies up to this size are not counted: as many as there can be connections fit into memory.
const uncountedBytes = 64 * 1024;

/**
 * Reads a whole body, unpacked, into one piece of memory of its final size. Whoever says how much comes has room reserved
 * for it beforehand; whoever does not gets room for the largest body as soon as a small one is exceeded.
 */
export async function readBody(request: IncomingMessage, limits: { bytes: number; budget: BodyBudget }): Promise<Body> {
  const packed = isPacked(request);
  const declared = packed ? Number.NaN : Number(request.headers['content-length'] ?? Number.NaN);
  if (Number(request.headers['content-length'] ?? 0) > limits.bytes) return refuse(request, tooLarge(limits.bytes));
  const size = Number.isNaN(declared) ? uncountedBytes : declared;
  let release = size > uncountedBytes ? await limits.budget.reserve(size) : (): void => undefined;
  let buffer = Buffer.allocUnsafeSlow(size);
  let length = 0;
  const stream = packed ? unpack(request, limits.bytes) : request;
  try {
    // The iterator's own habit, to destroy the stream when the loop is left, would close the connection unanswered.
    for await (const chunk of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      if (length + chunk.length > limits.bytes) throw tooLarge(limits.bytes);
      if (length + chunk.length > buffer.length) {
        release = await limits.budget.reserve(limits.bytes);
        buffer = Buffer.concat([buffer.subarray(0, length)], limits.bytes);
      }
      length += chunk.copy(buffer, length);
    }
  } catch (error) {
    release();
    if (packed) request.unpipe();
    return refuse(request, asBodyFault(error));
  }
  return { bytes: buffer.subarray(0, length), release };
}

/** Lets the rest of the body run out before answering is over: a connection reset would take the answer with it. */
function refuse(request: IncomingMessage, error: AppError): never {
  request.resume();
  throw error;
}

function isPacked(request: IncomingMessage): boolean {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity') return false;
  if (encoding === 'gzip' || encoding === 'x-gzip') return true;
  return refuse(request, new AppError('unsupported_media_type', 'Of content encodings only gzip is understood.'));
}

function unpack(request: IncomingMessage, limit: number): Readable {
  const gunzip = createGunzip();
  let received = 0;
  // Empty members make no output: without this count they could go on for ever.
  request.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received > limit) gunzip.destroy(tooLarge(limit));
  });
  request.once('error', (error) => gunzip.destroy(error));
  return request.pipe(gunzip);
}

function tooLarge(limit: number): AppError {
  return new AppError('body_too_large', `A body may have ${limit} bytes at most, unpacked.`);
}

function asBodyFault(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const { code } = error as { code?: string };
  if (code === 'Z_BUF_ERROR' || code === 'Z_DATA_ERROR')
    return new AppError('malformed_body', 'The gzip data is damaged or cut short.', { cause: error });
  return new AppError('malformed_body', 'The connection ended before the body did.', { cause: error });
}
