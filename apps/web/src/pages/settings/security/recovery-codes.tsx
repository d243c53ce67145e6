import type { ReactElement } from 'react';
import { CopyButton } from '@devpulse/ui/copy-button.tsx';

/** The codes for the day on which the app is gone, for the only time that they can be seen. */
export function RecoveryCodes({ codes }: { codes: readonly string[] }): ReactElement {
  return (
    <div className="recovery">
      <p>
        Keep these where you keep passwords, not on the phone with the app. Each signs you in once. They are shown this
        once only.
      </p>
      <ol className="recovery-codes mono" aria-label="Recovery codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <CopyButton text={codes.join('\n')} label="copy all" />
    </div>
  );
}
