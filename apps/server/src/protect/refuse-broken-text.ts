import { AppError } from '@devpulse/contract/errors';
import type { App } from '../deps.ts';

/**
 * Refuses texts that the store cannot keep as they are: PostgreSQL takes no NUL, and half of a surrogate pair would silently
 * become another character. In one place, so that no field of any schema can forget it. Raw events are not looked at: their
 * bytes are kept.
 */
export function refuseBrokenText(app: App): void {
  app.addHook('preValidation', (request, _reply, done) => {
    if (/%00/.test(request.url)) {
      done(new AppError('invalid_request', 'The address holds the character NUL.'));
      return;
    }
    const path = findBrokenText(request.body);
    const problems = path === null ? [] : [{ path, message: 'must not hold NUL or half a surrogate pair' }];
    done(path === null ? undefined : new AppError('invalid_request', `${path}: ${problems[0]?.message}`, { problems }));
  });
}

/** Where in a parsed body such a text stands, names of fields included; null: nowhere. No recursion: bodies may be deep. */
export function findBrokenText(body: unknown): string | null {
  const open: { value: unknown; path: string }[] = [{ value: body, path: 'body' }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, path } = next;
    if (typeof value === 'string') {
      if (isBroken(value)) return path;
    } else if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) open.push({ value: item, path: below(path, index) });
    } else if (isPlain(value)) {
      for (const [name, item] of Object.entries(value)) {
        if (isBroken(name)) return path;
        open.push({ value: item, path: below(path, name) });
      }
    }
  }
  return null;
}

/** Long paths would make deep bodies dear; where it is matters only near the surface. */
function below(path: string, name: string | number): string {
  return path.length > 200 ? path : `${path}.${name}`;
}

function isBroken(text: string): boolean {
  return text.includes('\u0000') || !text.isWellFormed();
}

/** Streams and buffers are not looked into. */
function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
