import type { BenchTarget } from './method/target.ts';
import { importHistory } from './targets/import-history.ts';
import { poison } from './targets/poison.ts';
import { durableAck } from './targets/t01-durable-ack.ts';
import { ackUnderLoad } from './targets/t03-ack-under-load.ts';
import { webhooks } from './targets/t04-webhooks.ts';
import { backfill } from './targets/t05-backfill.ts';
import { replay } from './targets/t07-replay.ts';
import { liveNumber } from './targets/t09-live-number.ts';
import { dashboard } from './targets/t10-dashboard.ts';
import { rebuild } from './targets/t11-rebuild.ts';
import { incremental } from './targets/t12-incremental.ts';
import { idleMemory } from './targets/t13-idle-memory.ts';
import { firstStart } from './targets/t15-first-start.ts';
import { restart } from './targets/t16-restart.ts';
import { firstView } from './targets/t17-first-view.ts';
import { lighthouse } from './targets/t18-lighthouse.ts';
import { isolationPrice } from './targets/t22-isolation-price.ts';
import { syncThrift } from './targets/t23-sync-thrift.ts';
import { timingOracle } from './targets/timing-oracle.ts';

/** Every target, in the order of a run. */
export const allTargets: readonly BenchTarget[] = [
  durableAck,
  ackUnderLoad,
  webhooks,
  backfill,
  replay,
  liveNumber,
  dashboard,
  rebuild,
  incremental,
  isolationPrice,
  syncThrift,
  idleMemory,
  firstStart,
  restart,
  poison,
  timingOracle,
  firstView,
  lighthouse,
  importHistory,
];
