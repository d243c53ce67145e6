import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtInKindRules } from '@devpulse/contract/kind-rules';
import { type NewKindRule, newKindRuleSchema } from '@devpulse/contract/wire/people';
import { newId } from '@devpulse/db/ids';
import { changeKindRules, previewKindRules } from './change-kind-rules.ts';
import { linkToOwner } from './link-to-owner.ts';
import { listIdentities } from './list-identities.ts';
import { listKindRules } from './list-kind-rules.ts';
import { dropKindOverride, overrideKind } from './override-kind.ts';
import { seedKindRules } from './seed-kind-rules.ts';
import { openPeopleWorld, type TestWorkspace } from './testing/people-world.ts';

const ada = 'Ada <ada@x.example>';
const deploy = 'Deploy <deploy@x.example>';
const bot = 'dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>';
const deployRule: NewKindRule = { field: 'email', pattern: 'deploy@*', kind: 'automation', reason: 'our release job' };

let world: Awaited<ReturnType<typeof openPeopleWorld>>;
let ws: TestWorkspace;
beforeAll(async () => {
  world = await openPeopleWorld();
});
afterAll(() => world.close());

async function start(): Promise<void> {
  ws = await world.fresh();
  await seed();
  await ws.tell([ada, deploy, bot].map((by, index) => ({ by, at: `2026-03-0${index + 1}T12:00:00Z` })));
  await ws.count();
}

const seed = () => ws.store.inWorkspace(ws.workspaceId, (trx) => seedKindRules(trx, ws.workspaceId));

async function kinds(): Promise<Record<string, string>> {
  const { identities } = await listIdentities({ ...ws, limit: 100 });
  return Object.fromEntries(identities.map((identity) => [identity.name, identity.kind]));
}

async function ruleId(pattern: string): Promise<string> {
  return (await listKindRules(ws)).find((rule) => rule.pattern === pattern)?.id ?? 'none';
}

describe('seedKindRules', () => {
  it('gives a workspace the built-in rules once', async () => {
    await start();
    expect(await listKindRules(ws)).toHaveLength(builtInKindRules.length);
    expect(await seed()).toEqual({ changed: 0 });
  });

  it('classifies whoever is known already', async () => {
    ws = await world.fresh();
    await ws.tell([{ by: bot }]);
    expect(await kinds()).toEqual({ 'dependabot[bot]': 'person' });
    await seed();
    expect(await kinds()).toEqual({ 'dependabot[bot]': 'automation' });
  });

  it('brings new rules of a later version, withdraws old ones, and revives none that was switched off', async () => {
    await start();
    const disabled = await ruleId('*[bot]');
    await changeKindRules({ ...ws, change: { change: 'disable', id: disabled } });
    const [missing] = builtInKindRules;
    await ws.store.inWorkspace(ws.workspaceId, async (trx) => {
      // As an older version would have left it: one rule less, one more, and one with other words.
      await trx
        .deleteFrom('people_kind_rules')
        .where('pattern', '=', missing?.pattern ?? '')
        .where('field', '=', missing?.field ?? 'name')
        .execute();
      await trx
        .insertInto('people_kind_rules')
        .values({
          workspace_id: ws.workspaceId,
          id: newId(),
          field: 'name',
          pattern: 'deploy',
          kind: 'agent',
          reason: 'withdrawn',
          built_in: true,
        })
        .execute();
      await trx
        .updateTable('people_kind_rules')
        .set({ reason: 'old words' })
        .where('pattern', '=', 'greenkeeper')
        .execute();
    });
    await ws.tell([{ by: deploy, at: '2026-04-01T12:00:00Z' }]);
    expect((await kinds())['Deploy']).toBe('agent');
    await seed();
    expect((await kinds())['Deploy']).toBe('person');
    const rules = await listKindRules(ws);
    expect(rules.map((rule) => `${rule.field} ${rule.pattern} ${rule.reason}`).toSorted()).toEqual(
      builtInKindRules.map((rule) => `${rule.field} ${rule.pattern} ${rule.reason}`).toSorted(),
    );
    expect(rules.find((rule) => rule.id === disabled)?.enabled).toBe(false);
  });

  it("leaves a person's own rule for the same pattern alone", async () => {
    ws = await world.fresh();
    const [own] = builtInKindRules;
    if (own === undefined) throw new Error('there are no built-in rules');
    await changeKindRules({
      ...ws,
      change: { change: 'add', rule: { ...own, kind: 'person', reason: 'we know better' } },
    });
    await seed();
    const rule = (await listKindRules(ws)).find((each) => each.field === own.field && each.pattern === own.pattern);
    expect(rule).toMatchObject({ kind: 'person', reason: 'we know better', builtIn: false });
  });
});

describe('changeKindRules', () => {
  it('takes the numbers of whom a new rule calls a machine away at once, and gives them back when it goes', async () => {
    await start();
    const { rule, changed } = await changeKindRules({ ...ws, change: { change: 'add', rule: deployRule } });
    expect(changed).toEqual([ws.id(deploy)]);
    expect(rule).toMatchObject({ builtIn: false, enabled: true, priority: 10 });
    expect(Object.keys(await ws.count())).toEqual([ws.id(ada)]);
    const { identities } = await listIdentities({ ...ws, limit: 10, kind: 'automation' });
    expect(identities.find((identity) => identity.name === 'Deploy')?.kindSignal).toContain('our release job');

    await changeKindRules({ ...ws, change: { change: 'disable', id: rule.id } });
    expect((await ws.count())[ws.id(deploy)]).toEqual({ '2026-03-02': 1 });
    await changeKindRules({ ...ws, change: { change: 'enable', id: rule.id } });
    expect((await ws.count())[ws.id(deploy)]).toBeUndefined();
    expect((await changeKindRules({ ...ws, change: { change: 'remove', id: rule.id } })).changed).toEqual([
      ws.id(deploy),
    ]);
    expect((await ws.count())[ws.id(deploy)]).toEqual({ '2026-03-02': 1 });
  });

  it("lets a person's own rule go before the built-in ones", async () => {
    await start();
    await changeKindRules({
      ...ws,
      change: { change: 'add', rule: { field: 'name', pattern: 'dependabot*', kind: 'person', reason: 'his name' } },
    });
    expect((await kinds())['dependabot[bot]']).toBe('person');
  });

  it('refuses the same pattern twice, an unknown rule, and to remove what is built in', async () => {
    await start();
    await changeKindRules({ ...ws, change: { change: 'add', rule: deployRule } });
    await expect(changeKindRules({ ...ws, change: { change: 'add', rule: deployRule } })).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(changeKindRules({ ...ws, change: { change: 'remove', id: ws.ownerId } })).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(changeKindRules({ ...ws, change: { change: 'disable', id: ws.ownerId } })).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(
      changeKindRules({ ...ws, change: { change: 'remove', id: await ruleId('*[bot]') } }),
    ).rejects.toMatchObject({ code: 'conflict' });
  });

  it('takes no pattern that everybody fits, and none that costs too much', () => {
    const parse = (pattern: string) => newKindRuleSchema.safeParse({ ...deployRule, pattern }).success;
    expect(parse(' Deploy* ')).toBe(true);
    for (const pattern of ['', '*', '**', ' * ', 'a*b*c*d*e', 'x'.repeat(301)])
      expect(parse(pattern), pattern).toBe(false);
  });
});

describe('previewKindRules', () => {
  it('says exactly what the change would do, and changes nothing', async () => {
    await start();
    const preview = await previewKindRules({ ...ws, change: { change: 'add', rule: deployRule } });
    expect(preview).toMatchObject({
      total: 1,
      identities: [
        {
          identity: { name: 'Deploy', kind: 'person' },
          becomes: 'automation',
          signal: expect.stringContaining('our release job'),
        },
      ],
    });
    expect(await ruleId('deploy@*')).toBe('none');
    expect(await ws.staleDays()).toBe(0);
    const { changed } = await changeKindRules({ ...ws, change: { change: 'add', rule: deployRule } });
    expect(changed).toEqual(preview.identities.map(({ identity }) => identity.id));
  });

  it('previews switching a built-in rule off', async () => {
    await start();
    // The name and the address each have a rule of their own; only without both is it a person.
    const name = (await listKindRules(ws)).find((rule) => rule.field === 'name' && rule.pattern === '*[bot]');
    const address = (await listKindRules(ws)).find((rule) => rule.pattern === '*[bot]@users.noreply.github.com');
    await changeKindRules({ ...ws, change: { change: 'disable', id: name?.id ?? '' } });
    const preview = await previewKindRules({ ...ws, change: { change: 'disable', id: address?.id ?? '' } });
    expect(preview.identities).toMatchObject([{ becomes: 'person', identity: { kind: 'automation' } }]);
  });

  it('hands on the error of a change that is not possible', async () => {
    await start();
    await expect(previewKindRules({ ...ws, change: { change: 'remove', id: ws.ownerId } })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('overrideKind', () => {
  it('stands above all rules until it is dropped', async () => {
    await start();
    await linkToOwner({ ...ws, identityIds: [ws.id(ada)] });
    expect(
      await overrideKind({ ...ws, identityId: ws.id(ada), kind: 'agent', reason: 'writes by itself', by: ws.ownerId }),
    ).toEqual([ws.id(ada)]);
    expect((await ws.count())[ws.ownerId]).toBeUndefined();
    const { identities } = await listIdentities({ ...ws, limit: 10, kind: 'agent' });
    expect(identities).toMatchObject([
      { name: 'Ada', kindDecided: true, kindSignal: expect.stringContaining('writes by itself') },
    ]);
    expect(await overrideKind({ ...ws, identityId: ws.id(ada), kind: 'agent', reason: 'really', by: null })).toEqual(
      [],
    );
    expect(await dropKindOverride({ ...ws, identityId: ws.id(ada) })).toEqual([ws.id(ada)]);
    expect((await ws.count())[ws.ownerId]).toEqual({ '2026-03-01': 1 });
    await expect(dropKindOverride({ ...ws, identityId: ws.id(ada) })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('survives new events of the identity', async () => {
    await start();
    await overrideKind({ ...ws, identityId: ws.id(bot), kind: 'person', reason: 'is my stage name', by: null });
    await ws.tell([{ by: bot, at: '2026-04-01T12:00:00Z' }]);
    expect((await ws.count())[ws.id(bot)]).toEqual({ '2026-03-03': 1, '2026-04-01': 1 });
  });
});
