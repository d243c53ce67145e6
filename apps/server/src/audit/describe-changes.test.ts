import { describe, expect, it } from 'vitest';
import { auditActionNames } from '@devpulse/contract/audit-actions';
import { auditDetails, findAuditDetail } from '@devpulse/contract/audit-details';
import { describeChanges, findWordless, listNamedIds } from './describe-changes.ts';

const bo = '0198c1d2-0000-7000-8000-000000000001';
const names = new Map([[bo, 'Bo']]);

describe('what an entry tells, in words', () => {
  it('has words for every action, and for each of its details', () => {
    expect(auditActionNames.filter((action) => !Object.hasOwn(auditDetails, action))).toEqual([]);
    const labels = Object.values(auditDetails).flatMap((details) => Object.values(details).map(({ label }) => label));
    expect(labels.filter((label) => !/^[A-Z][A-Za-z -]+$/.test(label))).toEqual([]);
  });

  it('says values in words, and people and teams by their names', () => {
    const scope = { action: 'export.asked', before: null, after: { scope: 'mine' } };
    expect(describeChanges(scope, names)).toEqual([{ what: 'What', before: null, after: 'Their own data' }]);
    const sent = { action: 'invitation.sent', before: null, after: { role: 'admin', kind: 'link', teamId: null } };
    expect(describeChanges(sent, names)).toEqual([
      { what: 'Role', before: null, after: 'Admin' },
      { what: 'To', before: null, after: 'Whoever has the link' },
      { what: 'Team', before: null, after: 'nothing' },
    ]);
    const handed = { action: 'workspace.handed_over', before: { owner: 'x' }, after: { owner: bo } };
    expect(describeChanges(handed, names)).toEqual([
      { what: 'Owner', before: 'Somebody who is not here any more', after: 'Bo' },
    ]);
    expect(listNamedIds(handed)).toEqual({ people: [bo], teams: [] });
  });

  it('reads minutes, weekdays and holidays', () => {
    const changed = {
      action: 'calendar.changed',
      before: { working_weekdays: [1, 2], from_minute: 540, until_minute: 1020 },
      after: { working_weekdays: [1, 7], from_minute: 545, until_minute: 1020 },
    };
    expect(describeChanges(changed, names)).toEqual([
      { what: 'Working days', before: 'Monday, Tuesday', after: 'Monday, Sunday' },
      { what: 'Work begins', before: '09:00', after: '09:05' },
    ]);
    const added = { action: 'calendar.holidays_added', before: null, after: { '2026-12-24': 'Christmas Eve' } };
    expect(describeChanges(added, names)).toEqual([{ what: '2026-12-24', before: null, after: 'Christmas Eve' }]);
  });

  it('spells what another version told, and tells that it has no words for it', () => {
    const told = { action: 'keys.rotated', before: null, after: { canLogin_now: true, secrets: 7 } };
    expect(describeChanges(told, names)).toEqual([
      { what: 'Can login now', before: null, after: 'yes' },
      { what: 'Secrets sealed anew', before: null, after: '7' },
    ]);
    expect(findWordless(told)).toEqual(['keys.rotated: canLogin_now']);
    expect(findWordless({ action: 'toaster.hot', before: null, after: null })).toEqual(['toaster.hot has no table']);
    expect(findAuditDetail('keys.rotated', 'constructor')).toBeNull();
    expect(findWordless({ action: 'audit.exported', before: null, after: { cut: '20000 characters' } })).toEqual([]);
  });
});
