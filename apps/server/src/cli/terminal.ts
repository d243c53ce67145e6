/** Where a command speaks. Answers go to standard output, everything about the work itself to standard error. */
export interface Terminal {
  print(text: string): void;
  say(text: string): void;
  /** Shows how far we are; on a real terminal in one line that is written over. */
  progress(text: string): void;
  /** Ends the line of progress. */
  settle(): void;
}

const linesEveryMs = 5000;

/** The terminal of this process. */
export function openTerminal(): Terminal {
  const isLive = process.stderr.isTTY;
  let shown = false;
  let lastLine = 0;
  const settle = (): void => {
    if (shown) process.stderr.write('\n');
    shown = false;
  };
  return {
    print: (text) => {
      settle();
      process.stdout.write(`${text}\n`);
    },
    say: (text) => {
      settle();
      process.stderr.write(`${text}\n`);
    },
    progress: (text) => {
      if (isLive) {
        process.stderr.write(`\r\u001b[2K${text.slice(0, (process.stderr.columns || 100) - 1)}`);
        shown = true;
      } else if (Date.now() - lastLine > linesEveryMs) {
        lastLine = Date.now();
        process.stderr.write(`${text}\n`);
      }
    },
    settle,
  };
}

/** Columns padded to the widest cell, the last one left ragged. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>(
    (all, row) => row.map((cell, column) => Math.max(all[column] ?? 0, cell.length)).concat(all.slice(row.length)),
    [],
  );
  return rows
    .map((row) =>
      row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join('  '),
    )
    .join('\n');
}

/** 12480 becomes 12,480. */
export function formatCount(value: number): string {
  return value.toLocaleString('en-US');
}
