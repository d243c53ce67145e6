import type { ReactElement } from 'react';
import { rolesWithin } from '@devpulse/contract/permissions';
import type { MemberView } from '@devpulse/contract/wire/members';
import { Menu, type MenuItem } from '@devpulse/ui/menu.tsx';
import { useMay } from '../../frame/use-may.ts';
import { useViewer } from '../../frame/use-viewer.ts';
import { useMemberAct } from './use-member-act.ts';

/** Deactivating and its way back; nothing for whoever may not, and for oneself, who leaves instead. */
export function MemberMenu({ member }: { member: MemberView }): ReactElement | null {
  const { session, me } = useViewer();
  const { deactivate, reactivate } = useMemberAct(member);
  const own = session.workspace?.role ?? 'member';
  const reaches = useMay('members.manage') && rolesWithin(own).includes(member.role);
  if (!reaches || member.personId === me.id || member.state === 'left') return null;
  const item: MenuItem =
    member.state === 'active'
      ? { id: 'deactivate', label: 'Deactivate', icon: 'pause', tone: 'danger', onSelect: deactivate }
      : { id: 'reactivate', label: 'Reactivate', icon: 'undo', onSelect: reactivate };
  return <Menu label={`${member.name}: menu`} items={[item]} />;
}
