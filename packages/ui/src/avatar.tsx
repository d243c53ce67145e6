import { useState, type ReactElement } from 'react';
import { AvatarInitials } from './avatar-initials.tsx';

export interface AvatarProps {
  name: string;
  /** Address of a picture on this server; null where there is none. */
  src: string | null;
  size?: 'base' | 'large' | undefined;
}

/** A person by their picture, or by their initials; decoration beside the name, never beside a number. */
export function Avatar({ name, src, size = 'base' }: AvatarProps): ReactElement {
  const [failed, setFailed] = useState<string | null>(null);
  const initials = <AvatarInitials name={name} />;
  if (src === null || src === failed)
    return size === 'base' ? initials : <span className="avatar-large">{initials}</span>;
  return (
    <span className={size === 'base' ? undefined : 'avatar-large'}>
      <img className="avatar" src={src} alt="" width={22} height={22} decoding="async" onError={() => setFailed(src)} />
    </span>
  );
}
