import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '@devpulse/contract/wire/audit';
import { describeAct, describeActor, describeWay, listChanges, sumUpChanges } from './describe-entry.ts';

const entry: AuditEntry = {
  seq: 7,
  id: '00000000-0000-7000-8000-000000000007',
  at: '2026-11-26T06:00:00.000Z',
  action: 'member.role_changed',
  title: 'Role changed',
  actor: { personId: 'a', accountId: 'b', name: 'Ada', via: 'session' },
  address: '192.0.2.7',
  requestId: 'r',
  target: { kind: 'person', id: 'c', name: 'Bo' },
  about: null,
  before: { role: 'member' },
  after: { role: 'admin' },
  isErased: false,
  hash: '00',
};

describe('an entry in words', () => {
  it('says who did what to whom, how and from where', () => {
    expect([describeActor(entry), describeAct(entry), describeWay(entry)]).toEqual([
      'Ada',
      'Role changed: Bo',
      'in the browser, from 192.0.2.7',
    ]);
  });

  it('names programs, strangers and those who are gone', () => {
    const by = (actor: Partial<AuditEntry['actor']>, more: Partial<AuditEntry> = {}): string =>
      describeActor({
        ...entry,
        ...more,
        actor: { personId: null, accountId: null, name: null, via: 'system', ...actor },
      });
    expect(by({})).toBe('DevPulse itself');
    expect(by({ via: 'command line' })).toBe('Somebody at the command line');
    expect(by({ via: 'nobody' })).toBe('Somebody who was not signed in');
    expect(by({ via: 'session', personId: 'x' })).toBe('Somebody who is not here any more');
    expect(by({ via: 'nobody', accountId: 'x' })).toBe('The holder of an account');
    expect(by({}, { isErased: true })).toBe('Somebody who has deleted their account');
  });

  it('does not repeat who did something to themselves', () => {
    expect(describeAct({ ...entry, target: { kind: 'person', id: 'a', name: 'Ada' } })).toBe('Role changed');
    expect(describeAct({ ...entry, target: null })).toBe('Role changed');
    expect(describeAct({ ...entry, target: { kind: 'token', id: 'x', name: null } })).toBe('Role changed');
  });

  it('names whom it is about by their name, once', () => {
    const joined: AuditEntry = {
      ...entry,
      title: 'Person put into a team',
      target: { kind: 'team', id: 't', name: 'Lighthouse' },
      about: { personId: 'c', name: 'Bo' },
      before: null,
      after: { personId: 'c', duty: 'member' },
    };
    expect(describeAct(joined)).toBe('Person put into a team: Bo, Lighthouse');
    expect(sumUpChanges(joined, 'UTC')).toBe('duty: member');
    expect(listChanges(joined, 'UTC')).toEqual([
      { what: 'person', before: null, after: 'Bo' },
      { what: 'duty', before: null, after: 'member' },
    ]);
    expect(describeAct({ ...joined, about: null })).toBe('Person put into a team: Lighthouse');
  });

  it('lists what is different, and nothing else', () => {
    expect(
      listChanges(
        {
          about: null,
          before: { role: 'member', zone: 'UTC', expiresAt: null, scopes: ['read'] },
          after: {
            role: 'admin',
            zone: 'UTC',
            expiresAt: '2027-02-24T23:20:38.233Z',
            scopes: ['read', 'events'],
            can_login: true,
          },
        },
        'Europe/Berlin',
      ),
    ).toEqual([
      { what: 'role', before: 'member', after: 'admin' },
      { what: 'expires at', before: 'nothing', after: 'Thu 25\u00a0Feb 2027, 00:20' },
      { what: 'scopes', before: 'read', after: 'read, events' },
      { what: 'can login', before: null, after: 'yes' },
    ]);
    expect(listChanges({ about: null, before: null, after: null }, 'UTC')).toEqual([]);
    expect(sumUpChanges(entry, 'UTC')).toBe('role: member → admin');
    expect(sumUpChanges({ about: null, before: null, after: { secrets: 7 } }, 'UTC')).toBe('secrets: 7');
    expect(sumUpChanges({ about: null, before: { name: 'x' }, after: null }, 'UTC')).toBe('name was x');
  });

  it('keeps ids for the detail', () => {
    const after = { invitation: '01a216c1-5505-76c5-af14-93136dd11677', role: 'member' };
    expect(sumUpChanges({ about: null, before: null, after }, 'UTC')).toBe('role: member');
    expect(listChanges({ about: null, before: null, after }, 'UTC')).toHaveLength(2);
  });
});
