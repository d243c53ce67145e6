import type { ReactElement } from 'react';
import { Button } from '@devpulse/ui/button.tsx';
import { signOut } from '../../frame/sign-out.ts';
import { paths } from '../../paths.ts';
import { Link } from '../../router/link.tsx';

/** What concerns the browser at hand. */
export function DeviceSettings(): ReactElement {
  return (
    <div className="settings-device">
      <p>
        Colours, numbers, dates and keys follow your account; they are in{' '}
        <Link to={paths.profile} className="link">
          your profile
        </Link>
        .
      </p>
      <div>
        <Button icon="sign_out" onClick={() => void signOut()}>
          Sign out
        </Button>
      </div>
    </div>
  );
}
