import { useEffect, useRef, type ReactElement } from 'react';
import type { CreatedToken } from '@devpulse/contract/wire/tokens';
import { Button } from '@devpulse/ui/button.tsx';
import { copyText } from '../../../frame/copy-text.ts';

/** The token that was just made, for the only time that it can be seen. It stands in the page: no stray press closes it. */
export function NewToken({ made, onDone }: { made: CreatedToken; onDone: () => void }): ReactElement {
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => head.current?.focus(), []);
  return (
    <div className="new-token">
      <h3 ref={head} tabIndex={-1}>
        Copy {made.entry.name} now
      </h3>
      <p>This is the only time it is shown: DevPulse keeps nothing from which it could be read again.</p>
      <div className="new-token-line">
        <code className="mono">{made.token}</code>
        <Button tone="primary" icon="copy" onClick={() => void copyText(made.token, 'The token is copied.')}>
          Copy
        </Button>
        <Button onClick={onDone}>I have it</Button>
      </div>
      <p>
        Send it as <code className="mono">Authorization: Bearer {made.entry.prefix}…</code>
      </p>
    </div>
  );
}
