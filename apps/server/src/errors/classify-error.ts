import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { AppError, type ErrorCode, type Problem } from '@devpulse/contract/errors';

interface ForeignError {
  code?: unknown;
  message?: unknown;
  statusCode?: unknown;
  syscall?: unknown;
  cause?: unknown;
}

/** Turns whatever was thrown into an error of the catalogue; what is not known is a fault of ours. */
export function classifyError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  return (
    fromValidation(thrown) ??
    fromFramework(thrown as ForeignError) ??
    fromStore(thrown as ForeignError) ??
    unknownFault(thrown)
  );
}

function unknownFault(thrown: unknown): AppError {
  return new AppError('internal', 'Something failed on our side; the log has it under this request id.', {
    cause: thrown,
  });
}

const places: Record<string, string> = { querystring: 'query', params: 'address', headers: 'header', body: 'body' };

function fromValidation(thrown: unknown): AppError | null {
  if (!hasZodFastifySchemaValidationErrors(thrown)) return null;
  const place = places[thrown.validationContext ?? ''] ?? 'request';
  const problems: Problem[] = thrown.validation.map((fault) => ({
    path: [place, ...fault.instancePath.split('/').filter((step) => step !== '')].join('.'),
    message: fault.message ?? 'is not valid',
  }));
  const first = problems[0];
  return new AppError(
    'invalid_request',
    first === undefined ? 'The request is not valid.' : `${first.path}: ${first.message}`,
    { problems },
  );
}

const frameworkCodes: Record<string, [ErrorCode, string]> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['body_too_large', 'The body is larger than this address takes.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported_media_type', 'This address takes application/json.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['malformed_body', 'The body is empty although its content type is application/json.'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['malformed_body', 'The body is not JSON.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['malformed_body', 'The body is not as long as its Content-Length says.'],
  FST_ERR_BAD_URL: ['invalid_request', 'The address holds a % that stands for nothing.'],
  FST_ERR_MAX_PARAM_LENGTH: ['address_too_long', 'A part of the address is too long.'],
};

function fromFramework(thrown: ForeignError): AppError | null {
  const known = typeof thrown?.code === 'string' ? frameworkCodes[thrown.code] : undefined;
  if (known !== undefined) return new AppError(known[0], known[1], { cause: thrown });
  // The sender went away, or its connection broke, while the body was arriving.
  if (thrown?.code === 'ECONNRESET' && thrown.message === 'aborted') {
    return new AppError('malformed_body', 'The connection ended before the body did.', { cause: thrown });
  }
  const isFrameworks =
    typeof thrown?.code === 'string' && thrown.code.startsWith('FST_') && Number(thrown.statusCode) < 500;
  return isFrameworks ? new AppError('invalid_request', String(thrown.message), { cause: thrown }) : null;
}

// 08 connection, 53x limits of the server, 57P0x shutting down or starting up, 25006 read only (a fail-over under way).
const unavailableStates = /^(?:08...|53[234]00|57P0[1-5]|25006)$/;
// A checksum that does not fit, a page or an index that makes no sense.
const damagedStates = /^XX00[12]$/;
// Two at once wanted the same rows, or one waited too long for them.
const contentionStates = /^(?:40001|40P01|55P03|57014)$/;
// The driver gives no code for these.
const unavailableWords =
  /connection terminated|not queryable|timeout exceeded when trying to connect|pool after calling end|driver has already been destroyed/i;
const socketCodes = /^(?:ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;

function fromStore(thrown: ForeignError): AppError | null {
  const code = typeof thrown?.code === 'string' ? thrown.code : '';
  const message = typeof thrown?.message === 'string' ? thrown.message : '';
  if (code === '53100' || code === 'ENOSPC' || /no space left on device/i.test(message)) {
    return new AppError('store_full', 'There is no room left on the disk of the store.', { cause: thrown });
  }
  if (damagedStates.test(code))
    return new AppError('store_damaged', 'The store found that something it reads is not what it wrote.', {
      cause: thrown,
    });
  if (contentionStates.test(code))
    return new AppError('busy', 'Others are changing the same things; nothing was changed.', { cause: thrown });
  const noSocket = code === 'ENOENT' && thrown.syscall === 'connect';
  if (
    noSocket ||
    unavailableStates.test(code) ||
    socketCodes.test(code) ||
    (code === '' && unavailableWords.test(message))
  ) {
    return new AppError('store_unavailable', 'The store does not answer at the moment; nothing was changed.', {
      cause: thrown,
    });
  }
  return null;
}
