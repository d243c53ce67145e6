import { accountCommand } from './account.ts';
import { backupCommand } from './backup.ts';
import { auditCommand } from './audit.ts';
import type { Command } from './command.ts';
import { deadLettersCommand } from './dead-letters.ts';
import { demoCommand } from './demo.ts';
import { faultsCommand } from './faults.ts';
import { flagsCommand } from './flags.ts';
import { importCommand } from './import.ts';
import { jobsCommand } from './jobs.ts';
import { keysCommand } from './keys.ts';
import { memberCommand } from './member.ts';
import { metricCommand } from './metric.ts';
import { ownerCommand } from './owner.ts';
import { personCommand } from './person.ts';
import { restoreCommand } from './restore.ts';
import { sourceCommand } from './source.ts';
import { tokenCommand } from './token.ts';
import { verifyCommand } from './verify.ts';
import { workspaceCommand } from './workspace.ts';

/** Every command but `serve`, which is the program itself. */
export const allCommands: readonly Command[] = [
  importCommand,
  sourceCommand,
  demoCommand,
  personCommand,
  metricCommand,
  verifyCommand,
  backupCommand,
  restoreCommand,
  deadLettersCommand,
  faultsCommand,
  jobsCommand,
  tokenCommand,
  ownerCommand,
  accountCommand,
  workspaceCommand,
  memberCommand,
  keysCommand,
  auditCommand,
  flagsCommand,
];
