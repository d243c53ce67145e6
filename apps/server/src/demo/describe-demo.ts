import type { DemoView } from '@devpulse/contract/wire/demo';
import type { DemoState } from './demo-state.ts';

/** The state as it is shown: without the plan and without who works on it. */
export function describeDemo({ state, plan, progress, error }: DemoState): DemoView {
  return { state, workspaceId: state === 'absent' ? null : (plan?.workspaceId ?? null), progress, error };
}
