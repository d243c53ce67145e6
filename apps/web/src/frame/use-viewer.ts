import { useSuspenseQuery } from '@tanstack/react-query';
import type { MeView, WorkspaceView } from '@devpulse/contract/wire/people';
import type { SessionView } from '@devpulse/contract/wire/session';
import { meQuery, sessionQuery, workspaceQuery } from '../queries.ts';

/** Who looks, and where; the loader of the frame has asked before any page is drawn. */
export function useViewer(): { session: SessionView; me: MeView; workspace: WorkspaceView } {
  const session = useSuspenseQuery(sessionQuery).data;
  const me = useSuspenseQuery(meQuery).data;
  const workspace = useSuspenseQuery(workspaceQuery).data;
  return { session, me, workspace };
}
