import fc from 'fast-check';

/**
 * Checks a property that needs a database. `PROPERTY_RUNS=200` runs it longer. A failure prints its seed and path, and
 * `PROPERTY_SEED=<seed>` runs the same again, this time looking for the smallest case.
 */
export async function checkProperty<Values>(property: fc.IAsyncProperty<Values>, runs: number): Promise<void> {
  const seed = process.env['PROPERTY_SEED'];
  await fc.assert(property, {
    numRuns: runsOf(runs),
    // A case of the database takes a tenth of a second and a smallest one hundreds of cases, longer than a test may take.
    endOnFailure: seed === undefined,
    ...(seed === undefined ? {} : { seed: Number(seed) }),
  });
}

/** How often a property that usually runs so often is to be run now. */
function runsOf(usual: number): number {
  return Number(process.env['PROPERTY_RUNS'] ?? usual);
}

/** How long such a test may take. */
export function patienceFor(usual: number): number {
  return 60_000 + runsOf(usual) * 3000;
}
