import { readHolder } from '@devpulse/db/embedded/holder-file';
import type { Runtime } from '../runtime/open-runtime.ts';
import type { CommandContext } from './command.ts';

/**
 * Under which address people reach this instance, as far as a command can know: as configured, else as the running server of
 * this data folder announced it. With neither it is a guess, and whoever prints it says so.
 */
export function findOwnAddress(runtime: Runtime, context: CommandContext): { address: string; isGuess: boolean } {
  const announced = runtime.embedded === null ? null : (readHolder(runtime.dataDir)?.address ?? null);
  const known = context.config.publicUrl ?? announced;
  return { address: known ?? `http://localhost:${context.config.port}`, isGuess: known === null };
}

/** What is said beside a link whose address is a guess. */
export const guessNote = ' Put your address in front if it is another.';
