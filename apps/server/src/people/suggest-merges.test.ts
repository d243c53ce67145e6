import { describe, expect, it } from 'vitest';
import type { MatchableIdentity } from './identity-traits.ts';
import { type MergeSuggestion, suggestMerges } from './suggest-merges.ts';

let counter = 0;

function identity(fields: Partial<MatchableIdentity>): MatchableIdentity {
  counter += 1;
  const id = `00000000-0000-8000-8000-${String(counter).padStart(12, '0')}`;
  return {
    id,
    source: 'git',
    externalKey: `email:${fields.email ?? id}`,
    email: null,
    login: null,
    name: null,
    kind: 'person',
    ...fields,
  };
}

function git(name: string, email: string): MatchableIdentity {
  return identity({ name, email });
}

function account(source: string, login: string, more: Partial<MatchableIdentity> = {}): MatchableIdentity {
  return identity({ source, login, ...more });
}

function suggest(
  identities: MatchableIdentity[],
  more: { links?: [string, string][]; declined?: [string, string][] } = {},
): MergeSuggestion[] {
  return suggestMerges(identities, new Map(more.links), more.declined ?? []);
}

function signals(identities: MatchableIdentity[]): string[][] {
  return suggest(identities).map((suggestion) => suggestion.reasons.map((reason) => reason.signal).toSorted());
}

describe('suggestMerges', () => {
  it('joins the same e-mail across sources, whatever its case', () => {
    const found = suggest([git('Ada', 'ada@lovelace.uk'), identity({ source: 'gitlab', email: 'ADA@Lovelace.uk' })]);
    expect(found).toHaveLength(1);
    expect(found[0]?.reasons).toEqual([{ signal: 'email', words: 'the same e-mail address, ada@lovelace.uk' }]);
    expect(found[0]?.confidence).toBeGreaterThan(0.95);
  });

  it('joins addresses that end up in one mailbox', () => {
    expect(signals([git('A', 'ada+git@lovelace.uk'), git('B', 'ada@lovelace.uk')])).toEqual([['mailbox']]);
    expect(signals([git('A', 'ada.lovelace@gmail.com'), git('B', 'adalovelace@googlemail.com')])).toEqual([
      ['mailbox'],
    ]);
    expect(signals([git('A', 'ada.lovelace@lovelace.uk'), git('B', 'adalovelace@lovelace.uk')])).toEqual([]);
  });

  it('joins a private commit address with the account it belongs to', () => {
    const found = suggest([
      git('A', '123+ada@users.noreply.github.com'),
      account('github', 'Ada', { externalKey: 'id:123' }),
    ]);
    expect(found).toHaveLength(1);
    expect(found[0]?.reasons[0]?.words).toContain('number 123');
  });

  it('knows an account by its number when the login changed', () => {
    expect(
      signals([git('A', '123+ada@users.noreply.github.com'), git('B', '123+countess@users.noreply.github.com')]),
    ).toEqual([['account']]);
    expect(
      signals([git('A', '123+ada@users.noreply.github.com'), account('github', 'countess', { externalKey: 'id:123' })]),
    ).toEqual([['account']]);
  });

  it('keeps two accounts apart that had the same login one after the other', () => {
    expect(
      suggest([git('A', '123+ada@users.noreply.github.com'), git('B', '456+ada@users.noreply.github.com')]),
    ).toEqual([]);
    expect(
      suggest([git('A', '123+ada@users.noreply.github.com'), account('github', 'ada', { externalKey: 'id:456' })]),
    ).toEqual([]);
  });

  it('is less sure of an old private address, which has no number', () => {
    const [old] = suggest([
      git('A', 'ada@users.noreply.github.com'),
      account('github', 'ada', { externalKey: 'id:123' }),
    ]);
    const [recent] = suggest([
      git('A', '123+ada@users.noreply.github.com'),
      account('github', 'ada', { externalKey: 'id:123' }),
    ]);
    expect(old?.confidence).toBeLessThan(recent?.confidence ?? 0);
  });

  it('reads the account out of a private address of GitLab', () => {
    expect(
      signals([git('A', '77-ada.l@users.noreply.gitlab.com'), account('gitlab', 'ada.l', { externalKey: 'id:77' })]),
    ).toEqual([['account']]);
  });

  it('does not take an account of one platform for one of another by a private address', () => {
    expect(
      suggest([git('A', '123+ada@users.noreply.github.com'), account('gitlab', 'ada', { externalKey: 'id:123' })]),
    ).toEqual([]);
  });

  it('joins the same full name, whatever its accents, order with a comma, and remarks', () => {
    for (const other of ['jose garcia', 'García, José', 'José  García (Contractor)', 'JOSÉ GARCÍA | ACME']) {
      expect(signals([git('José García', 'jg@one.example'), git(other, 'x@two.example')]), other).toEqual([['name']]);
    }
    expect(signals([git('王 明', 'w@one.example'), git('王 明', 'm@two.example')])).toEqual([['name']]);
  });

  it('says nothing of a first name, of initials, of another order without a comma, or of vowels left out', () => {
    for (const [one, other] of [
      ['Ada', 'Ada'],
      ['A. L.', 'A. L.'],
      ['James Thomas', 'Thomas James'],
      ['Ada Lovelace', 'Ada Byron'],
      ['राम कुमार', 'रम कमर'],
    ] as const) {
      expect(suggest([git(one, 'q@one.example'), git(other, 'z@two.example')]), one).toEqual([]);
    }
  });

  it('joins the same local part only when last name and initial agree', () => {
    expect(signals([git('Ada Lovelace', 'alove@home.example'), git('A. Lovelace', 'alove@work.example')])).toEqual([
      ['mailbox_name'],
    ]);
    expect(suggest([git('Alex Smith', 'smith@one.example'), git('Bob Smith', 'smith@two.example')])).toEqual([]);
    expect(suggest([git('Ada', 'ada@one.example'), git('Ada', 'ada@two.example')])).toEqual([]);
    expect(suggest([git('Ada Lovelace', 'al@one.example'), git('Anna Lovelace', 'al@two.example')])).toEqual([]);
  });

  it('joins the same login on platforms that vouch for it, and on no others', () => {
    expect(signals([account('github', 'adalove'), account('gitlab', 'adalove')])).toEqual([['login']]);
    expect(suggest([account('github', 'adalove'), account('my-script', 'adalove')])).toEqual([]);
    expect(
      suggest([
        account('github', 'adalove', { externalKey: 'id:1' }),
        account('github', 'adalove', { externalKey: 'id:2' }),
      ]),
    ).toEqual([]);
  });

  it.each([
    ['root', 'root@server.example'],
    ['Info', 'info@acme.example'],
    ['x', 'noreply@acme.example'],
    ['x', 'admin+git@acme.example'],
    ['x', 'you@acme.example'],
    ['x', 'ada@macbook.local'],
    ['x', 'ada@host.(none)'],
    ['x', 'ada@localhost'],
    ['x', 'not an address'],
  ])('takes nothing from an address that many share: %s <%s>', (name, email) => {
    expect(suggest([git(name, email), identity({ source: 'gitlab', name, email })])).toEqual([]);
  });

  it.each(['Unknown Unknown', 'Your Name', 'Admin User', 'John Doe', 'root user', 'user@host name'])(
    'takes nothing from a name that many share: %s',
    (name) => {
      expect(suggest([git(name, 'a1@one.example'), git(name, 'b2@two.example')])).toEqual([]);
    },
  );

  it('takes nothing from a name that too many bear', () => {
    const crowd = Array.from({ length: 31 }, (_, index) => git('Wei Zhang', `w${index}@x${index}.example`));
    expect(suggest(crowd)).toEqual([]);
    expect(suggest(crowd.slice(0, 30))).toHaveLength(29);
  });

  it('leaves machines out', () => {
    expect(
      suggest([git('Ada Lovelace', 'ada@one.example'), { ...git('Ada Lovelace', 'ada@two.example'), kind: 'agent' }]),
    ).toEqual([]);
  });

  it('gathers several reasons in one suggestion and is the surer for it', () => {
    const found = suggest([git('Ada Lovelace', 'adal@home.example'), git('Ada Lovelace', 'adal@work.example')]);
    expect(found).toHaveLength(1);
    expect(found[0]?.reasons.map((reason) => reason.signal)).toEqual(['name', 'mailbox_name']);
    expect(found[0]?.confidence).toBeCloseTo(0.88, 5);
  });

  it('suggests nothing for who is one person already, and persons rather than identities', () => {
    const [a, b, c] = [
      git('Ada Lovelace', 'a1@one.example'),
      git('Ada Lovelace', 'b1@two.example'),
      git('Ada Lovelace', 'c1@three.example'),
    ];
    expect(suggest([a, b], { links: [[b.id, a.id]] })).toEqual([]);
    const found = suggest([a, b, c], { links: [[b.id, a.id]] });
    expect(found).toHaveLength(1);
    expect(new Set([found[0]?.personA, found[0]?.personB])).toEqual(new Set([a.id, c.id]));
  });

  it('does not bring back what was declined, even after one of the two got another identity', () => {
    const a = git('Ada Lovelace', 'a@one.example');
    const b = git('Ada Lovelace', 'b@two.example');
    const later = git('Ada Lovelace', 'later@three.example');
    expect(suggest([a, b], { declined: [[a.id, b.id]] })).toEqual([]);
    expect(suggest([a, b], { declined: [[b.id, a.id]] })).toEqual([]);
    expect(suggest([a, b, later], { declined: [[a.id, b.id]], links: [[later.id, a.id]] })).toEqual([]);
  });

  it('still finds the others of a group whose first was told apart from one', () => {
    const [a, b, c] = [
      git('Ada Lovelace', 'a1@one.example'),
      git('Ada Lovelace', 'b1@two.example'),
      git('Ada Lovelace', 'c1@three.example'),
    ];
    const found = suggest([a, b, c], {
      declined: [
        [a.id, b.id],
        [a.id, c.id],
      ],
    });
    expect(found.map((suggestion) => [suggestion.a, suggestion.b])).toEqual([[b.id, c.id]]);
  });

  it('forms no circles: as many suggestions as joins are needed', () => {
    const people = [
      git('Ada Lovelace', 'ada@one.example'),
      identity({ source: 'gitlab', name: 'Ada Lovelace', email: 'ada@one.example' }),
      git('Ada Lovelace', '5+adal@users.noreply.github.com'),
      account('github', 'adal', { externalKey: 'id:5', name: 'Ada Lovelace' }),
    ];
    expect(suggest(people)).toHaveLength(3);
  });

  it('gives the same suggestions in any order of identities', () => {
    const people = [
      git('Ada Lovelace', 'ada@one.example'),
      git('Ada Lovelace', 'ada+x@one.example'),
      git('A. Lovelace', 'ada@two.example'),
      git('Ada King', '5+adal@users.noreply.github.com'),
      account('github', 'adal', { externalKey: 'id:5', name: 'Ada Lovelace' }),
      account('gitlab', 'adal', { name: 'Ada King' }),
    ];
    expect(suggest(people.toReversed())).toEqual(suggest(people));
  });

  it('makes about as many comparisons as there are identities, not as pairs of them', () => {
    // Every comparison asks who stands behind an identity.
    class CountingLinks extends Map<string, string> {
      asked = 0;
      override get(id: string): string | undefined {
        this.asked += 1;
        return super.get(id);
      }
    }
    const work = (size: number): number => {
      const crowd = Array.from({ length: size }, (_, index) =>
        identity({
          source: index % 2 === 0 ? 'git' : 'gitlab',
          // One mailbox shared by a fifth of all is the worst case of a strong signal.
          email: index % 5 === 0 ? 'everybody@acme.example' : `p${index % Math.ceil(size / 3)}@acme.example`,
          name: `Person Number${index % Math.ceil(size / 4)}`,
          login: `login${index % Math.ceil(size / 5)}`,
        }),
      );
      const links = new CountingLinks();
      expect(suggestMerges(crowd, links, []).length).toBeGreaterThan(size / 2);
      return links.asked;
    };
    expect(work(5000) / work(500)).toBeLessThan(15);
  });
});
