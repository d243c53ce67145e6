import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { BaseBackupArchive } from './base-backup-archive.ts';
import { ChunkBuffer } from './chunk-buffer.ts';

function makeArchive(): BaseBackupArchive {
  return new BaseBackupArchive(new ChunkBuffer(new Writable({ write: (_chunk, _encoding, done) => done() })));
}

const message = (kind: string, body: string | Buffer = ''): Buffer =>
  Buffer.concat([Buffer.from(kind), Buffer.from(body)]);

describe('BaseBackupArchive', () => {
  it('takes no half backup for a whole one', () => {
    const cut = makeArchive();
    for (const part of [
      message('n', 'base.tar\0\0'),
      message('d', Buffer.alloc(700, 1)),
      message('m'),
      message('d', '{}'),
    ])
      cut.take(part);
    expect(() => cut.finish()).toThrow(/without its end/);
    const bare = makeArchive();
    for (const part of [message('n', 'base.tar\0\0'), message('d', Buffer.alloc(1024)), message('p')]) bare.take(part);
    expect(() => bare.finish()).toThrow(/without its manifest/);
  });

  it('refuses a second tablespace and what it does not know', () => {
    const archive = makeArchive();
    archive.take(message('n', 'base.tar\0\0'));
    expect(() => archive.take(message('n', '16400.tar\0/elsewhere\0'))).toThrow(/tablespaces/);
    expect(() => archive.take(message('?'))).toThrow(/unknown kind/);
  });
});
