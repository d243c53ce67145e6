import { z } from 'zod';

/** What the reference says of a setting. */
export interface VariableNotes {
  /** Its flag stands alone and means yes. */
  isSwitch?: boolean;
  /** Name in the environment. */
  variable: string;
  /** Name on the command line, where it has one. */
  flag?: string;
  description: string;
  example: string;
  /** The default in words, where it is not the value itself. */
  defaultText: string;
  secret?: boolean;
}

/** The notes of every setting. */
export const notes = z.registry<VariableNotes>();

/** Yes or no, in the words that people use in an environment. */
export const yesNoSchema = z
  .enum(['true', 'false', '1', '0', 'yes', 'no'], 'must be true or false')
  .transform((text) => text === 'true' || text === '1' || text === 'yes');
