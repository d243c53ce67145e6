import { useEffect, useRef } from 'react';
import type { DemoView } from '@devpulse/contract/wire/demo';
import { enterWorkspace } from '../../frame/enter-workspace.ts';

/** Whoever asked for the demo here and waited for it is brought into it. */
export function useOpenDemo(demo: DemoView | undefined): void {
  const waited = useRef(false);
  const state = demo?.state;
  const id = demo?.workspaceId;
  useEffect(() => {
    if (state === 'making') waited.current = true;
    if (state !== 'ready' || !waited.current || id === null || id === undefined) return;
    waited.current = false;
    void enterWorkspace(id);
  }, [state, id]);
}
