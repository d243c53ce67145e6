import type { ReactElement } from 'react';
import { takeInitials } from './take-initials.ts';

/** A person by their initials; decoration beside the name, never beside a number. */
export function AvatarInitials({ name }: { name: string }): ReactElement {
  return (
    <span className="avatar" aria-hidden="true">
      {takeInitials(name)}
    </span>
  );
}
