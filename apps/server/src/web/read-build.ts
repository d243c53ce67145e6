import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A file of the built screens, with what was compressed when it was built. */
export interface BuiltFile {
  type: string;
  etag: string;
  /** Named by its content: a browser may keep it for ever. */
  immutable: boolean;
  plain: Buffer;
  br: Buffer | null;
  gzip: Buffer | null;
}

/** The built screens in memory: less than a megabyte, read once. */
export interface WebBuild {
  files: ReadonlyMap<string, BuiltFile>;
  page: BuiltFile;
  /** What a browser may do on our pages. */
  policy: string;
}

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.woff2': 'font/woff2',
};

/** Where `npm start` puts the built screens. */
export const buildFolder = path.join(import.meta.dirname, '../../../web/dist');

/** Reads the built screens; null when nobody built them. `formTarget`: the one other origin that a form may be posted to. */
export function readBuild(folder: string, formTarget: string): WebBuild | null {
  if (!existsSync(path.join(folder, 'index.html'))) return null;
  const files = new Map<string, BuiltFile>();
  for (const name of globSync('**/*.*', { cwd: folder })) {
    const type = types[path.extname(name)];
    if (type === undefined || name === 'built-from.txt') continue;
    files.set(`/${name.split(path.sep).join('/')}`, readBuilt(folder, name, type));
  }
  const page = files.get('/index.html');
  if (page === undefined) return null;
  files.delete('/index.html');
  return { files, page, policy: makePolicy(page.plain.toString('utf8'), formTarget) };
}

function readBuilt(folder: string, name: string, type: string): BuiltFile {
  const file = path.join(folder, name);
  const plain = readFileSync(file);
  const read = (ending: string): Buffer | null => (existsSync(file + ending) ? readFileSync(file + ending) : null);
  return {
    type,
    etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`,
    immutable: name.startsWith('assets'),
    plain,
    br: read('.br'),
    gzip: read('.gz'),
  };
}

/** Nothing from elsewhere, nothing inline but the scripts that the build itself wrote, each named by its hash. */
function makePolicy(page: string, formTarget: string): string {
  const inline = [...page.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(
    (match) =>
      `'sha256-${createHash('sha256')
        .update(match[1] ?? '')
        .digest('base64')}'`,
  );
  return [
    "default-src 'none'",
    ["script-src 'self'", ...inline].join(' '),
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    `form-action 'self' ${new URL(formTarget).origin}`,
    "frame-ancestors 'none'",
  ].join('; ');
}
