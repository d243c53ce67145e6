import type { Command } from './command.ts';
import { deadLettersCommand } from './dead-letters.ts';
import { demoCommand } from './demo.ts';
import { faultsCommand } from './faults.ts';
import { importCommand } from './import.ts';
import { jobsCommand } from './jobs.ts';
import { metricCommand } from './metric.ts';
import { ownerCommand } from './owner.ts';
import { personCommand } from './person.ts';
import { sourceCommand } from './source.ts';
import { tokenCommand } from './token.ts';
import { verifyCommand } from './verify.ts';

/** Every command but `serve`, which is the program itself. */
export const allCommands: readonly Command[] = [
  importCommand,
  sourceCommand,
  demoCommand,
  personCommand,
  metricCommand,
  verifyCommand,
  deadLettersCommand,
  faultsCommand,
  jobsCommand,
  tokenCommand,
  ownerCommand,
];
