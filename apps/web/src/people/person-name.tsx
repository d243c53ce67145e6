import './people.css';
import type { ReactElement } from 'react';
import { Avatar } from '@devpulse/ui/avatar.tsx';

/** A person in a list. */
export function PersonName({ name, avatar }: { name: string; avatar: string | null }): ReactElement {
  return (
    <span className="person-name">
      <Avatar name={name} src={avatar} />
      <span>{name}</span>
    </span>
  );
}
