import type { ChunkBuffer } from './chunk-buffer.ts';

const BLOCK = 512;
const END = Buffer.alloc(2 * BLOCK);

/**
 * Turns the messages of BASE_BACKUP into one tar: the server's archive of the data folder, with the manifest added as its
 * last member, where tools such as pg_verifybackup look for it.
 */
export class BaseBackupArchive {
  readonly #out: ChunkBuffer;
  #part: 'none' | 'archive' | 'manifest' = 'none';
  #firstHeader: Buffer = Buffer.alloc(0);
  /** The last bytes so far: they may be the archive's end mark, which must come after the manifest. */
  #tail: Buffer = Buffer.alloc(0);
  readonly #manifest: Buffer[] = [];

  constructor(out: ChunkBuffer) {
    this.#out = out;
  }

  /** One COPY message; its first byte says what it is. */
  take(message: Buffer): void {
    const body = message.subarray(1);
    switch (String.fromCharCode(message[0] ?? 0)) {
      case 'n':
        // A second archive would be a tablespace; DevPulse makes none, and half a backup must not pass for one.
        if (this.#part !== 'none') throw new Error('The cluster has tablespaces, which the backup does not cover.');
        this.#part = 'archive';
        break;
      case 'm':
        this.#part = 'manifest';
        break;
      case 'd':
        if (this.#part === 'manifest') this.#manifest.push(Buffer.from(body));
        else this.#takeArchive(body);
        break;
      case 'p':
        break;
      default:
        throw new Error(`The server sent a message of unknown kind (${message[0]}) with the base backup.`);
    }
  }

  /** Writes the manifest and the end mark. */
  finish(): void {
    const manifest = Buffer.concat(this.#manifest);
    if (manifest.length === 0) throw new Error('The base backup came without its manifest.');
    if (!this.#tail.equals(END)) throw new Error('The base backup came without its end.');
    this.#out.add(this.#describe('backup_manifest', manifest.length));
    this.#out.add(manifest);
    this.#out.add(Buffer.alloc((BLOCK - (manifest.length % BLOCK)) % BLOCK));
    this.#out.add(END);
  }

  #takeArchive(body: Buffer): void {
    if (this.#firstHeader.length < BLOCK) {
      this.#firstHeader = Buffer.concat([this.#firstHeader, body.subarray(0, BLOCK - this.#firstHeader.length)]);
    }
    const all = Buffer.concat([this.#tail, body]);
    const keepFrom = Math.max(0, all.length - END.length);
    this.#out.add(all.subarray(0, keepFrom));
    this.#tail = Buffer.from(all.subarray(keepFrom));
  }

  /** A header for another member: the server's own first one, with name, size and checksum exchanged. */
  #describe(name: string, size: number): Buffer {
    const header = Buffer.from(this.#firstHeader);
    header.fill(0, 0, 100).write(name, 0, 'ascii');
    header.write(`${size.toString(8).padStart(11, '0')}\0`, 124, 'ascii');
    header.fill(' ', 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'ascii');
    return header;
  }
}
