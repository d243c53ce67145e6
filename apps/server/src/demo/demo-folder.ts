import path from 'node:path';

/** Where the repositories of the demo lie; nothing else does. */
export function demoFolderOf(dataDir: string): string {
  return path.join(dataDir, 'demo');
}
