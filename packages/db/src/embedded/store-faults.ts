import type { StoreHolder } from './holder-file.ts';

/** Why the embedded store cannot be opened on this machine or in this folder. */
export type StoreFaultCode =
  | 'no-package'
  | 'musl'
  | 'binaries-unusable'
  | 'no-system-user'
  | 'no-user-name'
  | 'unreachable-folder'
  | 'forbidden-folder'
  | 'wrong-owner'
  | 'lock-unusable'
  | 'not-a-cluster'
  | 'wrong-version'
  | 'initdb-failed'
  | 'start-failed'
  | 'restore-unfinished';

/** A fault a person can mend; its message says what is wrong and what to do about it. */
export class StoreFault extends Error {
  readonly code: StoreFaultCode;

  constructor(code: StoreFaultCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreFault';
    this.code = code;
  }
}

/** Somebody else holds the data folder; `holder` says who, as far as the folder tells. */
export class StoreInUse extends Error {
  readonly holder: StoreHolder;

  constructor(dataDir: string, holder: StoreHolder) {
    const what = holder.kind === 'server' ? 'DevPulse server' : 'DevPulse command';
    const who = holder.pid > 0 ? ` with pid ${holder.pid}` : '';
    const where = holder.address ? ` at ${holder.address}` : '';
    super(`The data folder ${dataDir} is in use by another ${what}${who}${where}.`);
    this.name = 'StoreInUse';
    this.holder = holder;
  }
}
