import { chownSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BACKUPS_KEPT, writeBackupFile } from './backup-file.ts';

function makePlace(): Parameters<typeof writeBackupFile>[0] {
  const parent = mkdtempSync(path.join(tmpdir(), 'dp-backups-'));
  onTestFinished(() => rmSync(parent, { recursive: true }));
  return { folder: path.join(parent, 'backups'), kind: 'external', label: 'x', ending: '.gz' };
}

describe('writeBackupFile', () => {
  it('shows the file only when all of it is there', async () => {
    const place = makePlace();
    const { file } = await writeBackupFile(place, async (sink) => {
      sink.write('half');
      expect(readdirSync(place.folder).every((name) => name.endsWith('.partial'))).toBe(true);
      sink.write(' and half');
    });
    expect(gunzipSync(readFileSync(file)).toString()).toBe('half and half');
  });

  it('leaves nothing of a backup that failed in the middle, and says why it failed', async () => {
    const place = makePlace();
    const failing = writeBackupFile(place, async (sink) => {
      sink.write('half');
      throw new Error('the server went away');
    });
    await expect(failing).rejects.toThrow('the server went away');
    expect(readdirSync(place.folder)).toEqual([]);
  });

  it('stays its user’s when root writes it into the folder of a user', async () => {
    const place = makePlace();
    const user = process.getuid?.() === 0 ? 65_534 : (process.getuid?.() ?? 0);
    chownSync(path.dirname(place.folder), user, process.getgid?.() ?? 0);
    const { file } = await writeBackupFile(place, async (sink) => void sink.write('x'));
    expect([statSync(place.folder).uid, statSync(file).uid]).toEqual([user, user]);
  });

  it('keeps only so many of a kind', async () => {
    const place = makePlace();
    const made: string[] = [];
    for (let round = 0; round < BACKUPS_KEPT + 2; round += 1) {
      const { file } = await writeBackupFile(
        { ...place, label: `round-${round}` },
        async (sink) => void sink.write('x'),
      );
      made.push(path.basename(file));
    }
    expect(readdirSync(place.folder).toSorted()).toEqual(made.slice(-BACKUPS_KEPT).toSorted());
  });
});
