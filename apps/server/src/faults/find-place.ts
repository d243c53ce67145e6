import { programRoot } from './hide-content.ts';

const frame =
  /^\s*at (?:(?:async |new )*([^\s(]+)(?: \[as [^\]]+\])? \()?(?:async )?(?:file:\/\/)?(\/?[^():]+(?::\\[^():]+)?):\d+:\d+\)?$/;

/**
 * The first step of a stack that lies in our own code, without its line: the same fault shall be the same one after the
 * next release.
 * @example findPlace(error.stack) // 'readMetric packages/pipeline/src/serve/read-metric.ts'
 */
export function findPlace(stack: string): string | null {
  for (const line of stack.split('\n')) {
    const [, name, file = ''] = frame.exec(line) ?? [];
    if (!file.startsWith(programRoot) || file.includes('/node_modules/')) continue;
    const short = file.slice(programRoot.length);
    return name === undefined || name.includes('<anonymous>') ? short : `${name.replace(/^Object\./, '')} ${short}`;
  }
  return null;
}
