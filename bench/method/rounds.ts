/** Something that is measured; answers one figure. */
export type Measure = () => Promise<number>;

export interface RoundsOptions {
  rounds: number;
  /** Told before each measurement. */
  onStep?: (text: string) => void;
}

/**
 * Measures several things by turns, so that a slow minute of the machine meets all of them: A B, B A, A B, … The figures of
 * one round stand at the same index and may be divided by each other.
 */
export async function measureInTurns<Name extends string>(
  measures: Record<Name, Measure>,
  options: RoundsOptions,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(measures) as Name[];
  const figures = Object.fromEntries(names.map((name) => [name, [] as number[]])) as unknown as Record<Name, number[]>;
  for (let round = 0; round < options.rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      options.onStep?.(`${name} ${round + 1}/${options.rounds}`);
      figures[name].push(await measures[name]());
    }
  }
  return figures;
}

/** One ratio a round. */
export function divideRounds(candidate: readonly number[], baseline: readonly number[]): number[] {
  if (candidate.length !== baseline.length) throw new Error('a round without its partner');
  return candidate.map((figure, index) => figure / (baseline[index] ?? Number.NaN));
}
