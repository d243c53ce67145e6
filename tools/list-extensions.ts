import { globSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './root.ts';

const manifests = { connectors: 'connector.ts', metrics: 'metric.ts', widgets: 'widget.ts' } as const;

/** The folders of one kind of extension, sorted by name. */
export function listExtensions(kind: keyof typeof manifests): string[] {
  const found = globSync(`${kind}/*/${manifests[kind]}`, { cwd: ROOT });
  return found.map((file) => path.basename(path.dirname(file))).toSorted();
}

/** The module that declares an extension; loaded from its folder, since the registry itself may be stale. */
export async function loadExtension(kind: keyof typeof manifests, name: string): Promise<unknown> {
  return import(pathToFileURL(path.join(ROOT, kind, name, manifests[kind])).href);
}
