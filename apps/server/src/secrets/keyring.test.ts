import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DataKey, knowKeys, makeKeyring, type SecretPlace } from './keyring.ts';
import { isSealed, keyIdOf, SecretUnreadable } from './seal-text.ts';

const one = '00000000-0000-7000-8000-000000000001';
const two = '00000000-0000-7000-8000-000000000002';

function makeKey(id: string, workspaceId: string | null, state: DataKey['state'] = 'current'): DataKey {
  return { id, workspaceId, state, key: randomBytes(32) };
}

function open(keys: DataKey[], secret = Buffer.alloc(32, 1)) {
  const known = knowKeys(keys, secret);
  return makeKeyring({ known: () => known, readAgain: () => false, prepare: () => Promise.resolve() });
}

const keys = [makeKey('instance', null), makeKey('first', one), makeKey('second', two)];
const keyring = open(keys);
const place: SecretPlace = { workspaceId: one, table: 'sources', column: 'token', row: 'a' };

describe('the keyring', () => {
  it('opens what it sealed, whatever it was, and never writes it down', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom(one, two, null), (plain, workspaceId) => {
        const here = { ...place, workspaceId };
        const sealed = keyring.seal(plain, here);
        expect(keyring.open(sealed, here)).toBe(plain);
        expect(isSealed(sealed)).toBe(true);
        // A letter or two may stand in any text.
        expect(plain.length > 12 && sealed.includes(plain)).toBe(false);
      }),
    );
  });

  it('seals the same text differently each time, as v1.key.nonce.text.tag', () => {
    const sealed = Array.from({ length: 200 }, () => keyring.seal('the same', place));
    expect(new Set(sealed.map((text) => text.split('.')[2])).size).toBe(200);
    expect(sealed[0]).toMatch(/^v1\.first\.[\w-]{16}\.[\w-]{11}\.[\w-]{22}$/);
    expect(keyIdOf(sealed[0] ?? '')).toBe('first');
  });

  it('opens a text in its own place alone', () => {
    const sealed = keyring.seal('hunter2', place);
    const elsewhere: SecretPlace[] = [
      { ...place, row: 'b' },
      { ...place, column: 'refresh' },
      { ...place, table: 'devices' },
      { ...place, workspaceId: two },
      { ...place, workspaceId: null },
      // Parts that run into each other must not read alike.
      { ...place, column: 'token|a', row: '' },
    ];
    for (const other of elsewhere)
      expect(() => keyring.open(sealed, other), JSON.stringify(other)).toThrow(SecretUnreadable);
  });

  it('refuses a text of which a single character was changed, cut off or added', () => {
    const sealed = keyring.seal('hunter2', place);
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.constantFrom('A', 'b', '9', '_', '-', '.'), (at, character) => {
        const changed = `${sealed.slice(0, at)}${character}${sealed.slice(at + 1)}`;
        if (changed === sealed) return;
        expect(() => keyring.open(changed, place)).toThrow(SecretUnreadable);
      }),
    );
    for (const text of ['', 'hunter2', sealed.slice(0, -1), `${sealed}A`, `${sealed}.A`, sealed.replace('v1', 'v2')])
      expect(() => keyring.open(text, place), text).toThrow(SecretUnreadable);
  });

  it('refuses a key of the same name with other bytes, and a key it does not know', () => {
    const sealed = keyring.seal('hunter2', place);
    expect(() => open([makeKey('first', one)]).open(sealed, place)).toThrow(SecretUnreadable);
    expect(() => open([makeKey('another', one)]).open(sealed, place)).toThrow(/data key first is not in this store/);
  });

  it('asks to be called again where a key may just have been made', () => {
    const known = knowKeys([], Buffer.alloc(32));
    let reads = 0;
    const waiting = makeKeyring({
      known: () => known,
      readAgain: () => (reads += 1) === 1,
      prepare: () => Promise.resolve(),
    });
    const sealed = keyring.seal('hunter2', place);
    expect(() => waiting.open(sealed, place)).toThrow(expect.objectContaining({ code: 'busy' }) as Error);
    expect(() => waiting.open(sealed, place)).toThrow(SecretUnreadable);
  });

  it('seals with the present key and opens with retired ones', () => {
    const [, first] = keys;
    const sealed = keyring.seal('hunter2', place);
    const later = open([{ ...(first as DataKey), state: 'retired' }, makeKey('fresh', one)]);
    expect(later.open(sealed, place)).toBe('hunter2');
    expect(keyIdOf(later.seal('hunter2', place))).toBe('fresh');
    const coming = open([first as DataKey, makeKey('coming', one, 'next')]);
    expect(keyIdOf(coming.seal('hunter2', place))).toBe('first');
  });

  it('derives a secret for each purpose from the one of the instance', () => {
    expect(keyring.derive('pepper')).toHaveLength(32);
    expect(keyring.derive('pepper').equals(keyring.derive('pepper'))).toBe(true);
    expect(keyring.derive('pepper').equals(keyring.derive('pepper 2'))).toBe(false);
    expect(open(keys, Buffer.alloc(32, 2)).derive('pepper').equals(keyring.derive('pepper'))).toBe(false);
  });

  it('says what to do where a workspace has no key yet', () => {
    expect(() => open([]).seal('hunter2', place)).toThrow(/await keyring.prepare first/);
  });
});
