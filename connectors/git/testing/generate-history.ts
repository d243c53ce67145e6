import type { ScratchRepository } from './scratch-repository.ts';

const zones = ['+0000', '+0530', '-0800', '+1400', '-0330', '+1245', '-1200'];
const lineWords = ['alpha', 'beta', 'gamma', 'delta', 'epsilon'];

/** A small generator of numbers that look random and are the same every time. */
export function seededRandom(seed: number): (below: number) => number {
  let state = seed >>> 0 || 1;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Loads a history of `count` commits with branches, merges, renames, deletions, co-authors and many zones. */
export function generateHistory(repository: ScratchRepository, count: number, seed = 1): void {
  const random = seededRandom(seed);
  const stream: string[] = [];
  /** What lies on the one line of history that all commits follow. */
  const files = new Map<string, string[]>();
  for (let mark = 1; mark <= count; mark += 1) {
    const seconds = 1_600_000_000 + mark * 5400 + random(3000);
    const zone = zones[random(zones.length)] ?? '+0000';
    const author = random(12);
    const body = [`Change ${mark}`, '', `Why number ${mark}.`, ...trailers(random)].join('\n');
    stream.push(
      `commit refs/heads/main\nmark :${mark}`,
      `author Person ${author} <person${author}@example.org> ${seconds} ${zone}`,
      `committer Merger <merger@example.org> ${seconds + 60} +0100`,
      `data ${Buffer.byteLength(body)}\n${body}`,
    );
    if (mark > 1) stream.push(`from :${mark - 1}`);
    if (mark > 20 && random(15) === 0) stream.push(`merge :${mark - 2 - random(15)}`);
    else stream.push(...changes(files, random, mark));
  }
  repository.git(['fast-import', '--quiet'], { input: `${stream.join('\n')}\n` });
}

function trailers(random: (below: number) => number): string[] {
  if (random(5) > 0) return [];
  const first = random(12);
  return [
    '',
    `Co-authored-by: Person ${first} <person${first}@example.org>`,
    'Reviewed-by: Nobody <nobody@example.org>',
  ];
}

function changes(files: Map<string, string[]>, random: (below: number) => number, mark: number): string[] {
  const commands: string[] = [];
  for (let number = 0; number <= random(4); number += 1) {
    const names = [...files.keys()];
    const known = names[random(names.length)];
    const dice = random(12);
    if (dice === 0 && known !== undefined) {
      files.delete(known);
      commands.push(`D ${known}`);
    } else if (dice === 1 && known !== undefined) {
      const moved = `moved/${mark}-${number}.txt`;
      files.set(moved, files.get(known) ?? []);
      files.delete(known);
      commands.push(`R ${known} ${moved}`);
    } else {
      const name = dice < 6 && known !== undefined ? known : `src/part${random(8)}/file${random(40)}.txt`;
      const lines = edit(files.get(name) ?? [], random);
      files.set(name, lines);
      const content = `${lines.join('\n')}\n`;
      commands.push(`M 100644 inline ${name}\ndata ${Buffer.byteLength(content)}\n${content}`);
    }
  }
  return commands;
}

function edit(lines: string[], random: (below: number) => number): string[] {
  const at = random(lines.length + 1);
  const fresh = Array.from({ length: 1 + random(9) }, () => `${lineWords[random(5)]} ${random(100_000)}`);
  return [...lines.slice(0, at), ...fresh, ...lines.slice(at + random(4))].slice(-120);
}
