import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGithub } from '../../../../test/github/open-github.ts';
import { keyOfRepository } from '../connections/watch-repositories.ts';
import { checkSights } from '../viewers/check-sights.ts';
import { addGithubMember } from '../viewers/testing/github-member.ts';
import { findUnseen } from '../viewers/unseen-repositories.ts';
import { readSightChange } from './read-sight-change.ts';
import { type HookedGithub, openHookedGithub } from './testing/hooked-github.ts';

let hooked: HookedGithub;
let otto: string;
const repository = 'harbor/harbor-api';

beforeAll(async () => {
  const github = await openGithub({
    accounts: [
      { login: 'mira' },
      { login: 'otto' },
      { login: 'harbor', type: 'Organization', members: [{ account: 'mira', role: 'admin' }, { account: 'otto' }] },
    ],
  });
  github.seedRepository({ name: repository, visibility: 'private' });
  hooked = await openHookedGithub(github);
  const { sourceId } = await hooked.watch(repository, 'mira');
  await hooked.makeHook(sourceId, 'organization');
  const number = String(github.account('otto').id);
  otto = (await addGithubMember(hooked.api, { name: 'Otto', number, login: 'otto' })).personId;
}, 60_000);
afterAll(() => hooked.close());

async function seen(): Promise<boolean> {
  const { keys } = await hooked.api.store.inWorkspace(hooked.api.workspaceId, (trx) =>
    findUnseen(trx, { viewer: { personId: otto }, now: new Date() }),
  );
  return !keys.has(keyOfRepository('127.0.0.1', String(hooked.github.repository(repository).id)));
}

const check = () => checkSights(hooked.parts, hooked.api.workspaceId, new AbortController().signal);

/** What GitHub delivered is followed; true where it may have changed who sees what. */
async function hear(): Promise<boolean> {
  await hooked.github.office.settled();
  return (await hooked.hear()).changesSight;
}

describe('a hook that tells who may see a repository', () => {
  it('hides it from whoever was put out before GitHub is asked, and shows it again when they are let in', async () => {
    await check();
    expect(await seen()).toBe(true);
    hooked.github.act.setMember({ organization: 'harbor', member: 'otto', isOff: true, by: 'mira' });
    expect(await hear()).toBe(true);
    expect(await seen()).toBe(false);
    await check();
    expect(await seen()).toBe(false);
    hooked.github.act.setMember({ organization: 'harbor', member: 'otto', by: 'mira' });
    expect(await hear()).toBe(true);
    await check();
    expect(await seen()).toBe(true);
  });

  it('leaves it to GitHub whether somebody who is no collaborator any more sees it as a member', async () => {
    hooked.github.act.setCollaborator({ repository, member: 'otto', isOff: true, by: 'mira' });
    expect(await hear()).toBe(true);
    expect(await seen()).toBe(false);
    await check();
    expect(await seen()).toBe(true);
  });

  it('opens it to everybody when it is made public, and closes it when it is made private again', async () => {
    hooked.github.act.setMember({ organization: 'harbor', member: 'otto', isOff: true, by: 'mira' });
    await hear();
    hooked.github.act.setVisibility({ repository, visibility: 'public', by: 'mira' });
    await hear();
    await hooked.drain();
    expect(await seen()).toBe(true);
    hooked.github.act.setVisibility({ repository, visibility: 'private', by: 'mira' });
    await hear();
    await hooked.drain();
    expect(await seen()).toBe(false);
  });

  it('is told from all others, and from what is no JSON', () => {
    const body = (value: unknown) => Buffer.from(JSON.stringify(value));
    const member = { action: 'removed', member: { id: 7 }, repository: { id: 9 } };
    expect(readSightChange('member', body(member))).toEqual({ repository: '9', organization: null, lostBy: '7' });
    expect(readSightChange('member', body({ ...member, action: 'added' }))).toMatchObject({ lostBy: null });
    for (const [event, payload] of [
      ['push', body(member)],
      ['member', body({ ...member, action: 'toString' })],
      ['constructor', body(member)],
      ['member', Buffer.from('{')],
      ['repository', body({ action: 'edited', repository: { id: 9 } })],
    ] as const)
      expect(readSightChange(event, payload), `${event} ${payload.toString()}`).toBeNull();
  });
});
