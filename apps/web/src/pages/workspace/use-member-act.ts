import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Role } from '@devpulse/contract/permissions';
import type { MemberView } from '@devpulse/contract/wire/members';
import { describeError } from '../../api-error.ts';
import { addToast } from '../../frame/toasts.ts';
import { sessionQuery } from '../../queries.ts';
import { roleTitles } from './role-names.ts';
import { membersQuery, workspaceApi } from './workspace-api.ts';

/** What can be done with a member, each with its way back. */
export interface MemberAct {
  pending: boolean;
  changeRole(role: Role): void;
  deactivate(): void;
  reactivate(): void;
}

type Act = { kind: 'role'; role: Role } | { kind: 'deactivate' | 'reactivate' };

export function useMemberAct(member: MemberView): MemberAct {
  const client = useQueryClient();
  const act = useMutation({
    mutationFn: (wish: Act) => {
      if (wish.kind === 'role') return workspaceApi.changeRole(member.personId, wish.role);
      return workspaceApi[wish.kind](member.personId);
    },
    onError: (error) => addToast({ text: `${member.name}: nothing was changed. ${describeError(error)}` }),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: membersQuery.queryKey }),
        client.invalidateQueries({ queryKey: sessionQuery.queryKey }),
      ]),
  });
  const run = (wish: Act, said: string, back: Act): void =>
    act.mutate(wish, {
      onSuccess: () => addToast({ text: said, onUndo: () => act.mutate(back) }),
    });
  return {
    pending: act.isPending,
    changeRole: (role) =>
      run({ kind: 'role', role }, `${member.name} is ${roleTitles[role].toLowerCase()} now.`, {
        kind: 'role',
        role: member.role,
      }),
    deactivate: () =>
      run({ kind: 'deactivate' }, `${member.name} is deactivated and can no longer act here.`, { kind: 'reactivate' }),
    reactivate: () => run({ kind: 'reactivate' }, `${member.name} is active again.`, { kind: 'deactivate' }),
  };
}
