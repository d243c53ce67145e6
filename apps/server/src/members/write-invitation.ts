import type { InvitationView } from '@devpulse/contract/wire/members';

/** The mail that brings an invitation; plain text, so that the link is seen for what it is. */
export function writeInvitation(told: { invitation: InvitationView; to: string; workspace: string; link: string }): {
  to: string;
  subject: string;
  text: string;
} {
  const inviter = onOneLine(told.invitation.invitedBy.name);
  const workspace = onOneLine(told.workspace);
  const until = `${told.invitation.expiresAt.slice(0, 16).replace('T', ' ')} UTC`;
  return {
    to: told.to,
    subject: `${inviter} invites you to ${workspace} on DevPulse`,
    text: [
      `${inviter} invites you to join ${workspace} on DevPulse, as ${told.invitation.role}.`,
      '',
      'Open this link to accept or decline:',
      told.link,
      '',
      `It works once, until ${until}, and only for ${told.to}.`,
      'Nobody is told anything about you before you accept. If you do not expect this, you need not do anything.',
      '',
    ].join('\n'),
  };
}

/** Names are chosen by people; a line break in one would end a header. */
function onOneLine(name: string): string {
  return name
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, 100);
}
