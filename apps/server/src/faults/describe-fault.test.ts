import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '@devpulse/contract/errors';
import { identifyFault, tellFault } from './describe-fault.ts';
import { findPlace } from './find-place.ts';
import { programRoot } from './hide-content.ts';

function failHere(message: string): Error {
  return new TypeError(message);
}

/** The same place a few lines on, as after a release that moved it. */
function moveDown(error: Error): Error {
  error.stack = (error.stack ?? '').replaceAll(/:(\d+):(\d+)/g, (_all, line) => `:${Number(line) + 9}:1`);
  return error;
}

function withCode(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

describe('identifyFault', () => {
  it('takes the same error at the same place for one fault, whatever it says and whichever line it is on', () => {
    const one = identifyFault({ error: failHere('a'), origin: 'GET /a' });
    expect(one).toMatchObject({
      errorClass: 'TypeError',
      code: null,
      place: 'failHere apps/server/src/faults/describe-fault.test.ts',
    });
    expect(identifyFault({ error: moveDown(failHere('b')), origin: 'job b' })).toEqual(one);
    expect(identifyFault({ error: new AppError('internal', 'x', { cause: failHere('c') }), origin: 'GET /a' })).toEqual(
      one,
    );
  });

  it('tells apart by class, by code, by place, and without a place of ours by where it came up', () => {
    const foreign = (origin: string) => {
      const error = withCode('57P01', 'terminating connection');
      error.stack = 'Error: terminating connection\n    at Parser (node:net:1:1)';
      return identifyFault({ error, origin });
    };
    const elsewhere = (): Error => new TypeError('a');
    const all = [
      identifyFault({ error: failHere('a'), origin: 'o' }),
      identifyFault({ error: elsewhere(), origin: 'o' }),
      identifyFault({ error: withCode('A', 'a'), origin: 'o' }),
      identifyFault({ error: withCode('B', 'a'), origin: 'o' }),
      foreign('o'),
      foreign('p'),
    ];
    expect(new Set(all.map((fault) => fault.id)).size).toBe(all.length);
    expect(all.at(-1)).toMatchObject({ errorClass: 'Error', code: '57P01', place: 'p' });
  });

  it('reads the code of whatever caused it', () => {
    const error = new Error('outer', { cause: new Error('middle', { cause: withCode('ECONNREFUSED', 'inner') }) });
    expect(identifyFault({ error, origin: 'o' }).code).toBe('ECONNREFUSED');
    expect(tellFault({ error, origin: 'o' }).stack).toMatch(
      /^ +at [\s\S]+\ncaused by Error: middle\n +at [\s\S]+\ncaused by Error: inner\n +at /,
    );
  });

  it('takes anything that can be thrown, circles included', () => {
    const circle = new Error('a');
    circle.cause = circle;
    expect(tellFault({ error: circle, origin: 'o' }).message).toBe('a');
    expect(tellFault({ error: { big: 1n }, origin: 'o' }).message).toBe('something that cannot be written down');
    fc.assert(
      fc.property(fc.anything(), fc.string({ unit: 'binary' }), (thrown, message) => {
        for (const error of [thrown, new Error(message), Object.assign(new Error('x'), { stack: message })]) {
          const fault = { ...identifyFault({ error, origin: 'o' }), ...tellFault({ error, origin: 'o' }) };
          for (const text of [fault.errorClass, fault.place, fault.message, fault.stack]) {
            expect(text).not.toContain('\u0000');
            expect(text.isWellFormed()).toBe(true);
          }
        }
      }),
    );
  });
});

describe('tellFault', () => {
  const shapes = ['dp_0123456789abcdefghijkl', 'ghp_0123456789abcdef', 'eyJhbGciOi.eyJzdWIiOi.c2ln'];
  const message = `cannot reach postgres://app:hunter2hunter2@db/x with Bearer ghp_0123456789abcdef, {"token":"dp_0123456789abcdefghijkl"} eyJhbGciOi.eyJzdWIiOi.c2ln password=hunter2hunter2 for ada@example.org`;

  it('keeps neither secrets nor mail addresses, in whatever part of it they stand', () => {
    const error = new Error(message, { cause: new Error(`because ${message}`) });
    error.stack = `Error: ${message}\n    at run (file:///x?token=hunter2hunter2&key=1:1:1)\n    at ${shapes.join(' ')}`;
    const kept = JSON.stringify(tellFault({ error, origin: 'o' }));
    for (const secret of [...shapes, 'hunter2', 'ada@example.org']) expect(kept).not.toContain(secret);
    expect(kept).toContain('cannot reach postgres://app:[redacted]@db/x');
    expect(kept).toContain('because cannot reach');
    const thrown = tellFault({ error: { password: 'hunter2', of: ['ada@example.org'] }, origin: 'o' });
    expect(thrown.message).toBe('{"password":"[redacted]","of":["[mail address]"]}');
  });

  it('hides what an error quotes of the data that it could not read, also where it is repeated in the stack', () => {
    const faults = [withCode('22P02', 'invalid input syntax for type uuid: "Ada’s plan"'), new SyntaxError('x')];
    try {
      JSON.parse('{ Ada’s plan');
    } catch (error) {
      faults.push(error as Error);
    }
    for (const error of faults) expect(JSON.stringify(tellFault({ error, origin: 'o' }))).not.toMatch(/Ada|plan/);
    expect(tellFault({ error: faults[0], origin: 'o' }).message).toBe('invalid input syntax for type uuid: "…"');
    expect(tellFault({ error: new TypeError(`reading 'name'`), origin: 'o' }).message).toBe(`reading 'name'`);
  });

  it('does not say where the program is installed, and stays short', () => {
    const { stack } = tellFault({ error: failHere('a'), origin: 'o' });
    expect(stack).not.toContain(programRoot);
    expect(stack).toContain('apps/server/src/faults/describe-fault.test.ts');
    const long = tellFault({ error: new Error('x'.repeat(200_000)), origin: 'o' });
    expect(long.message.length).toBe(1000);
    expect(long.stack.length).toBeLessThanOrEqual(8000);
  });
});

describe('findPlace', () => {
  const root = `file://${programRoot}`;
  it.each([
    [`    at readMetric (${root}a/b.ts:1:2)`, 'readMetric a/b.ts'],
    [`    at async readMetric (${root}a/b.ts:1:2)`, 'readMetric a/b.ts'],
    [`    at async Promise.all (index 1)\n    at new Pool (${root}a/b.ts:1:2)`, 'Pool a/b.ts'],
    [`    at Object.handler (${programRoot}a/b.ts:1:2)`, 'handler a/b.ts'],
    [`    at Pool.#start [as start] (${root}a/b.ts:1:2)`, 'Pool.#start a/b.ts'],
    [`    at async ${root}a/b.ts:1:2`, 'a/b.ts'],
    [`    at ${root}a/b.ts:1:2`, 'a/b.ts'],
    [`    at Object.<anonymous> (${root}a/b.ts:1:2)`, 'a/b.ts'],
    [`    at q (${root}node_modules/pg/x.js:1:2)\n    at mine (${root}a/b.ts:1:2)`, 'mine a/b.ts'],
    ['    at node:net:1:2\n    at x (/elsewhere/b.ts:1:2)', null],
    ['no stack at all', null],
  ])('reads %s', (stack, place) => {
    expect(findPlace(stack)).toBe(place);
  });
});
