import type { ReactElement } from 'react';
import type { SentInvitation } from '@devpulse/contract/wire/members';
import { CopyButton } from '@devpulse/ui/copy-button.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { Strip } from '@devpulse/ui/strip.tsx';

/** What to do now with an invitation that was just made: nothing, or hand its link on. */
export function SentNote({ sent }: { sent: SentInvitation }): ReactElement {
  const { invitation, link, mailFault } = sent;
  if (link === null) return <Strip tone="notice">The invitation was mailed to {invitation.recipient}.</Strip>;
  return (
    <div className="workspace-link" role="status">
      {mailFault !== null && (
        <ErrorNote title="It could not be mailed">
          The mail server said: {mailFault}. Hand the link on by yourself, or send it again later.
        </ErrorNote>
      )}
      <p>
        Hand this link to {invitation.recipient ?? 'whoever shall join'}. It is shown this once and cannot be read
        again; a new one can be made below.
      </p>
      <code className="mono">{link}</code>
      <div>
        <CopyButton text={link} label="Copy the link" />
      </div>
    </div>
  );
}
