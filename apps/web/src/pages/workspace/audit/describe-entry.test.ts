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
  changes: [{ what: 'Role', before: 'Member', after: 'Admin' }],
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
      changes: [
        { what: 'Person', before: null, after: 'Bo' },
        { what: 'As', before: null, after: 'Member of the team' },
      ],
    };
    expect(describeAct(joined)).toBe('Person put into a team: Bo, Lighthouse');
    expect(sumUpChanges(joined, 'UTC')).toBe('As: Member of the team');
    expect(listChanges(joined, 'UTC')).toEqual(joined.changes);
    expect(describeAct({ ...joined, about: null })).toBe('Person put into a team: Lighthouse');
  });

  it('tells points in time and days as the reader has them', () => {
    const changes = [
      { what: 'Until', before: 'nothing', after: '2027-02-24T23:20:38.233Z' },
      { what: '2026-12-24', before: null, after: 'Christmas Eve' },
      { what: 'First day', before: null, after: '2026-12-24' },
    ];
    expect(listChanges({ changes }, 'Europe/Berlin')).toEqual([
      { what: 'Until', before: 'nothing', after: 'Thu 25\u00a0Feb 2027, 00:20' },
      { what: 'Thu 24\u00a0Dec 2026', before: null, after: 'Christmas Eve' },
      { what: 'First day', before: null, after: 'Thu 24\u00a0Dec 2026' },
    ]);
  });

  it('sums a change up in a line', () => {
    const sum = (what: string, before: string | null, after: string | null): string =>
      sumUpChanges({ about: null, changes: [{ what, before, after }] }, 'UTC');
    expect(sumUpChanges(entry, 'UTC')).toBe('Role: Member → Admin');
    expect(sum('Secrets sealed anew', null, '7')).toBe('Secrets sealed anew: 7');
    expect(sum('Name', 'x', null)).toBe('Name was x');
    expect(sumUpChanges({ about: null, changes: [] }, 'UTC')).toBe('');
  });

  it('keeps ids for the detail', () => {
    const changes = [
      { what: 'Number of the invitation', before: null, after: '01a216c1-5505-76c5-af14-93136dd11677' },
      { what: 'Role', before: null, after: 'Member' },
    ];
    expect(sumUpChanges({ about: null, changes }, 'UTC')).toBe('Role: Member');
    expect(listChanges({ changes }, 'UTC')).toHaveLength(2);
  });
});
