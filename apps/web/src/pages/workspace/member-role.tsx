import { useState, type ReactElement } from 'react';
import { type Role, rolesWithin } from '@devpulse/contract/permissions';
import type { MemberView } from '@devpulse/contract/wire/members';
import { Button } from '@devpulse/ui/button.tsx';
import { Dialog } from '@devpulse/ui/dialog.tsx';
import { Select } from '@devpulse/ui/select.tsx';
import { useMay } from '../../frame/use-may.ts';
import { useViewer } from '../../frame/use-viewer.ts';
import { roleOptionsFor, roleTitles } from './role-names.ts';
import { useMemberAct } from './use-member-act.ts';

/** The role of a member: a choice for whoever may give it, a word for everybody else. */
export function MemberRole({ member }: { member: MemberView }): ReactElement {
  const { session, me } = useViewer();
  const [lowering, setLowering] = useState<Role | null>(null);
  const { changeRole, pending } = useMemberAct(member);
  const own = session.workspace?.role ?? 'member';
  const mayManage = useMay('members.manage');
  if (!mayManage || member.state !== 'active' || !rolesWithin(own).includes(member.role))
    return <>{roleTitles[member.role]}</>;
  const choose = (role: Role): void => {
    // Whoever lowers their own role cannot raise it again: asked once more, since undo would be refused.
    if (member.personId === me.id) setLowering(role);
    else changeRole(role);
  };
  return (
    <>
      <Select
        className="workspace-role"
        aria-label={`Role of ${member.name}`}
        options={roleOptionsFor(own)}
        value={member.role}
        disabled={pending}
        onChange={(event) => choose(event.currentTarget.value as Role)}
      />
      <Dialog
        open={lowering !== null}
        title="Lower your own role?"
        onClose={() => setLowering(null)}
        actions={
          <>
            <Button onClick={() => setLowering(null)}>Stay {roleTitles[member.role].toLowerCase()}</Button>
            <Button
              tone="danger"
              onClick={() => {
                if (lowering !== null) changeRole(lowering);
                setLowering(null);
              }}
            >
              Become {lowering === null ? '' : roleTitles[lowering].toLowerCase()}
            </Button>
          </>
        }
      >
        <p>You cannot raise it again by yourself; another owner or admin would have to.</p>
      </Dialog>
    </>
  );
}
