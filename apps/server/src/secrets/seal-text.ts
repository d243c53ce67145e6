import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const format = 'v1';
const nonceBytes = 12;
const tagBytes = 16;

/** A sealed text that cannot be opened; the message holds neither the text nor a key. */
export class SecretUnreadable extends Error {
  override name = 'SecretUnreadable';
}

/** A key with the name that sealed texts carry. */
export interface NamedKey {
  id: string;
  /** 32 bytes. */
  key: Buffer;
}

/**
 * AES-256-GCM as `v1.<key id>.<nonce>.<ciphertext>.<tag>`. What is bound (`bound`, and the id of the key) is not kept in it: it
 * has to be said again to open it, so that a text moved to another row opens nowhere.
 */
export function sealText(plain: Buffer, bound: string, named: NamedKey): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', named.key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(Buffer.from(`${bound}|${named.id}`));
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  const parts = [nonce, sealed, cipher.getAuthTag()].map((part) => part.toString('base64url'));
  return [format, named.id, ...parts].join('.');
}

/** Opens what `sealText` made with this key for this place; throws `SecretUnreadable` otherwise. */
export function openText(text: string, bound: string, named: NamedKey): Buffer {
  const parts = text.split('.');
  const [, id, nonce, sealed, tag] = parts;
  if (!isSealed(text) || id !== named.id || nonce === undefined || sealed === undefined || tag === undefined)
    throw new SecretUnreadable('this is not a text that was sealed with this key');
  // The last letter of a part holds bits that say nothing: one text, one way to write it.
  if ([nonce, sealed, tag].some((part) => Buffer.from(part, 'base64url').toString('base64url') !== part))
    throw new SecretUnreadable('this sealed text was changed');
  const nonceGiven = Buffer.from(nonce, 'base64url');
  const tagGiven = Buffer.from(tag, 'base64url');
  // A shorter tag would be accepted by the cipher and is easier to forge.
  if (nonceGiven.length !== nonceBytes || tagGiven.length !== tagBytes)
    throw new SecretUnreadable('this sealed text was cut short');
  const decipher = createDecipheriv('aes-256-gcm', named.key, nonceGiven, { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(`${bound}|${id}`));
  decipher.setAuthTag(tagGiven);
  try {
    return Buffer.concat([decipher.update(Buffer.from(sealed, 'base64url')), decipher.final()]);
  } catch {
    // The cipher only says that it is not authentic: changed, or sealed for another place, or with another key of that name.
    throw new SecretUnreadable('this sealed text was changed, or belongs to another row');
  }
}

/** True for a text of our format; says nothing of whether it can be opened. */
export function isSealed(text: string): boolean {
  return /^v1\.[\w-]{4,40}\.[\w-]+\.[\w-]*\.[\w-]+$/.test(text);
}

/** The id of the key that sealed it; null for what is not sealed. */
export function keyIdOf(text: string): string | null {
  return isSealed(text) ? (text.split('.')[1] ?? null) : null;
}
