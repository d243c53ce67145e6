import { readFileSync } from 'node:fs';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// Whoever starts programs waits for them: minutes, where the others take seconds.
const startsPrograms = /start-program|open-embedded|open-instance|child_process|testing\/(?:engines|store-folder)/;

/**
 * What starts programs comes first: begun last, one such file keeps a single worker busy while all others are done.
 * Vitest itself goes by the time of the run before, which a fresh checkout does not have, and by the length of a file.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- no array's: a step of vitest, which answers a new list
    const sorted = await super.sort(files);
    const isLong = new Map(sorted.map((file) => [file, startsPrograms.test(readFileSync(file.moduleId, 'utf8'))]));
    // Projects stay one after the other, in the order that vitest gives them.
    return [...Map.groupBy(sorted, (file) => file.project.name).values()].flatMap((group) => [
      ...group.filter((file) => isLong.get(file) === true),
      ...group.filter((file) => isLong.get(file) !== true),
    ]);
  }
}
