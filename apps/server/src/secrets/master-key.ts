import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { StoreUnusable } from '@devpulse/db/prepare-roles';
import type { NamedKey } from './seal-text.ts';

/** A key that opens data keys, and where it came from. */
export interface MasterKey extends NamedKey {
  from: 'DEVPULSE_KEY' | 'DEVPULSE_KEY_FILE' | 'data folder';
}

/** Where master keys are looked for. */
export interface MasterKeySettings {
  /** One or several, separated by commas; the first one is used from now on, the others still open. */
  key: string | undefined;
  keyFile: string | undefined;
  dataDir: string;
}

const keyBytes = 32;
const fileName = 'master-key';
/** What the reference shows; anybody could open what it seals. */
const exampleKey = Buffer.from('made-by-openssl-rand--base64-32-');
const howToMake = 'make one with: openssl rand -base64 32';

/** The file that holds the key where none was given. */
export function masterKeyFile(dataDir: string): string {
  return path.join(dataDir, fileName);
}

/**
 * Every master key there is, the one to use first. Keys that were given come before those of the data folder, so that whoever
 * moves from one to the other can still open everything.
 */
export function readMasterKeys(settings: MasterKeySettings): MasterKey[] {
  if (settings.key !== undefined && settings.keyFile !== undefined)
    throw new StoreUnusable('DEVPULSE_KEY and DEVPULSE_KEY_FILE are both set, and only one can be meant: unset one');
  const given =
    settings.key === undefined
      ? readGivenFile(settings.keyFile)
      : parseKeys(settings.key, 'DEVPULSE_KEY', 'DEVPULSE_KEY');
  const file = masterKeyFile(settings.dataDir);
  const text = readIfThere(file);
  const kept = text === null ? [] : parseKeys(text, 'data folder', file);
  return [...given, ...kept].filter((key, place, all) => all.findIndex((other) => other.id === key.id) === place);
}

/** Makes the first key of the data folder. Where another process was faster, its key is the key. */
export function makeMasterKey(dataDir: string): MasterKey {
  const file = masterKeyFile(dataDir);
  const fresh = writeFirst(file);
  try {
    // Unlike a rename this never replaces a key that somebody may already have used.
    linkSync(fresh, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(fresh);
  }
  const [key] = parseKeys(readFileSync(file, 'utf8'), 'data folder', file);
  if (key === undefined) throw new StoreUnusable(`${file} holds no key; ${howToMake}`);
  return key;
}

/** Replaces the keys of the data folder, at once or not at all. */
export function writeMasterKeys(dataDir: string, keys: readonly NamedKey[]): void {
  const file = masterKeyFile(dataDir);
  renameSync(writeBeside(file, keys), file);
}

/** Takes the file away when it holds no key that is still used. */
export function removeMasterKeys(dataDir: string): void {
  unlinkSync(masterKeyFile(dataDir));
}

/** Puts keys that are not used any more where they can still be found for an old backup. */
export function putAside(dataDir: string, keys: readonly NamedKey[]): string[] {
  return keys.map((key) => {
    const file = `${masterKeyFile(dataDir)}.old-${key.id}`;
    renameSync(writeBeside(file, [key]), file);
    return file;
  });
}

/** A key with the name that tells it from others without telling anything of it. */
export function nameKey(key: Buffer): NamedKey {
  const id = createHash('sha256').update('devpulse master key 1\n').update(key).digest('base64url').slice(0, 10);
  return { id, key };
}

/** Reads keys in base64, separated by commas or white space; lines that begin with # are notes. */
function parseKeys(text: string, from: MasterKey['from'], where: string): MasterKey[] {
  const words = text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join(' ')
    .split(/[\s,]+/)
    .filter((word) => word !== '');
  if (words.length === 0) throw new StoreUnusable(`${where} holds no key; ${howToMake}`);
  return words.map((word) => {
    const key = Buffer.from(word, 'base64');
    if (!/^[\w+/-]{43}=?$/.test(word) || key.length !== keyBytes)
      throw new StoreUnusable(`${where} holds something that is not ${keyBytes} bytes in base64; ${howToMake}`);
    if (key.equals(exampleKey))
      throw new StoreUnusable(`${where} holds the example of the documentation; ${howToMake}`);
    return { ...nameKey(key), from };
  });
}

function readGivenFile(file: string | undefined): MasterKey[] {
  if (file === undefined) return [];
  const text = readIfThere(file);
  if (text === null) throw new StoreUnusable(`DEVPULSE_KEY_FILE: there is no file ${file}`);
  return parseKeys(text, 'DEVPULSE_KEY_FILE', file);
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new StoreUnusable(`the key in ${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

function writeFirst(file: string): string {
  try {
    return writeBeside(file, [nameKey(randomBytes(keyBytes))]);
  } catch (error) {
    throw new StoreUnusable(
      `no master key was given, and none can be made as ${file} (${(error as Error).message}): give one as DEVPULSE_KEY or ` +
        `DEVPULSE_KEY_FILE; ${howToMake}`,
      { cause: error },
    );
  }
}

function writeBeside(file: string, keys: readonly NamedKey[]): string {
  const folder = path.dirname(file);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const fresh = `${file}.${process.pid}.new`;
  const descriptor = openSync(fresh, 'w', 0o600);
  try {
    const note = '# The master key of DevPulse: without it no secret in the store can be read. Keep a copy elsewhere.';
    writeSync(descriptor, [note, ...keys.map((key) => key.key.toString('base64')), ''].join('\n'));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  chmodSync(fresh, 0o600);
  // As root the folder may belong to somebody else, who has to be able to start DevPulse without root later.
  if (process.getuid?.() === 0) {
    const { uid, gid } = statSync(folder);
    chownSync(fresh, uid, gid);
  }
  return fresh;
}
