import type { ReactElement } from 'react';
import type { ConnectionView } from '@devpulse/contract/wire/connections';
import { Reason } from './reason.tsx';
import { Icon } from '@devpulse/ui/icon.tsx';

const marks = {
  yes: { icon: 'check', word: 'granted' },
  no: { icon: 'close', word: 'not granted' },
  unknown: { icon: 'unknown', word: 'GitHub does not say' },
} as const;

/** What the connection may, each thing with its reason; what is missing is named before anything is unfolded. */
export function GrantList({ connection }: { connection: ConnectionView }): ReactElement | null {
  const { grants } = connection;
  if (grants.length === 0) return null;
  const held = grants.filter(({ granted }) => granted === 'yes').length;
  const missing = grants.filter(({ granted, required }) => granted === 'no' && required);
  return (
    <details className="grants">
      <summary>
        What it may: {held} of {grants.length}
        {missing.length > 0 && `, missing ${missing.map(({ name }) => name).join(', ')}`}
      </summary>
      <ul>
        {grants.map(({ name, reason, granted, required }) => (
          <li key={name} className={`grant-${granted}`}>
            <Icon name={marks[granted].icon} size="small" />
            <p>
              <b className="mono">{name}</b> {marks[granted].word}
              {required && ', needed'}
              <small>
                <Reason text={reason} />
              </small>
            </p>
          </li>
        ))}
      </ul>
    </details>
  );
}
